/** The chosen model as the settings name it now; the embedded one is looked up once, on first use. */
import * as os from "node:os";
import * as path from "node:path";
import { Signal } from "../signal.ts";
import type { ModelChoice } from "./model-choice.ts";
import { embeddedModel } from "./model-choice.ts";

/** Where choices come from. */
export interface ChoiceOptions {
  /** The setting's value; empty = the embedded model. */
  readonly setting: () => string;
  /** Folder that holds the embedded model. */
  readonly modelsFolder: string;
  /** The first workspace folder, for relative paths. */
  readonly workspaceFolder: () => string | null;
}

/** Owner of the choice. */
export class ChosenModel {
  readonly #options: ChoiceOptions;
  #embedded: Promise<ModelChoice> | null = null;
  #current: ModelChoice | null = null;
  /** Fires when the choice became known or changed. */
  readonly changed = new Signal<ModelChoice | null>();

  constructor(options: ChoiceOptions) {
    this.#options = options;
  }

  /** The choice as far as it is known; null before the embedded model was looked up. */
  get current(): ModelChoice | null {
    return this.#current;
  }

  /**
   * The choice.
   *
   * @throws SwapError `file-not-found` when nothing is chosen and the embedded model is missing
   */
  async resolve(): Promise<ModelChoice> {
    const setting = this.#options.setting();
    if (setting !== "") {
      const named = { path: absolute(setting, this.#options.workspaceFolder()), embedded: false };
      this.#set(named);
      return named;
    }
    this.#embedded ??= embeddedModel(this.#options.modelsFolder);
    const choice = await this.#embedded.catch((error: unknown) => {
      this.#embedded = null;
      throw error;
    });
    if (this.#options.setting() === "") this.#set(choice);
    return choice;
  }

  #set(choice: ModelChoice): void {
    if (this.#current?.path === choice.path) return;
    this.#current = choice;
    this.changed.fire(choice);
  }
}

/** A path as users write it in settings: `~`, `${workspaceFolder}` and relative paths are resolved. */
export function absolute(written: string, workspaceFolder: string | null): string {
  const expanded = written
    .replace(/^~(?=$|[\\/])/, os.homedir())
    .replaceAll("${workspaceFolder}", workspaceFolder ?? "");
  return path.isAbsolute(expanded) ? path.normalize(expanded) : path.resolve(workspaceFolder ?? "", expanded);
}
