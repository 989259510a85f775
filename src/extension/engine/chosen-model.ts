/** The model that runs now: the workspace's choice, else the setting's, else the embedded one, which is looked up once. */
import * as os from "node:os";
import * as path from "node:path";
import { Signal } from "../signal.ts";
import type { ModelChoice } from "./model-choice.ts";
import { embeddedModel } from "./model-choice.ts";

/** A choice that is remembered for a workspace. */
export interface WorkspaceChoice {
  /** Absolute; empty = the embedded model. */
  readonly path: string;
  readonly name: string;
  /** The setting's value at that time: once it is changed, it is the newer decision. */
  readonly setting: string;
}

/** Where choices come from. */
export interface ChoiceOptions {
  /** The setting's value; empty = the embedded model. */
  readonly setting: () => string;
  /** What was chosen for this workspace; null when nothing was. */
  readonly workspaceChoice?: () => WorkspaceChoice | null;
  /** Whether the workspace has the embedded model alone; `workspaceLimit` says where. */
  readonly isLimited?: () => boolean;
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
    const named = this.#named();
    if (named) {
      this.#set(named);
      return named;
    }
    this.#embedded ??= embeddedModel(this.#options.modelsFolder);
    const choice = await this.#embedded.catch((error: unknown) => {
      this.#embedded = null;
      throw error;
    });
    if (!this.#named()) this.#set(choice);
    return choice;
  }

  /** The choice that something names; null for the embedded model. */
  #named(): ModelChoice | null {
    const { setting, workspaceChoice, isLimited, workspaceFolder } = this.#options;
    if (isLimited?.()) return null;
    const chosen = workspaceChoice?.() ?? null;
    if (chosen?.setting === setting()) {
      if (chosen.path === "") return null;
      return { path: chosen.path, embedded: false, name: chosen.name };
    }
    const written = setting();
    return written === "" ? null : { path: absolute(written, workspaceFolder()), embedded: false, written };
  }

  #set(choice: ModelChoice): void {
    if (this.#current?.path === choice.path) return;
    this.#current = choice;
    this.changed.fire(choice);
  }
}

/**
 * The tokenizer that the settings name for a model; null for the model's own.
 *
 * @param tokenizers by the path of a model, both as users write them
 */
export function tokenizerFor(
  { path: model, embedded }: ModelChoice,
  tokenizers: Readonly<Record<string, string>>,
  workspaceFolder: string | null,
): string | null {
  if (embedded) return null;
  const named = Object.entries(tokenizers).find(([written]) => absolute(written, workspaceFolder) === model);
  return named && named[1].trim() !== "" ? absolute(named[1].trim(), workspaceFolder) : null;
}

/** A path as users write it in settings: `~`, `${workspaceFolder}` and relative paths are resolved. */
export function absolute(written: string, workspaceFolder: string | null): string {
  const expanded = written
    .replace(/^~(?=$|[\\/])/, os.homedir())
    .replaceAll("${workspaceFolder}", workspaceFolder ?? "");
  return path.isAbsolute(expanded) ? path.normalize(expanded) : path.resolve(workspaceFolder ?? "", expanded);
}
