/**
 * Dequantises rows to float32, element by element as the formulas of ggml-quants.c (`dequantize_row_*`) stand.
 * For embedding rows, norms and the reference; products of a block use the packed form of quant.ts instead.
 */
import type { CodeReader } from "./codes/coded-block.ts";
import { ZERO_OF_4_BITS, ZERO_OF_8_BITS, codedBlock, half, u16 } from "./codes/coded-block.ts";
import { CODE_READERS } from "./codes/table.ts";
import { bfloat16 } from "./half.ts";
import { packingOf } from "./packing.ts";
import type { GgufTypeName } from "./tensor-types.ts";
import { typeNamed } from "./tensor-types.ts";

/** Writes the weights of one block at byte `at` into `out` from index `to`. */
type BlockDequantizer = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void;

const DEQUANTIZERS: Partial<Record<GgufTypeName, BlockDequantizer>> = {
  F32: f32,
  F16: f16,
  BF16: bf16,
  Q4_0: q4Block0,
  Q4_1: q4Block1,
  Q5_0: q5Block0,
  Q5_1: q5Block1,
  Q8_0: q8Block0,
  Q4_K: q4BlockK,
  Q5_K: q5BlockK,
  Q6_K: q6BlockK,
};

/** The types that this engine reads, in the order in which error messages list them. */
export const readableTypes = Object.keys({ ...DEQUANTIZERS, ...CODE_READERS }) as readonly GgufTypeName[];

/** Whether {@link dequantize} knows the type. */
export function isReadable(type: GgufTypeName): boolean {
  return type in DEQUANTIZERS || type in CODE_READERS;
}

/**
 * Dequantises whole blocks.
 *
 * @param bytes data of the blocks, from their first byte
 * @param out as many weights as `bytes` holds, in file order
 * @throws Error for a type outside {@link readableTypes}: callers check before
 */
export function dequantize(type: GgufTypeName, bytes: Uint8Array, out: Float32Array): void {
  const read = CODE_READERS[type];
  const dequantizer = DEQUANTIZERS[type] ?? (read && throughCodes(read, type));
  if (!dequantizer) throw new Error(`no dequantiser for ${type}`);
  const { blockSize, blockBytes } = typeNamed(type);
  for (let at = 0, to = 0; to < out.length; at += blockBytes, to += blockSize) {
    dequantizer(bytes, at, out, to);
  }
}

const coded = codedBlock();

function throughCodes(read: CodeReader, type: GgufTypeName): BlockDequantizer {
  const packing = packingOf(type)!;
  const zero = packing.split ? ZERO_OF_8_BITS : ZERO_OF_4_BITS;
  const { blockSize } = typeNamed(type);
  return (bytes, at, out, to) => {
    read(bytes, at, coded);
    for (let i = 0; i < blockSize; i++) {
      const group = Math.floor(i / packing.blockSize);
      const minimum = packing.minimums ? coded.minimums[group]! : 0;
      out[to + i] = coded.scales[group]! * (coded.codes[i]! - zero) + minimum;
    }
  };
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

function f32(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  word[0] = u16(bytes, at) | (u16(bytes, at + 2) << 16);
  out[to] = wordAsFloat[0]!;
}

function f16(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  out[to] = half(bytes, at);
}

function bf16(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  out[to] = bfloat16(u16(bytes, at));
}

function q4Block0(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  for (let j = 0; j < 16; j++) {
    const pair = bytes[at + 2 + j]!;
    out[to + j] = d * ((pair & 15) - 8);
    out[to + j + 16] = d * ((pair >> 4) - 8);
  }
}

function q4Block1(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  const m = half(bytes, at + 2);
  for (let j = 0; j < 16; j++) {
    const pair = bytes[at + 4 + j]!;
    out[to + j] = d * (pair & 15) + m;
    out[to + j + 16] = d * (pair >> 4) + m;
  }
}

function q5Block0(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  const high = u16(bytes, at + 2) | (u16(bytes, at + 4) << 16);
  for (let j = 0; j < 16; j++) {
    const pair = bytes[at + 6 + j]!;
    out[to + j] = d * (((pair & 15) | (((high >>> j) & 1) << 4)) - 16);
    out[to + j + 16] = d * (((pair >> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16);
  }
}

function q5Block1(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  const m = half(bytes, at + 2);
  const high = u16(bytes, at + 4) | (u16(bytes, at + 6) << 16);
  for (let j = 0; j < 16; j++) {
    const pair = bytes[at + 8 + j]!;
    out[to + j] = d * ((pair & 15) | (((high >>> j) & 1) << 4)) + m;
    out[to + j + 16] = d * ((pair >> 4) | (((high >>> (j + 16)) & 1) << 4)) + m;
  }
}

function q8Block0(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  for (let j = 0; j < 32; j++) out[to + j] = d * ((bytes[at + 2 + j]! << 24) >> 24);
}

/** 6-bit scale of sub-block j (0-7) in the 12 bytes at `at` (`get_scale_min_k4`). */
function scaleK(bytes: Uint8Array, at: number, j: number): number {
  return j < 4 ? bytes[at + j]! & 63 : (bytes[at + j + 4]! & 15) | ((bytes[at + j - 4]! >> 6) << 4);
}

/** 6-bit minimum of sub-block j, likewise. */
function minimumK(bytes: Uint8Array, at: number, j: number): number {
  return j < 4 ? bytes[at + j + 4]! & 63 : (bytes[at + j + 4]! >> 4) | ((bytes[at + j]! >> 6) << 4);
}

function q4BlockK(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  const dmin = half(bytes, at + 2);
  for (let j = 0; j < 8; j++) {
    const scale = d * scaleK(bytes, at + 4, j);
    const minimum = dmin * minimumK(bytes, at + 4, j);
    const codes = at + 16 + (j >> 1) * 32;
    const shift = (j & 1) * 4;
    for (let l = 0; l < 32; l++) out[to + j * 32 + l] = scale * ((bytes[codes + l]! >> shift) & 15) - minimum;
  }
}

function q5BlockK(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at);
  const dmin = half(bytes, at + 2);
  for (let j = 0; j < 8; j++) {
    const scale = d * scaleK(bytes, at + 4, j);
    const minimum = dmin * minimumK(bytes, at + 4, j);
    const codes = at + 48 + (j >> 1) * 32;
    const shift = (j & 1) * 4;
    for (let l = 0; l < 32; l++) {
      const high = (bytes[at + 16 + l]! >> j) & 1;
      out[to + j * 32 + l] = scale * (((bytes[codes + l]! >> shift) & 15) | (high << 4)) - minimum;
    }
  }
}

function q6BlockK(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const part = i >> 7;
    const group = (i >> 5) & 3;
    const l = i & 31;
    const low = (bytes[at + part * 64 + (group & 1) * 32 + l]! >> ((group >> 1) * 4)) & 15;
    const high = (bytes[at + 128 + part * 32 + l]! >> (group * 2)) & 3;
    const scale = (bytes[at + 192 + (i >> 4)]! << 24) >> 24;
    out[to + i] = d * scale * ((low | (high << 4)) - 32);
  }
}
