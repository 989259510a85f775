/** Hashes of models that were hashed before, so that gigabytes are read once: in memory, and in a file where there is a folder. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import type { ModelHashes } from "../../shared/protocol/model-hashes.ts";
import { modelHashesSchema } from "../../shared/protocol/model-hashes.ts";
import { makeFolder } from "../make-folder.ts";

/** Entries that are kept, the latest. */
const MOST_ENTRIES = 64;

const fileSchema = v.record(v.string(), modelHashesSchema);

/** Owner of the cache. Its file is no result: where it cannot be read or written, models are hashed again. */
export class IdentityCache {
  readonly #file: string | null;
  #known: ReadonlyMap<string, ModelHashes> | null = null;

  /** @param folder where the file is kept; null: in memory only */
  constructor(folder: string | null) {
    this.#file = folder === null ? null : path.join(folder, "model-hashes.json");
  }

  get(key: string): ModelHashes | null {
    this.#known ??= this.#read();
    return this.#known.get(key) ?? null;
  }

  set(key: string, hashes: ModelHashes): void {
    // Read again: other windows' engines write it too.
    const all = new Map([...(this.#known ?? []), ...this.#read(), [key, hashes] as const]);
    this.#known = new Map([...all].slice(-MOST_ENTRIES));
    if (this.#file === null) return;
    try {
      makeFolder(path.dirname(this.#file));
      const fresh = `${this.#file}.${process.pid}`;
      fs.writeFileSync(fresh, JSON.stringify(Object.fromEntries(this.#known)));
      fs.renameSync(fresh, this.#file);
    } catch {
      // In memory only.
    }
  }

  #read(): ReadonlyMap<string, ModelHashes> {
    if (this.#file === null || !fs.existsSync(this.#file)) return new Map();
    try {
      return new Map(Object.entries(v.parse(fileSchema, JSON.parse(fs.readFileSync(this.#file, "utf8")))));
    } catch {
      return new Map();
    }
  }
}
