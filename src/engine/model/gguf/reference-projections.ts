/** Queries, keys and values of normed states, plainly computed. */
import type { Hyperparameters } from "./hyperparameters.ts";
import type { LatentWeights } from "./latent.ts";
import { linear } from "./reference-linear.ts";
import { headNorm, norm } from "./reference-norm.ts";
import type { Rotation } from "./rope.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { Linear, Norm } from "./tensor-picker.ts";
import type { BlockWeights } from "./weights.ts";

/** `[positions, heads of these * width]` each, queries and keys rotated. */
interface Projections {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
}

/** @param normed what attention reads, `[positions, width]` */
export function projections(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights,
  rotation: Rotation,
  normed: Float32Array,
): Projections {
  const { latent } = weights;
  if (latent) return latentProjections(source, shape, { ...weights, latent }, rotation, normed);
  const positions = normed.length / shape.width;
  const made = (from: Linear): Float32Array => clamped(linear(source, from, normed, positions), shape.clamp);
  const rotated = (from: Linear, count: number, perHead: Norm | undefined): Float32Array => {
    const headNormed = (of: Float32Array): Float32Array => headNorm(source, shape, of, count, perHead);
    const turned = (of: Float32Array): Float32Array => rotate(of, count, shape.headWidth, shape, rotation);
    return shape.family.normsRotated ? headNormed(turned(made(from))) : turned(headNormed(made(from)));
  };
  return {
    query: rotated(weights.query, shape.heads, weights.queryNorm),
    key: rotated(weights.key, shape.keyValueHeads, weights.keyNorm),
    value: made(weights.value),
  };
}

/** DeepSeek-V2, equations 37 to 46, position by position and head by head. */
function latentProjections(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights & { readonly latent: LatentWeights },
  rotation: Rotation,
  normed: Float32Array,
): Projections {
  const { heads, headWidth, valueWidth, ropeWidth } = shape;
  const { rank } = shape.latent!;
  const { latent } = weights;
  const positions = normed.length / shape.width;
  const unrotated = headWidth - ropeWidth;
  const asked = latent.query
    ? norm(source, shape, linear(source, latent.query.down, normed, positions), latent.query.norm)
    : normed;
  const query = linear(source, weights.query, asked, positions);
  const asks = columns(query, headWidth, unrotated, ropeWidth);
  putColumns(query, headWidth, unrotated, rotate(asks, heads, ropeWidth, shape, rotation), ropeWidth);
  const both = linear(source, weights.key, normed, positions);
  const shared = rotate(columns(both, rank + ropeWidth, rank, ropeWidth), 1, ropeWidth, shape, rotation);
  const vectors = norm(source, shape, columns(both, rank + ropeWidth, 0, rank), latent.norm);
  const made = linear(source, weights.value, vectors, positions);
  const keyWeights = latent.key && source.floats(latent.key);
  const key = new Float32Array(positions * heads * headWidth);
  for (let p = 0; p < positions; p++) {
    for (let head = 0; head < heads; head++) {
      const to = (p * heads + head) * headWidth;
      for (let i = 0; i < unrotated; i++) {
        if (!keyWeights) {
          key[to + i] = made[(p * heads + head) * (unrotated + valueWidth) + i]!;
          continue;
        }
        let sum = 0;
        for (let c = 0; c < rank; c++)
          sum += vectors[p * rank + c]! * keyWeights[(head * rank + c) * unrotated + i]!;
        key[to + i] = sum;
      }
      key.set(shared.subarray(p * ropeWidth, (p + 1) * ropeWidth), to + unrotated);
    }
  }
  const value = keyWeights ? made : columns(made, unrotated + valueWidth, unrotated, valueWidth);
  return { query, key, value };
}

/** `count` columns from `first` on of rows of `width`. */
function columns(x: Float32Array, width: number, first: number, count: number): Float32Array {
  const out = new Float32Array((x.length / width) * count);
  for (let row = 0; row < x.length / width; row++)
    out.set(x.subarray(row * width + first, row * width + first + count), row * count);
  return out;
}

/** Writes rows of `count` into the columns from `first` on of rows of `width`. */
function putColumns(into: Float32Array, width: number, first: number, x: Float32Array, count: number): void {
  for (let row = 0; row < into.length / width; row++)
    into.set(x.subarray(row * count, (row + 1) * count), row * width + first);
}

/** Kept in -clamp..clamp; x itself for null. */
function clamped(x: Float32Array, clamp: number | null): Float32Array {
  return clamp === null ? x : x.map((value) => Math.max(-clamp, Math.min(clamp, value)));
}

/** Turns the pairs of the leading part of each head by `position * frequency`, `[positions, heads * headWidth]`. */
function rotate(
  x: Float32Array,
  heads: number,
  headWidth: number,
  { family }: Hyperparameters,
  { frequencies, magnitude }: Rotation,
): Float32Array {
  const out = x.slice();
  const half = frequencies.length;
  const [stride, partner] = family.ropePairing === "interleaved" ? [2, 1] : [1, half];
  for (let from = 0; from < x.length; from += headWidth) {
    const position = Math.floor(from / (heads * headWidth));
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      const first = from + i * stride;
      const a = x[first]!;
      const b = x[first + partner]!;
      out[first] = magnitude * (a * Math.cos(angle) - b * Math.sin(angle));
      out[first + partner] = magnitude * (a * Math.sin(angle) + b * Math.cos(angle));
    }
  }
  return out;
}
