/** Reads tensor data: whole tensors, rows, and rows packed for MatMulNBits. Owns the open files. */
import * as fs from "node:fs";
import { dequantize } from "./dequantize.ts";
import { truncated } from "./header-cursor.ts";
import { packRows } from "./quant.ts";
import type { PackedWeights } from "./packing.ts";
import type { GgufTensor } from "./reader.ts";

/** Bytes read at once while packing: small beside a head, large beside a system call. */
const CHUNK_BYTES = 1 << 20;

/** The data of a GGUF's tensors; files are opened on first use and stay open until `close`. */
export class TensorSource {
  readonly #descriptors = new Map<string, number>();
  #chunk = new Uint8Array(0);

  /** Rows `first` to `first + count - 1` as float32, `[count, inner]`; a vector is one row. */
  rows(tensor: GgufTensor, first: number, count: number): Float32Array {
    const inner = tensor.dims[0] ?? 1;
    const out = new Float32Array(count * inner);
    const rowBytes = tensor.bytes / rowCount(tensor);
    dequantize(tensor.type, this.#read(tensor, first * rowBytes, count * rowBytes), out);
    return out;
  }

  /** The whole tensor as float32, in file order. For small ones. */
  floats(tensor: GgufTensor): Float32Array {
    return this.rows(tensor, 0, rowCount(tensor));
  }

  /** Copies the tensor's bytes as they are. */
  copy(tensor: GgufTensor, target: Uint8Array): void {
    this.#fill(tensor, 0, target.subarray(0, tensor.bytes));
  }

  /** Packs all rows of a quantised tensor into `target`, from row `firstRow` on. */
  pack(tensor: GgufTensor, target: PackedWeights, firstRow: number): void {
    const rows = rowCount(tensor);
    const rowBytes = tensor.bytes / rows;
    const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
    for (let done = 0; done < rows; done += perChunk) {
      const count = Math.min(perChunk, rows - done);
      const bytes = this.#read(tensor, done * rowBytes, count * rowBytes);
      packRows(tensor.type, bytes, count, target, firstRow + done);
    }
  }

  /** Frees the read buffer; it comes back when needed. */
  trim(): void {
    this.#chunk = new Uint8Array(0);
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) fs.closeSync(descriptor);
    this.#descriptors.clear();
    this.trim();
  }

  /** Bytes of a tensor in the shared read buffer, valid until the next read. */
  #read(tensor: GgufTensor, from: number, length: number): Uint8Array {
    if (this.#chunk.length < length) this.#chunk = new Uint8Array(length);
    const target = this.#chunk.subarray(0, length);
    this.#fill(tensor, from, target);
    return target;
  }

  #fill(tensor: GgufTensor, from: number, target: Uint8Array): void {
    let descriptor = this.#descriptors.get(tensor.file);
    if (descriptor === undefined) {
      descriptor = fs.openSync(tensor.file, "r");
      this.#descriptors.set(tensor.file, descriptor);
    }
    for (let done = 0; done < target.length;) {
      const got = fs.readSync(descriptor, target, done, target.length - done, tensor.offset + from + done);
      if (got === 0) throw truncated(tensor.file, target.length - done);
      done += got;
    }
  }
}

/** Output features of a weight, or 1 for a vector. */
export function rowCount(tensor: GgufTensor): number {
  return tensor.dims.slice(1).reduce((product, dim) => product * dim, 1);
}

/** Numbers in a tensor. */
export function elementCount({ dims }: GgufTensor): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
