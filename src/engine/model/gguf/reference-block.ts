/**
 * A plain computation of one block and of single logits, with dequantised weights and double-precision sums: the oracle
 * that the graphs are compared with when a model is opened. Shares no packing and no graph with them.
 */
import { alibiSlopes } from "./alibi.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { windowOf } from "./hyperparameters.ts";
import { dot, linear } from "./reference-linear.ts";
import { referenceFeedForward } from "./reference-feed-forward.ts";
import type { Rotation } from "./rope.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { Linear, Norm } from "./tensor-picker.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Runs a block on states of positions 0..positions-1.
 *
 * @param states `[positions, width]`
 * @param rotation of the block
 * @returns `[positions, width]`
 */
export function referenceBlock(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights,
  rotation: Rotation,
  states: Float32Array,
): Float32Array {
  const positions = states.length / shape.width;
  const { family, residualScale } = shape;
  const { query, key, normed } = askedAndKept(source, shape, weights, rotation, states);
  const value = clamped(linear(source, weights.value, normed, positions), shape.clamp);
  const attended = linear(
    source,
    weights.output,
    attention(query, key, value, positions, shape, weights.k, sinksOf(source, weights)),
    positions,
  );
  const middle = add(states, norm(source, shape, attended, weights.attentionPostNorm), residualScale);
  const read = family.isParallel ? states : middle;
  const isShared = family.isParallel && !weights.feedForwardNorm;
  const x = isShared ? normed : norm(source, shape, read, weights.feedForwardNorm);
  const fed = referenceFeedForward(source, shape, weights, x);
  return add(middle, norm(source, shape, fed, weights.feedForwardPostNorm), residualScale);
}

/**
 * Attention weights of the last position to all positions.
 *
 * @param states `[positions, width]`, input of the block
 * @param rotation of the block
 * @returns `[heads, positions]`; 0 for positions that a sliding window hides
 */
export function referenceAttention(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights,
  rotation: Rotation,
  states: Float32Array,
): Float32Array {
  const positions = states.length / shape.width;
  const { k } = weights;
  const sinks = sinksOf(source, weights);
  const { query, key } = askedAndKept(source, shape, weights, rotation, states);
  const out = new Float32Array(shape.heads * positions);
  for (let head = 0; head < shape.heads; head++) {
    const { first, weights } = shares(query, key, positions - 1, head, shape, k, sinks);
    out.set(weights, head * positions + first);
  }
  return out;
}

/** Rotated queries and keys of all positions, and the normed states that they and the values come from. */
function askedAndKept(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights,
  rotation: Rotation,
  states: Float32Array,
): { readonly query: Float32Array; readonly key: Float32Array; readonly normed: Float32Array } {
  const positions = states.length / shape.width;
  const normed = norm(source, shape, states, weights.attentionNorm);
  const rotated = (from: Linear, count: number, perHead: Norm | undefined): Float32Array => {
    const x = clamped(linear(source, from, normed, positions), shape.clamp);
    const headNormed = (of: Float32Array): Float32Array => headNorm(source, shape, of, count, perHead);
    const turned = (of: Float32Array): Float32Array => rotate(of, positions, count, shape, rotation);
    return shape.family.normsRotated ? headNormed(turned(x)) : turned(headNormed(x));
  };
  return {
    query: rotated(weights.query, shape.heads, weights.queryNorm),
    key: rotated(weights.key, shape.keyValueHeads, weights.keyNorm),
    normed,
  };
}

/**
 * Logits of a few tokens for one state.
 *
 * @param state `[width]`, output of the last block
 * @param tokens token ids
 * @returns one logit per token
 */
export function referenceLogits(
  source: TensorSource,
  shape: Hyperparameters,
  finalNorm: Norm,
  head: Linear,
  state: Float32Array,
  tokens: readonly number[],
): Float32Array {
  const normed = norm(source, shape, state, finalNorm);
  const bias = head.bias && source.floats(head.bias);
  return Float32Array.from(tokens, (token) => {
    const product = dot(source.rows(head.weight, token, 1), 0, normed, 0, normed.length);
    return capped(shape.logitScale * (product + (bias ? bias[token]! : 0)), shape.logitCap);
  });
}

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
function headNorm(
  source: TensorSource,
  shape: Hyperparameters,
  x: Float32Array,
  heads: number,
  tensors: Norm | undefined,
): Float32Array {
  const weight = tensors?.weight;
  if (!weight || weight.dims.length === 1) return norm(source, shape, x, tensors);
  const { headWidth, normEpsilon, family } = shape;
  const own = source.floats(weight);
  const ones = new Float32Array(headWidth).fill(1);
  const normed =
    family.norm === "rms" ? rmsNorm(x, ones, normEpsilon) : layerNorm(x, ones, undefined, normEpsilon);
  return normed.map((value, i) => value * own[i % (heads * headWidth)]!);
}

/** Kept in -clamp..clamp; x itself for null. */
function clamped(x: Float32Array, clamp: number | null): Float32Array {
  return clamp === null ? x : x.map((value) => Math.max(-clamp, Math.min(clamp, value)));
}

/** `cap * tanh(x / cap)`; x itself for null. */
function capped(x: number, cap: number | null): number {
  return cap === null ? x : cap * Math.tanh(x / cap);
}

/** `a + scale * b`. */
function add(a: Float32Array, b: Float32Array, scale: number): Float32Array {
  return a.map((x, i) => x + scale * b[i]!);
}

/** Rotates the pairs of each head by `position * frequency`. */
function rotate(
  x: Float32Array,
  positions: number,
  heads: number,
  shape: Hyperparameters,
  { frequencies, magnitude }: Rotation,
): Float32Array {
  const out = x.slice();
  const half = frequencies.length;
  const [stride, partner] = shape.family.ropePairing === "interleaved" ? [2, 1] : [1, half];
  for (let position = 0; position < positions; position++) {
    for (let head = 0; head < heads; head++) {
      const from = (position * heads + head) * shape.headWidth;
      for (let i = 0; i < half; i++) {
        const angle = position * frequencies[i]!;
        const first = from + i * stride;
        const a = x[first]!;
        const b = x[first + partner]!;
        out[first] = magnitude * (a * Math.cos(angle) - b * Math.sin(angle));
        out[first + partner] = magnitude * (a * Math.sin(angle) + b * Math.cos(angle));
      }
    }
  }
  return out;
}

/** Causal grouped-query attention, `[positions, heads * headWidth]`. */
function attention(
  query: Float32Array,
  key: Float32Array,
  value: Float32Array,
  positions: number,
  shape: Hyperparameters,
  k: number,
  sinks: Float32Array | undefined,
): Float32Array {
  const { heads, keyValueHeads, headWidth } = shape;
  const out = new Float32Array(query.length);
  for (let t = 0; t < positions; t++) {
    for (let head = 0; head < heads; head++) {
      const { first, weights } = shares(query, key, t, head, shape, k, sinks);
      const to = (t * heads + head) * headWidth;
      const at = (s: number): number => (s * keyValueHeads + groupOf(head, shape)) * headWidth;
      for (let i = 0; i < headWidth; i++) {
        let sum = 0;
        for (const [s, weight] of weights.entries()) sum += weight * value[at(first + s) + i]!;
        out[to + i] = sum;
      }
    }
  }
  return out;
}

/** Weights of one head at position t for positions first..t, in double precision. */
function shares(
  query: Float32Array,
  key: Float32Array,
  t: number,
  head: number,
  shape: Hyperparameters,
  k: number,
  sinks: Float32Array | undefined,
): { readonly first: number; readonly weights: readonly number[] } {
  const { heads, keyValueHeads, headWidth } = shape;
  const first = Math.max(0, t + 1 - (windowOf(shape, k) ?? t + 1));
  const scale = shape.attentionScale ?? 1 / Math.sqrt(headWidth);
  const slope = shape.maxAlibiBias === null ? 0 : alibiSlopes(heads, shape.maxAlibiBias)[head]!;
  const scores: number[] = [];
  for (let s = first; s <= t; s++) {
    const at = (s * keyValueHeads + groupOf(head, shape)) * headWidth;
    const product = dot(query, (t * heads + head) * headWidth, key, at, headWidth);
    scores.push(capped(scale * product, shape.attentionCap) - slope * (t - s));
  }
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const sink = sinks ? Math.exp(sinks[head]! - largest) : 0;
  const total = weights.reduce((sum, weight) => sum + weight, sink);
  return { first, weights: weights.map((weight) => weight / total) };
}

function sinksOf(source: TensorSource, { sinks }: BlockWeights): Float32Array | undefined {
  return sinks && source.floats(sinks);
}

/** The key/value head that a query head reads. */
function groupOf(head: number, { heads, keyValueHeads }: Hyperparameters): number {
  return Math.floor((head * keyValueHeads) / heads);
}
