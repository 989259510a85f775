/** Reads little-endian fields of a file's header through a window, however long the header is. */
import * as fs from "node:fs";

import { SwapError } from "../../../shared/errors.ts";

const WINDOW_BYTES = 1 << 20;
/** Longest string that is believed; chat templates stay under 0.1 MB. */
const LONGEST_STRING = 32 << 20;

/** A position in an open file. Every read that runs past the file's end throws `truncated-file`. */
export class HeaderCursor {
  /** As it was named, for messages: a link of a hub cache says more than the blob that it leads to. */
  readonly file: string;
  /** Real path (no symlinks). */
  readonly real: string;
  readonly size: number;
  readonly #descriptor: number;
  #window: Buffer = Buffer.alloc(0);
  /** Absolute offset of the window's first byte. */
  #start = 0;
  /** Next byte to read, relative to the window. */
  #at = 0;

  constructor(file: string) {
    this.file = file;
    this.real = fs.realpathSync(file);
    this.#descriptor = fs.openSync(file, "r");
    this.size = fs.fstatSync(this.#descriptor).size;
  }

  /** Absolute offset of the next byte. */
  get position(): number {
    return this.#start + this.#at;
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  /** Throws `truncated-file` unless `length` more bytes are in the file. */
  expect(length: number): void {
    const missing = this.position + length - this.size;
    if (missing > 0) throw truncated(this.file, missing);
  }

  skip(length: number): void {
    this.expect(length);
    this.#at += length;
  }

  /** The next `length` bytes, valid until the next read. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#window.subarray(at, at + length);
  }

  uint8(): number {
    const at = this.#take(1);
    return this.#window.readUInt8(at);
  }

  int8(): number {
    const at = this.#take(1);
    return this.#window.readInt8(at);
  }

  uint16(): number {
    const at = this.#take(2);
    return this.#window.readUInt16LE(at);
  }

  int16(): number {
    const at = this.#take(2);
    return this.#window.readInt16LE(at);
  }

  uint32(): number {
    const at = this.#take(4);
    return this.#window.readUInt32LE(at);
  }

  int32(): number {
    const at = this.#take(4);
    return this.#window.readInt32LE(at);
  }

  float32(): number {
    const at = this.#take(4);
    return this.#window.readFloatLE(at);
  }

  float64(): number {
    const at = this.#take(8);
    return this.#window.readDoubleLE(at);
  }

  int64(): number | bigint {
    const at = this.#take(8);
    return plainWhereSafe(this.#window.readBigInt64LE(at));
  }

  uint64(): number | bigint {
    const at = this.#take(8);
    return plainWhereSafe(this.#window.readBigUInt64LE(at));
  }

  /** A uint64 that counts bytes or elements; a value beyond 2^53 comes back as a number that no file can satisfy. */
  length(): number {
    const at = this.#take(8);
    return this.#window.readUInt32LE(at + 4) * 2 ** 32 + this.#window.readUInt32LE(at);
  }

  string(): string {
    const length = this.length();
    this.expect(length);
    if (length > LONGEST_STRING) {
      throw new SwapError(
        "not-a-model",
        `${this.file}: a string of ${length} bytes at offset ${this.position} is longer than any header has.`,
        "The file is damaged or no GGUF. Download it again.",
      );
    }
    const at = this.#take(length);
    return this.#window.toString("utf8", at, at + length);
  }

  /** Makes `length` bytes available, moves past them, and returns where they start in the window. */
  #take(length: number): number {
    if (this.#at + length > this.#window.length) {
      this.expect(length);
      this.#start = this.position;
      this.#at = 0;
      const wanted = Math.min(Math.max(WINDOW_BYTES, length), this.size - this.#start);
      const window = Buffer.allocUnsafe(wanted);
      const got = fs.readSync(this.#descriptor, window, 0, wanted, this.#start);
      if (got < length) throw truncated(this.file, length - got);
      this.#window = window.subarray(0, got);
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** The error for a file that ends too early by at least `missing` bytes. */
export function truncated(file: string, missing: number): SwapError {
  return new SwapError(
    "truncated-file",
    `${file} is incomplete: at least ${missing} ${missing === 1 ? "byte is" : "bytes are"} missing at its end.`,
    "The download or copy did not finish. Get the file again.",
  );
}

function plainWhereSafe(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
