/** Random access to a file through one window: headers are read in a few large reads, weights never. */
import * as fs from "node:fs";

const WINDOW_BYTES = 1 << 20;

/** Reads ranges of a file; small neighbouring ones come from the same window. */
export class FileWindow {
  readonly size: number;
  readonly #handle: number;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(file: string) {
    this.#handle = fs.openSync(file, "r");
    this.size = fs.fstatSync(this.#handle).size;
  }

  /** The byte at `offset`, which must lie inside the file. */
  byte(offset: number): number {
    return this.#view(offset, 1)[0]!;
  }

  /** A copy of bytes `[offset, offset + length)`, which must lie inside the file. */
  read(offset: number, length: number): Uint8Array {
    return this.#view(offset, length).slice();
  }

  close(): void {
    fs.closeSync(this.#handle);
  }

  #view(offset: number, length: number): Uint8Array {
    const inside = offset >= this.#start && offset + length <= this.#start + this.#window.length;
    if (!inside) this.#load(offset, Math.max(length, Math.min(WINDOW_BYTES, this.size - offset)));
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }

  #load(offset: number, length: number): void {
    const window = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = fs.readSync(this.#handle, window, filled, length - filled, offset + filled);
      if (count === 0) throw new RangeError(`the file ends before byte ${offset + length}`);
      filled += count;
    }
    this.#window = window;
    this.#start = offset;
  }
}
