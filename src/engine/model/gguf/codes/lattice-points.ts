/** The IQ types: indices of lattice points, with signs and scales beside them (`block_iq*` of ggml-common.h). */
import type { CodedBlock } from "./coded-block.ts";
import { ZERO_OF_4_BITS, ZERO_OF_8_BITS, half, i32, nibble, u16 } from "./coded-block.ts";
import { halfTable } from "../half.ts";
import type { Lattice } from "./lattices.ts";
import { IQ1_S, IQ2_S, IQ2_XS, IQ2_XXS, IQ3_S, IQ3_XXS } from "./lattices.ts";

const unpacked = new Map<Lattice, Int8Array>();

/** Coordinates of all points, one after the other; made on first use. */
function points(lattice: Lattice): Int8Array {
  const known = unpacked.get(lattice);
  if (known) return known;
  const { values, bits } = lattice;
  const perByte = 8 / bits;
  const packed = Buffer.from(lattice.packed, "base64");
  const made = new Int8Array(packed.length * perByte);
  for (let i = 0; i < made.length; i++) {
    const place = (packed[Math.floor(i / perByte)]! >> (bits * (i % perByte))) & (2 ** bits - 1);
    made[i] = values[place]!;
  }
  unpacked.set(lattice, made);
  return made;
}

/** Eight signs from seven bits: the eighth makes their number even (`ksigns_iq2xs`). */
const evenSigns = Uint8Array.from({ length: 128 }, (_, bits) => {
  let odd = bits;
  for (const shift of [4, 2, 1]) odd ^= odd >> shift;
  return bits | ((odd & 1) << 7);
});

/** Writes point `index` as weights from `to` on; a set bit of `signs` makes one negative. */
function signed(lattice: Lattice, index: number, signs: number, into: CodedBlock, to: number): void {
  const { dimensions } = lattice;
  const from = index * dimensions;
  const all = points(lattice);
  for (let i = 0; i < dimensions; i++) {
    const value = all[from + i]!;
    into.codes[to + i] = ZERO_OF_8_BITS + ((signs >> i) & 1 ? -value : value);
  }
}

/** Groups of 32: four indices of a byte, four times seven bits of signs, a scale of four bits. */
export function readIq2Xxs(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  for (let group = 0; group < 8; group++) {
    const from = at + 2 + 8 * group;
    const rest = i32(bytes, from + 4);
    into.scales[group] = d * (0.5 + (rest >>> 28)) * 0.25;
    for (let l = 0; l < 4; l++) {
      const signs = evenSigns[(rest >>> (7 * l)) & 127]!;
      signed(IQ2_XXS, bytes[from + l]!, signs, into, 32 * group + 8 * l);
    }
  }
}

/** Groups of 16: two words of nine bits of index and seven of signs; scales of four bits. */
export function readIq2Xs(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  for (let group = 0; group < 16; group++) {
    into.scales[group] = d * (0.5 + nibble(bytes, at + 66, group)) * 0.25;
  }
  for (let point = 0; point < 32; point++) {
    const both = u16(bytes, at + 2 + 2 * point);
    signed(IQ2_XS, both & 511, evenSigns[both >> 9]!, into, 8 * point);
  }
}

/** Groups of 16: indices of ten bits, the upper two apart; all signs stored. */
export function readIq2S(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  for (let group = 0; group < 16; group++) {
    into.scales[group] = d * (0.5 + nibble(bytes, at + 74, group)) * 0.25;
  }
  for (let point = 0; point < 32; point++) {
    const high = (bytes[at + 66 + (point >> 2)]! >> (2 * (point & 3))) & 3;
    signed(IQ2_S, bytes[at + 2 + point]! | (high << 8), bytes[at + 34 + point]!, into, 8 * point);
  }
}

/** As {@link readIq2Xxs} with points of four coordinates. */
export function readIq3Xxs(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  for (let group = 0; group < 8; group++) {
    const rest = i32(bytes, at + 66 + 4 * group);
    into.scales[group] = d * (0.5 + (rest >>> 28)) * 0.5;
    for (let l = 0; l < 8; l++) {
      const signs = evenSigns[(rest >>> (7 * (l >> 1))) & 127]! >> (4 * (l & 1));
      signed(IQ3_XXS, bytes[at + 2 + 8 * group + l]!, signs, into, 32 * group + 4 * l);
    }
  }
}

/** Groups of 32: indices of nine bits, the upper one apart; all signs stored; odd scales. */
export function readIq3S(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  for (let group = 0; group < 8; group++) {
    into.scales[group] = d * (1 + 2 * nibble(bytes, at + 106, group));
  }
  for (let point = 0; point < 64; point++) {
    const high = (bytes[at + 66 + (point >> 3)]! >> (point & 7)) & 1;
    const signs = nibble(bytes, at + 74, point);
    signed(IQ3_S, bytes[at + 2 + point]! | (high << 8), signs, into, 4 * point);
  }
}

/** Groups of 32 of -1, 0 and 1, all moved up or down by an eighth: that is their minimum. */
export function readIq1S(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const d = half(bytes, at);
  const all = points(IQ1_S);
  for (let group = 0; group < 8; group++) {
    const rest = u16(bytes, at + 34 + 2 * group);
    const scale = d * (2 * ((rest >> 12) & 7) + 1);
    into.scales[group] = scale;
    into.minimums[group] = rest & 0x8000 ? -scale / 8 : scale / 8;
    for (let l = 0; l < 4; l++) {
      const index = bytes[at + 2 + 4 * group + l]! | (((rest >> (3 * l)) & 7) << 8);
      for (let i = 0; i < 8; i++) {
        into.codes[32 * group + 8 * l + i] = ZERO_OF_4_BITS + all[8 * index + i]!;
      }
    }
  }
}

/** As {@link readIq1S}, but eight weights move together and sixteen share a scale: so codes count eighths. */
export function readIq1M(bytes: Uint8Array, at: number, into: CodedBlock): void {
  const all = points(IQ1_S);
  const scales = at + 48;
  let bits = 0;
  for (let word = 0; word < 4; word++) bits |= (u16(bytes, scales + 2 * word) >> 12) << (4 * word);
  const d = halfTable()[bits]!;
  for (let group = 0; group < 16; group++) {
    const stored = (u16(bytes, scales + 2 * (group >> 2)) >> (3 * (group & 3))) & 7;
    into.scales[group] = (d * (2 * stored + 1)) / 8;
  }
  for (let point = 0; point < 32; point++) {
    const rest = nibble(bytes, at + 32, point);
    const index = bytes[at + point]! | ((rest & 7) << 8);
    const moved = ZERO_OF_8_BITS + (rest & 8 ? -1 : 1);
    for (let i = 0; i < 8; i++) into.codes[8 * point + i] = moved + 8 * all[8 * index + i]!;
  }
}
