/** Weights of one stage copied into memory, for runtimes that cannot use them where they lie. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { SessionSettings } from "../runtime/runtime.ts";
import type { OnnxTensor } from "./graph.ts";
import type { StageWeights, WeightPlace, WeightSource } from "./weights.ts";

/** Name under which the copies are handed over. */
const LOCATION = "copied-weights";
const ALIGNMENT = 64;

/** Gives each weight a place in memory, as it is asked for. */
export class CopiedWeights implements StageWeights {
  readonly #source: WeightSource;
  readonly #places: { readonly from: WeightPlace; readonly at: number }[] = [];
  #size = 0;

  constructor(source: WeightSource) {
    this.#source = source;
  }

  placeOf(tensor: OnnxTensor): WeightPlace | null {
    const from = this.#source.placeOf(tensor);
    if (from === null) return null;
    const offset = this.#size;
    this.#places.push({ from, at: offset });
    this.#size += Math.ceil(from.length / ALIGNMENT) * ALIGNMENT;
    return { location: LOCATION, offset, length: from.length };
  }

  messageOf(tensor: OnnxTensor): Uint8Array {
    return this.#source.messageOf(tensor);
  }

  byteLength(tensor: OnnxTensor): number {
    return this.#source.byteLength(tensor);
  }

  /** Reads what was asked for. */
  settings(): SessionSettings {
    const data = new Uint8Array(this.#size);
    for (const { from, at } of this.#places) {
      const file = fs.openSync(path.join(this.#source.folder, from.location), "r");
      try {
        let done = 0;
        while (done < from.length) {
          const got = fs.readSync(file, data, at + done, from.length - done, from.offset + done);
          if (got === 0) throw new RangeError(`${from.location} ends before its weights do`);
          done += got;
        }
      } finally {
        fs.closeSync(file);
      }
    }
    return this.#size > 0 ? { externalData: [{ path: LOCATION, data }] } : {};
  }
}
