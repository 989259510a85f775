/** Types whose four bits look a whole number up in a book: IQ4 (`kvalues_iq4nl`) and the 4-bit floats (`kvalues_mxfp4`). */
import type { CodedBlock } from "./coded-block.ts";
import { ZERO_OF_8_BITS, half, nibble, u16 } from "./coded-block.ts";

const IQ4 = book([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]);
/** Twice the values of E2M1. */
const E2M1 = book([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]);

function book(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values, (value) => value + ZERO_OF_8_BITS);
}

/** `count` weights from `count / 2` bytes: the first half in low nibbles, the second in high ones. */
function lookUp(
  bytes: Uint8Array,
  at: number,
  values: Uint8Array,
  into: CodedBlock,
  to: number,
  count: number,
): void {
  const pairs = count / 2;
  for (let j = 0; j < pairs; j++) {
    const pair = bytes[at + j]!;
    into.codes[to + j] = values[pair & 15]!;
    into.codes[to + j + pairs] = values[pair >> 4]!;
  }
}

/** 32 weights of one scale. */
export function readIq4Nl(bytes: Uint8Array, at: number, into: CodedBlock): void {
  into.scales[0] = half(bytes, at);
  lookUp(bytes, at + 2, IQ4, into, 0, 32);
}

/** 8 groups of 32, with scales of six bits. */
export function readIq4Xs(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  const high = u16(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const scale = nibble(bytes, at + 4, group) | (((high >> (2 * group)) & 3) << 4);
    into.scales[group] = d * (scale - 32);
    lookUp(bytes, at + 8 + 16 * group, IQ4, into, 32 * group, 32);
  }
}

/** 32 weights; the scale is a power of two (E8M0), halved because the book's values are doubled. */
export function readMxfp4(bytes: Uint8Array, at: number, into: CodedBlock): void {
  into.scales[0] = 2 ** (bytes[at]! - 128);
  lookUp(bytes, at + 1, E2M1, into, 0, 32);
}

/** 4 groups of 16, with scales in unsigned E4M3. */
export function readNvfp4(bytes: Uint8Array, at: number, into: CodedBlock): void {
  for (let group = 0; group < 4; group++) {
    into.scales[group] = unsignedE4M3(bytes[at + group]!) / 2;
    lookUp(bytes, at + 4 + 8 * group, E2M1, into, 16 * group, 16);
  }
}

/** As `ggml_ue4m3_to_fp32` reads it: no sign, and the not-a-number is 0. */
function unsignedE4M3(bits: number): number {
  const exponent = (bits >> 3) & 15;
  const fraction = bits & 7;
  if (bits === 0x7f) return 0;
  return exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7);
}
