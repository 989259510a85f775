/** The files of kept results, in the extension's own storage: nothing of this stands in the workspace. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { KeptResult } from "./kept-result.ts";
import { keptText, readKept } from "./kept-result.ts";

/** Results kept at most; older ones make room. */
const MOST_KEPT = 30;
/** Results that nobody came back to are forgotten; milliseconds. */
const LONGEST_MS = 30 * 24 * 3600_000;
const ENDING = ".kept.json";

/** A result in storage. */
export interface StoredResult {
  /** Its file's name. */
  readonly name: string;
  readonly kept: KeptResult;
}

/**
 * Reads and writes one folder. Writing is synchronous: a window that is closed waits for nothing, and a result must be
 * whole on disk by then.
 */
export class KeptFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A name that no other window makes. */
  newName(): string {
    return `${randomBytes(8).toString("hex")}${ENDING}`;
  }

  /** Writes a result whole or not at all. */
  write(name: string, kept: KeptResult): void {
    fs.mkdirSync(this.#folder, { recursive: true });
    const file = path.join(this.#folder, name);
    const temporary = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, keptText(kept));
    fs.renameSync(temporary, file);
  }

  remove(name: string): void {
    fs.rmSync(path.join(this.#folder, name), { force: true });
  }

  /**
   * All results, the oldest first. What cannot be read is told and left alone; what is too old, or too many, is removed.
   */
  async read(onDamaged: (name: string, error: unknown) => void, now: number): Promise<StoredResult[]> {
    const names = await fs.promises.readdir(this.#folder).catch(() => []);
    const results: StoredResult[] = [];
    for (const name of names.filter((one) => one.endsWith(ENDING))) {
      try {
        const text = await fs.promises.readFile(path.join(this.#folder, name), "utf8");
        results.push({ name, kept: readKept(text) });
      } catch (error) {
        onDamaged(name, error);
      }
    }
    results.sort((a, b) => a.kept.keptAt - b.kept.keptAt);
    const fresh = results.filter(({ kept }) => now - kept.keptAt < LONGEST_MS).slice(-MOST_KEPT);
    for (const result of results) if (!fresh.includes(result)) this.remove(result.name);
    return fresh;
  }
}
