/** Paces of models on this machine, a running estimate each: in memory, and in a file where there is a folder. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as v from "valibot";
import type { Pace } from "../shared/experiment/run-time.ts";
import { paceAfter } from "../shared/experiment/run-time.ts";
import { makeFolder } from "./make-folder.ts";

/** Entries that are kept, the latest. */
const MOST_ENTRIES = 64;

const positive = v.pipe(v.number(), v.finite(), v.minValue(Number.MIN_VALUE));
const fileSchema = v.record(v.string(), v.object({ work: positive, ms: positive }));

/** What a model's pace depends on beside the machine. */
export interface PaceOf {
  /** The model file, absolute. */
  readonly file: string;
  readonly threads: number;
  /** Name of the runtime. */
  readonly runtime: string;
}

/** Owner of the paces. The file is no result: where it cannot be read or written, the next run measures again. */
export class Paces {
  readonly #file: string | null;
  readonly #known = new Map<string, Pace>();

  /** @param folder where the file is kept; null: in memory only */
  constructor(folder: string | null) {
    this.#file = folder === null ? null : path.join(folder, "paces.json");
  }

  /** Null before the model's first run here. */
  get(of: PaceOf): Pace | null {
    const key = keyOf(of);
    return this.#known.get(key) ?? this.#read().get(key) ?? null;
  }

  /** Counts a run in: so much work (`workOf`) in so many milliseconds. */
  ran(of: PaceOf, work: number, ms: number): void {
    const pace = paceAfter(this.get(of), work, ms);
    if (!pace) return;
    const key = keyOf(of);
    this.#known.set(key, pace);
    if (this.#file === null) return;
    try {
      const all = this.#read();
      // Behind the others, which are dropped first.
      all.delete(key);
      all.set(key, pace);
      makeFolder(path.dirname(this.#file));
      const fresh = `${this.#file}.${process.pid}`;
      fs.writeFileSync(fresh, JSON.stringify(Object.fromEntries([...all].slice(-MOST_ENTRIES))));
      fs.renameSync(fresh, this.#file);
    } catch {
      // In memory only.
    }
  }

  #read(): Map<string, Pace> {
    if (this.#file === null || !fs.existsSync(this.#file)) return new Map();
    try {
      return new Map(Object.entries(v.parse(fileSchema, JSON.parse(fs.readFileSync(this.#file, "utf8")))));
    } catch {
      return new Map();
    }
  }
}

/** Hashed, for a path is nobody's business. A home folder may be another machine's too: the processor counts. */
function keyOf({ file, threads, runtime }: PaceOf): string {
  const bytes = fs.existsSync(file) ? fs.statSync(file).size : 0;
  const parts = [os.cpus()[0]?.model ?? os.arch(), runtime, threads, bytes, file];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
