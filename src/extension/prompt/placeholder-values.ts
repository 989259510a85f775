/** What a workspace remembers of placeholders: which values stand for them, prompt by prompt. */
import type { Memento } from "vscode";
import * as v from "valibot";
import type { Values } from "./placeholders.ts";

const KEY = "prompts.values";
const MOST_PROMPTS = 300;

const stored = v.array(
  v.object({
    uri: v.string(),
    template: v.string(),
    values: v.record(v.string(), v.nullable(v.string())),
  }),
);

type Entry = v.InferOutput<typeof stored>[number];

/** Owner of the values, in the workspace's own storage. A prompt is known by its document and its text as written. */
export class PlaceholderValues {
  readonly #storage: Pick<Memento, "get" | "update">;
  #entries: readonly Entry[];

  constructor(storage: Pick<Memento, "get" | "update">) {
    this.#storage = storage;
    const parsed = v.safeParse(stored, storage.get(KEY));
    this.#entries = parsed.success ? parsed.output : [];
  }

  /** The values of a prompt; empty where none was asked for. */
  of(uri: string, template: string): Values {
    return this.#entries.find((entry) => entry.uri === uri && entry.template === template)?.values ?? {};
  }

  /** What a placeholder was given last in a document: a proposal for its other prompts, or for this one after an edit. */
  latest(uri: string, name: string): string | null {
    const given = this.#entries.flatMap(({ uri: at, values }) => (at === uri ? [values[name] ?? null] : []));
    return given.find((value) => value !== null) ?? null;
  }

  /** Keeps the values of a prompt. */
  async keep(uri: string, template: string, values: Values): Promise<void> {
    const others = this.#entries.filter((entry) => entry.uri !== uri || entry.template !== template);
    await this.#write([{ uri, template, values: { ...values } }, ...others].slice(0, MOST_PROMPTS));
  }

  /** Values go with their file, or with the folder that it is in. */
  async move(from: string, to: string): Promise<void> {
    const isMoved = ({ uri }: Entry): boolean => uri === from || uri.startsWith(`${from}/`);
    if (!this.#entries.some(isMoved)) return;
    await this.#write(
      this.#entries.map((entry) =>
        isMoved(entry) ? { ...entry, uri: to + entry.uri.slice(from.length) } : entry,
      ),
    );
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    this.#entries = entries;
    await this.#storage.update(KEY, entries);
  }
}
