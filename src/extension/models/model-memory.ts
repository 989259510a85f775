/** What a workspace remembers of models: the one chosen for it, and which one each prompt was last run with. */
import type { Memento } from "vscode";
import * as v from "valibot";
import type { WorkspaceChoice } from "../engine/chosen-model.ts";

const choice = v.object({ path: v.string(), name: v.string(), setting: v.string() });
const used = v.array(v.object({ uri: v.string(), path: v.string(), name: v.string() }));

/** A model that a document's prompts were run with. */
export interface UsedModel {
  /** As it was chosen; empty = the embedded model. */
  readonly path: string;
  readonly name: string;
}

const CHOICE_KEY = "models.choice";
const USED_KEY = "models.used";
const MOST_DOCUMENTS = 200;

/** Owner of these facts, in the workspace's own storage. */
export class ModelMemory {
  readonly #storage: Pick<Memento, "get" | "update">;

  constructor(storage: Pick<Memento, "get" | "update">) {
    this.#storage = storage;
  }

  /** What was chosen for this workspace; null when nothing was, or it can't be read. */
  get choice(): WorkspaceChoice | null {
    const parsed = v.safeParse(choice, this.#storage.get(CHOICE_KEY));
    return parsed.success ? parsed.output : null;
  }

  /** Remembers a choice; null forgets it. */
  async choose(chosen: WorkspaceChoice | null): Promise<void> {
    await this.#storage.update(CHOICE_KEY, chosen ?? undefined);
  }

  /** The model that a document's prompts were last run with; null when it is not known. */
  usedBy(uri: string): UsedModel | null {
    return this.#used().find((entry) => entry.uri === uri) ?? null;
  }

  /** Remembers that a document's prompt was run with a model. */
  async noteUse(uri: string, { path, name }: UsedModel): Promise<void> {
    const before = this.#used();
    const [latest] = before;
    if (latest?.uri === uri && latest.path === path && latest.name === name) return;
    const others = before.filter((entry) => entry.uri !== uri);
    await this.#storage.update(USED_KEY, [{ uri, path, name }, ...others].slice(0, MOST_DOCUMENTS));
  }

  #used(): { uri: string; path: string; name: string }[] {
    const parsed = v.safeParse(used, this.#storage.get(USED_KEY));
    return parsed.success ? parsed.output : [];
  }
}
