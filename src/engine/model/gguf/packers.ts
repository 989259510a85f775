/**
 * Rearranges one row of quantised blocks into MatMulNBits' order: neighbours share a byte, the first one in its low
 * nibble, and scales stand apart. Four codes are moved at a time; block layouts: ggml-common.h.
 */
import { halfTable } from "./half.ts";
import type { PackedWeights } from "./packing.ts";
import type { GgufTypeName } from "./tensor-types.ts";

/** Packs the row at word `at` of `source` as row `row` of `target`. */
type RowPacker = (source: Uint16Array, at: number, target: PackedWeights, row: number) => void;

/** By type; floats have none, rarer types go through codes/table.ts. */
export const PACKERS: Partial<Record<GgufTypeName, RowPacker>> = {
  Q4_0: packQ4Block0,
  Q4_1: packQ4Block1,
  Q4_K: packQ4BlockK,
  Q5_0: packQ5Block0,
  Q5_1: packQ5Block1,
  Q5_K: packQ5BlockK,
  Q6_K: packQ6BlockK,
  Q8_0: packQ8Block0,
};

/** Four codes in the low nibbles of four bytes become two bytes. */
export function squeeze(codes: number): number {
  const pairs = (codes | (codes >>> 4)) & 0x00ff00ff;
  return (pairs | (pairs >>> 8)) & 0xffff;
}

/** 16 bytes of split-half nibbles (weight j low, j + 16 high), as Q4_0, Q4_1, Q5_0 and Q5_1 store them. */
function packSplitHalves(source: Uint16Array, at: number, out: Uint16Array, to: number): void {
  for (let j = 0; j < 4; j++) {
    const four = source[at + 2 * j]! | (source[at + 2 * j + 1]! << 16);
    out[to + j] = squeeze(four & 0x0f0f0f0f);
    out[to + j + 4] = squeeze((four >>> 4) & 0x0f0f0f0f);
  }
}

function packQ4Block0(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner } = target;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let block = 0, from = at, to = row * blocks; block < blocks; block++, from += 9, to++) {
    scales[to] = halves[source[from]!]!;
    packSplitHalves(source, from + 1, codes, to * 8);
  }
}

function packQ4Block1(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner, rows } = target;
  const minimums = target.minimums!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let block = 0, from = at, to = row * blocks; block < blocks; block++, from += 10, to++) {
    const d = halves[source[from]!]!;
    scales[to] = d;
    minimums[block * rows + row] = halves[source[from + 1]!]! + 8 * d;
    packSplitHalves(source, from + 2, codes, to * 8);
  }
}

/** Fifth bits of four neighbouring weights as high nibbles `bit + offset`, for each of the 16 patterns. */
function fifthBits(offset: number): Uint16Array {
  return Uint16Array.from({ length: 16 }, (_, bits) => {
    let packed = 0;
    for (let i = 0; i < 4; i++) packed |= (((bits >> i) & 1) + offset) << (4 * i);
    return packed;
  });
}

/** Q5_0 subtracts 16: `16 * (bit - 1)` is `16 * (high - 8)` for `high = bit + 7`. */
const fifthBitsMinus16 = fifthBits(7);
const fifthBitsPlain = fifthBits(8);

function packQ5Block0(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner } = target;
  const low = target.low!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let block = 0, from = at, to = row * blocks; block < blocks; block++, from += 11, to++) {
    scales[to] = halves[source[from]!]!;
    const fifth = source[from + 1]! | (source[from + 2]! << 16);
    for (let j = 0; j < 8; j++) codes[to * 8 + j] = fifthBitsMinus16[(fifth >>> (4 * j)) & 15]!;
    packSplitHalves(source, from + 3, low, to * 8);
  }
}

function packQ5Block1(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner, rows } = target;
  const low = target.low!;
  const minimums = target.minimums!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let block = 0, from = at, to = row * blocks; block < blocks; block++, from += 12, to++) {
    scales[to] = halves[source[from]!]!;
    minimums[block * rows + row] = halves[source[from + 1]!]!;
    const fifth = source[from + 2]! | (source[from + 3]! << 16);
    for (let j = 0; j < 8; j++) codes[to * 8 + j] = fifthBitsPlain[(fifth >>> (4 * j)) & 15]!;
    packSplitHalves(source, from + 4, low, to * 8);
  }
}

function packQ8Block0(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner } = target;
  const low = target.low!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let block = 0, from = at, to = row * blocks; block < blocks; block++, from += 17, to++) {
    scales[to] = halves[source[from]!]!;
    for (let j = 0; j < 8; j++) {
      // q + 128 in each byte
      const four = (source[from + 1 + 2 * j]! | (source[from + 2 + 2 * j]! << 16)) ^ 0x80808080;
      low[to * 8 + j] = squeeze(four & 0x0f0f0f0f);
      codes[to * 8 + j] = squeeze((four >>> 4) & 0x0f0f0f0f);
    }
  }
}

/** Byte `index` counted from word `at`. */
function byteAt(source: Uint16Array, at: number, index: number): number {
  return (source[at + (index >> 1)]! >> ((index & 1) * 8)) & 255;
}

/** 6-bit scale of sub-block j (0-7) of Q4_K and Q5_K, from the 12 bytes at word `at` (`get_scale_min_k4`). */
function scaleK(source: Uint16Array, at: number, j: number): number {
  if (j < 4) return byteAt(source, at, j) & 63;
  return (byteAt(source, at, j + 4) & 15) | ((byteAt(source, at, j - 4) >> 6) << 4);
}

/** 6-bit minimum, likewise. */
function minimumK(source: Uint16Array, at: number, j: number): number {
  if (j < 4) return byteAt(source, at, j + 4) & 63;
  return (byteAt(source, at, j + 4) >> 4) | ((byteAt(source, at, j) >> 6) << 4);
}

/** 32 weights: nibbles (low ones for even j, high ones for odd j) of the 32 bytes at word `at`. */
function packHalfBytes(source: Uint16Array, at: number, j: number, out: Uint16Array, to: number): void {
  const shift = (j & 1) * 4;
  for (let t = 0; t < 8; t++) {
    const four = source[at + 2 * t]! | (source[at + 2 * t + 1]! << 16);
    out[to + t] = squeeze((four >>> shift) & 0x0f0f0f0f);
  }
}

function packQ4BlockK(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner, rows } = target;
  const minimums = target.minimums!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let first = 0, from = at; first < blocks; first += 8, from += 72) {
    const d = halves[source[from]!]!;
    const dmin = halves[source[from + 1]!]!;
    for (let j = 0; j < 8; j++) {
      const to = row * blocks + first + j;
      const scale = d * scaleK(source, from + 2, j);
      scales[to] = scale;
      minimums[(first + j) * rows + row] = 8 * scale - dmin * minimumK(source, from + 2, j);
      packHalfBytes(source, from + 8 + (j >> 1) * 16, j, codes, to * 8);
    }
  }
}

function packQ5BlockK(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner, rows } = target;
  const low = target.low!;
  const minimums = target.minimums!;
  const halves = halfTable();
  const blocks = inner / 32;
  for (let first = 0, from = at; first < blocks; first += 8, from += 88) {
    const d = halves[source[from]!]!;
    const dmin = halves[source[from + 1]!]!;
    for (let j = 0; j < 8; j++) {
      const to = row * blocks + first + j;
      scales[to] = d * scaleK(source, from + 2, j);
      minimums[(first + j) * rows + row] = -dmin * minimumK(source, from + 2, j);
      packHalfBytes(source, from + 24 + (j >> 1) * 16, j, low, to * 8);
      for (let t = 0; t < 8; t++) {
        const four = source[from + 8 + 2 * t]! | (source[from + 9 + 2 * t]! << 16);
        codes[to * 8 + t] = squeeze(((four >>> j) & 0x01010101) + 0x08080808);
      }
    }
  }
}

function packQ6BlockK(source: Uint16Array, at: number, target: PackedWeights, row: number): void {
  const { codes, scales, inner } = target;
  const low = target.low!;
  const halves = halfTable();
  const blocks = inner / 16;
  for (let first = 0, from = at; first < blocks; first += 16, from += 105) {
    const d = halves[source[from + 104]!]!;
    for (let j = 0; j < 16; j++) {
      scales[row * blocks + first + j] = d * ((byteAt(source, from + 96, j) << 24) >> 24);
    }
    for (let group = 0; group < 8; group++) {
      const part = group >> 2;
      const quarter = group & 3;
      const to = (row * blocks + first + group * 2) * 4;
      packHalfBytes(source, from + part * 32 + (quarter & 1) * 16, quarter >> 1, low, to);
      for (let t = 0; t < 8; t++) {
        const word = from + 64 + part * 16 + 2 * t;
        const four = source[word]! | (source[word + 1]! << 16);
        // q - 32 = 16 * (top - 2) + low: high = top + 6
        codes[to + t] = squeeze(((four >>> (2 * quarter)) & 0x03030303) + 0x06060606);
      }
    }
  }
}
