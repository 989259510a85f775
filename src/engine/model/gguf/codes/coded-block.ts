/** What a reader of a quantised type takes a block apart into: codes as MatMulNBits holds them, and what they are scaled by. */
import { halfTable } from "../half.ts";

/** Weights of the largest block. */
const LARGEST_BLOCK = 256;
const SMALLEST_GROUP = 16;

/** Centre of codes that fit four bits. */
export const ZERO_OF_4_BITS = 8;
/** Centre of wider codes, which two containers share. */
export const ZERO_OF_8_BITS = 128;

/** One block. Weight i is `scales[g] * (codes[i] - zero) + minimums[g]` with `g` the group that i is in. */
export interface CodedBlock {
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
  /** Read only where the packing of the type has minimums. */
  readonly minimums: Float32Array;
}

/** Takes the block at byte `at` apart. */
export type CodeReader = (bytes: Uint8Array, at: number, into: CodedBlock) => void;

/** Room for any block. */
export function codedBlock(): CodedBlock {
  const groups = LARGEST_BLOCK / SMALLEST_GROUP;
  return {
    codes: new Uint8Array(LARGEST_BLOCK),
    scales: new Float32Array(groups),
    minimums: new Float32Array(groups),
  };
}

/** The little-endian 16-bit word at byte `at`. */
export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** The little-endian 32-bit word at byte `at`, as a signed number. */
export function i32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) | (u16(bytes, at + 2) << 16);
}

/** The half-precision number at byte `at`. */
export function half(bytes: Uint8Array, at: number): number {
  return halfTable()[u16(bytes, at)]!;
}

/** Nibble `index` of the bytes from `at` on, low one of a byte first. */
export function nibble(bytes: Uint8Array, at: number, index: number): number {
  return (bytes[at + (index >> 1)]! >> (4 * (index & 1))) & 15;
}
