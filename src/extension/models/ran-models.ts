/** What is known of the models that runs were made with, beside what their files say: name, hash, whether embedded. */
import { modelFacts } from "../../shared/experiment/model-facts.ts";
import type { KnownHashes } from "../../shared/experiment/result.ts";
import { fileName } from "../../shared/session/session.ts";
import type { SessionModel } from "../../shared/session/session.ts";
import type { ChosenModel } from "../engine/chosen-model.ts";
import { choiceName } from "../engine/model-choice.ts";
import { modelName } from "../../shared/text/model-name.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { Disposable } from "../signal.ts";
import type { RanModel } from "../interventions/records.ts";

interface Known {
  readonly name: string;
  readonly embedded: boolean;
  /** Null until they are known. */
  hashes: KnownHashes | null;
  readonly hashed: Promise<unknown>;
}

/** Owner of these facts, by the opening that a run was made in. */
export class RanModels implements Disposable {
  readonly #known = new WeakMap<RanModel, Known>();
  readonly #subscription: Disposable;

  constructor(
    supervisor: Pick<EngineSupervisor, "changed" | "request">,
    chosen: Pick<ChosenModel, "current">,
    onError: (error: unknown) => void,
  ) {
    this.#subscription = supervisor.changed.on(({ state, info, path }) => {
      if (state !== "ready" || !info || this.#known.has(info)) return;
      const { current } = chosen;
      const isCurrent = current?.path === path;
      const known: Known = {
        name: isCurrent ? choiceName(current) : modelName(info.path),
        embedded: isCurrent && current.embedded,
        hashes: null,
        // The engine computes it anyway, beside its work; asked for now, it is that of the file that was opened.
        hashed: supervisor.request("hash", {}).then((hashes) => {
          known.hashes = hashes;
        }, onError),
      };
      this.#known.set(info, known);
    });
  }

  /** Says what a stored session knows of its model. */
  set(model: RanModel, { name, embedded, ...hashes }: SessionModel): void {
    this.#known.set(model, { name, embedded, hashes, hashed: Promise.resolve() });
  }

  /** The model as a session names it, with its hashes as far as they are known now. */
  of(model: RanModel): SessionModel {
    const { path } = model;
    const { name = modelName(path), embedded = false, hashes = null } = this.#known.get(model) ?? {};
    const facts = modelFacts(model, hashes ?? { sha256: null });
    // A session is passed on: of folders it names the last one, which tells one tokenizer.json from another.
    const tokenizer = model.tokenizer?.split(/[\\/]/).slice(-2).join("/");
    return { name, file: fileName(path), embedded, ...facts, ...(tokenizer !== undefined && { tokenizer }) };
  }

  /** The same, once its hashes are known; that of a file that cannot be read stays null. */
  async hashed(model: RanModel): Promise<SessionModel> {
    await this.#known.get(model)?.hashed;
    return this.of(model);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
