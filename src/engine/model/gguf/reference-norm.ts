/** Plain norms over rows of numbers. */
import type { Hyperparameters } from "./hyperparameters.ts";
import { dot } from "./reference-linear.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { Norm } from "./tensor-picker.ts";

/** `x / rms(x) * weight` over rows as wide as `weight` (Zhang and Sennrich 2019, equation 4). */
function rmsNorm(x: Float32Array, weight: Float32Array, epsilon: number): Float32Array {
  const width = weight.length;
  const out = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const scale = 1 / Math.sqrt(dot(x, from, x, from, width) / width + epsilon);
    for (let i = 0; i < width; i++) out[from + i] = x[from + i]! * scale * weight[i]!;
  }
  return out;
}

/** `(x - mean) / deviation * weight + bias` over rows as wide as `weight` (Ba et al. 2016). */
function layerNorm(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  epsilon: number,
): Float32Array {
  const width = weight.length;
  const out = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const row = x.subarray(from, from + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < width; i++)
      out[from + i] = (row[i]! - mean) * scale * weight[i]! + (bias ? bias[i]! : 0);
  }
  return out;
}

/** The family's norm over rows as wide as its weight; the rows themselves where there is none. */
export function norm(
  source: TensorSource,
  { family, normEpsilon, width }: Hyperparameters,
  x: Float32Array,
  tensors: Norm | undefined,
): Float32Array {
  if (!tensors) return x;
  const weight = tensors.weight ? source.floats(tensors.weight) : new Float32Array(width).fill(1);
  if (family.norm === "rms") return rmsNorm(x, weight, normEpsilon);
  return layerNorm(x, weight, tensors.bias && source.floats(tensors.bias), normEpsilon);
}

/** Norm of queries or keys: as wide as its weight, or over each of `heads` heads with a weight of its own. */
export function headNorm(
  source: TensorSource,
  shape: Hyperparameters,
  x: Float32Array,
  heads: number,
  tensors: Norm | undefined,
): Float32Array {
  if (!tensors || tensors.weight?.dims.length === 1) return norm(source, shape, x, tensors);
  const { headWidth, normEpsilon, family } = shape;
  const ones = new Float32Array(headWidth).fill(1);
  const normed =
    family.norm === "rms" ? rmsNorm(x, ones, normEpsilon) : layerNorm(x, ones, undefined, normEpsilon);
  if (!tensors.weight) return normed;
  const own = source.floats(tensors.weight);
  return normed.map((value, i) => value * own[i % (heads * headWidth)]!);
}
