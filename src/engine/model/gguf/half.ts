/** 16-bit floats (IEEE half and bfloat16) as float32 numbers. */

let table: Float32Array | undefined;

/** Value of every half-precision bit pattern, `[65536]`; built on first use. */
export function halfTable(): Float32Array {
  if (table) return table;
  table = new Float32Array(65_536);
  for (let bits = 0; bits < 65_536; bits++) table[bits] = half(bits);
  return table;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

/** Value of a bfloat16 bit pattern: the upper half of a float32. */
export function bfloat16(bits: number): number {
  word[0] = bits << 16;
  return wordAsFloat[0]!;
}
