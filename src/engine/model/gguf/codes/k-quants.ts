/** The narrow k-quants: 16 groups of 16 weights with scales of their own (`block_q2_K` and `block_q3_K` of ggml-common.h). */
import type { CodedBlock } from "./coded-block.ts";
import { ZERO_OF_4_BITS, half } from "./coded-block.ts";

/** Two bits a weight, scale and minimum of four bits a group. */
export function readQ2K(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at + 80);
  const dmin = half(bytes, at + 82);
  for (let group = 0; group < 16; group++) {
    const both = bytes[at + group]!;
    into.scales[group] = d * (both & 15);
    into.minimums[group] = -dmin * (both >> 4);
  }
  for (let i = 0; i < 256; i++) {
    const stored = bytes[at + 16 + (i >> 7) * 32 + (i & 31)]!;
    into.codes[i] = ZERO_OF_4_BITS + ((stored >> (2 * ((i >> 5) & 3))) & 3);
  }
}

/** Three bits a weight, the third in a mask of its own; scales of six bits. */
export function readQ3K(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at + 108);
  const scales = at + 96;
  for (let group = 0; group < 16; group++) {
    const low = (bytes[scales + (group & 7)]! >> (4 * (group >> 3))) & 15;
    const high = (bytes[scales + 8 + (group & 3)]! >> (2 * (group >> 2))) & 3;
    into.scales[group] = d * ((low | (high << 4)) - 32);
  }
  for (let i = 0; i < 256; i++) {
    const low = (bytes[at + 32 + (i >> 7) * 32 + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
    const high = (bytes[at + (i & 31)]! >> (i >> 5)) & 1;
    into.codes[i] = ZERO_OF_4_BITS - 4 + (low | (high << 2));
  }
}
