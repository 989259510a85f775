/** Plain products with dequantised weights and double-precision sums. */
import type { Linear } from "./tensor-picker.ts";
import type { TensorSource } from "./tensor-source.ts";
import { rowCount } from "./tensor-source.ts";

/** Weights dequantised at once. */
const CHUNK_WEIGHTS = 1 << 16;

/** `[positions, inner]` to `[positions, outputs]`. */
export function linear(
  source: TensorSource,
  { weight, scale, bias }: Linear,
  x: Float32Array,
  positions: number,
): Float32Array {
  const inner = weight.dims[0]!;
  const outputs = rowCount(weight);
  const out = new Float32Array(positions * outputs);
  const biases = bias && source.floats(bias);
  const factor = scale ? source.floats(scale)[0]! : 1;
  const perChunk = Math.max(1, Math.floor(CHUNK_WEIGHTS / inner));
  for (let first = 0; first < outputs; first += perChunk) {
    const count = Math.min(perChunk, outputs - first);
    const rows = source.rows(weight, first, count);
    for (let r = 0; r < count; r++) {
      for (let p = 0; p < positions; p++) {
        out[p * outputs + first + r] =
          factor * dot(rows, r * inner, x, p * inner, inner) + (biases ? biases[first + r]! : 0);
      }
    }
  }
  return out;
}

/** Sum of products of `length` elements, in double precision. */
export function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[atA + i]! * b[atB + i]!;
  return sum;
}
