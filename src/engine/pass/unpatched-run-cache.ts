/** Keeps the last unpatched runs, so that a second sweep of a prompt, a grid, or another source costs no new unpatched run. */
import type { DecoderModel } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import { runUnpatched } from "./unpatched-run.ts";
import type { RunControl } from "./control.ts";

/** States, keys and values kept at most, in bytes; the latest run is kept whatever its size. */
const MOST_BYTES = 128 << 20;

/** Least recently used runs go first. */
export class UnpatchedRunCache {
  readonly #decoder: DecoderModel;
  readonly #runs = new Map<string, UnpatchedRun>();

  constructor(decoder: DecoderModel) {
    this.#decoder = decoder;
  }

  /** The unpatched run of these ids, from the cache or run now. */
  async get(ids: readonly number[], control: RunControl): Promise<UnpatchedRun> {
    const key = ids.join(",");
    const run = this.#runs.get(key) ?? (await runUnpatched(this.#decoder, ids, control));
    this.keep(run);
    return run;
  }

  /** Keeps a run, as the latest one. */
  keep(run: UnpatchedRun): void {
    const key = run.ids.join(",");
    this.#runs.delete(key);
    this.#runs.set(key, run);
    this.#trim();
  }

  /** Whether the run of these ids is here. */
  has(ids: readonly number[]): boolean {
    return this.#runs.has(ids.join(","));
  }

  #trim(): void {
    let bytes = 0;
    for (const [key, run] of [...this.#runs].reverse()) {
      bytes += bytesOf(run);
      if (bytes > MOST_BYTES && key !== [...this.#runs.keys()].at(-1)) this.#runs.delete(key);
    }
  }
}

function bytesOf(run: UnpatchedRun): number {
  const hidden = run.hidden.reduce((sum, plane) => sum + plane.byteLength, 0);
  const keyValues = run.keyValues?.reduce(
    (sum, { key, value }) => sum + key.byteLength + value.byteLength,
    0,
  );
  return hidden + (keyValues ?? 0);
}
