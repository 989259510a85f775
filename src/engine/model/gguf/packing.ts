/** How quantised weights lie in MatMulNBits containers: the shapes that packers fill, and what they take in memory. */
import type { GgufTypeName } from "./tensor-types.ts";

/** How a type is packed. */
export interface Packing {
  /** Weights that share a scale: MatMulNBits' block size. */
  readonly blockSize: number;
  /** Whether codes are split into high and low nibbles. */
  readonly split: boolean;
  /** Whether a correction per block of inputs remains. */
  readonly minimums: boolean;
}

/** Packed weights of `rows` output features over `inner` inputs, `blocks = inner / blockSize` per row. */
export interface PackedWeights {
  readonly packing: Packing;
  readonly rows: number;
  readonly inner: number;
  /** The only nibbles, or the high ones of split codes, `[rows, blocks, blockSize / 2]` bytes; zero point 8. */
  readonly codes: Uint16Array;
  /** Low nibbles of split codes, same shape; zero point 0. */
  readonly low: Uint16Array | undefined;
  /** `[rows, blocks]`. */
  readonly scales: Float32Array;
  /** Correction per block sum of the inputs, `[blocks, rows]`. */
  readonly minimums: Float32Array | undefined;
}

const PACKINGS: Partial<Record<GgufTypeName, Packing>> = {
  Q4_0: { blockSize: 32, split: false, minimums: false },
  Q4_1: { blockSize: 32, split: false, minimums: true },
  Q4_K: { blockSize: 32, split: false, minimums: true },
  Q5_0: { blockSize: 32, split: true, minimums: false },
  Q5_1: { blockSize: 32, split: true, minimums: true },
  Q5_K: { blockSize: 32, split: true, minimums: true },
  Q6_K: { blockSize: 16, split: true, minimums: false },
  Q8_0: { blockSize: 32, split: true, minimums: false },
  Q1_0: { blockSize: 128, split: false, minimums: false },
  Q2_K: { blockSize: 16, split: false, minimums: true },
  Q3_K: { blockSize: 16, split: false, minimums: false },
  IQ1_S: { blockSize: 32, split: false, minimums: true },
  IQ1_M: { blockSize: 16, split: true, minimums: false },
  IQ2_XXS: { blockSize: 32, split: true, minimums: false },
  IQ2_XS: { blockSize: 16, split: true, minimums: false },
  IQ2_S: { blockSize: 16, split: true, minimums: false },
  IQ3_XXS: { blockSize: 32, split: true, minimums: false },
  IQ3_S: { blockSize: 32, split: true, minimums: false },
  IQ4_NL: { blockSize: 32, split: true, minimums: false },
  IQ4_XS: { blockSize: 32, split: true, minimums: false },
  TQ1_0: { blockSize: 256, split: false, minimums: false },
  TQ2_0: { blockSize: 256, split: false, minimums: false },
  MXFP4: { blockSize: 32, split: true, minimums: false },
  NVFP4: { blockSize: 16, split: true, minimums: false },
};

/** How a quantised type is packed; undefined for floats, which need no packing, and for types that are not read. */
export function packingOf(type: GgufTypeName): Packing | undefined {
  return PACKINGS[type];
}

/** Bytes of each part of {@link PackedWeights}, in the order codes, low, scales, minimums; 0 for an absent one. */
export function packedBytes(packing: Packing, rows: number, inner: number): readonly number[] {
  const nibbles = (rows * inner) / 2;
  const perBlock = (rows * inner * 4) / packing.blockSize;
  return [nibbles, packing.split ? nibbles : 0, perBlock, packing.minimums ? perBlock : 0];
}

/** Bytes of so many weights as a session holds them: packed, or as float32. */
export function residentBytes(type: GgufTypeName, weights: number): number {
  const packing = packingOf(type);
  return packing ? packedBytes(packing, 1, weights).reduce((sum, bytes) => sum + bytes, 0) : 4 * weights;
}
