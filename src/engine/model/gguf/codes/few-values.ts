/** Types of one scale a block whose weights are few values: signs (Q1_0) and ternary ones (TQ1_0, TQ2_0). */
import type { CodedBlock } from "./coded-block.ts";
import { ZERO_OF_4_BITS, half } from "./coded-block.ts";

/** 128 weights of plus or minus the scale. */
export function readQ1Block0(bytes: Uint8Array, at: number, into: CodedBlock): void {
  into.scales[0] = half(bytes, at);
  for (let i = 0; i < 128; i++) {
    const bit = (bytes[at + 2 + (i >> 3)]! >> (i & 7)) & 1;
    into.codes[i] = ZERO_OF_4_BITS - 1 + 2 * bit;
  }
}

/** 256 weights, four or five ternary digits a byte, as the fraction `byte / 256` in base 3. */
export function readTq1Block0(bytes: Uint8Array, at: number, into: CodedBlock): void {
  into.scales[0] = half(bytes, at + 52);
  digits(bytes, at, 32, 5, into, 0);
  digits(bytes, at + 32, 16, 5, into, 160);
  digits(bytes, at + 48, 4, 4, into, 240);
}

/** The first digits of `count` bytes, then their second ones, and so on. */
function digits(
  bytes: Uint8Array,
  at: number,
  count: number,
  perByte: number,
  into: CodedBlock,
  to: number,
): void {
  for (let digit = 0, power = 1; digit < perByte; digit++, power *= 3) {
    for (let i = 0; i < count; i++) {
      const rest = (bytes[at + i]! * power) & 255;
      into.codes[to + digit * count + i] = ZERO_OF_4_BITS - 1 + ((rest * 3) >> 8);
    }
  }
}

/** 256 weights of two bits. */
export function readTq2Block0(bytes: Uint8Array, at: number, into: CodedBlock): void {
  into.scales[0] = half(bytes, at + 64);
  for (let i = 0; i < 256; i++) {
    const stored = bytes[at + (i >> 7) * 32 + (i & 31)]!;
    into.codes[i] = ZERO_OF_4_BITS - 1 + ((stored >> (2 * ((i >> 5) & 3))) & 3);
  }
}
