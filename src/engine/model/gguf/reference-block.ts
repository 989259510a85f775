/**
 * A plain computation of one block and of single logits, with dequantised weights and double-precision sums: the oracle
 * that the graphs are compared with when a model is opened. Shares no packing and no graph with them.
 */
import { alibiSlopes } from "./alibi.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { windowOf } from "./hyperparameters.ts";
import { dot, linear } from "./reference-linear.ts";
import { referenceFeedForward, sigmoid } from "./reference-feed-forward.ts";
import { norm } from "./reference-norm.ts";
import { projections } from "./reference-projections.ts";
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
  const normed = norm(source, shape, states, weights.attentionNorm);
  const { query, key, value } = projections(source, shape, weights, rotation, normed);
  const heads = attention(query, key, value, positions, shape, weights.k, sinksOf(source, weights));
  const gated = gateOf(source, shape, weights, normed, heads);
  const attended = linear(source, weights.output, gated, positions);
  const middle = add(states, norm(source, shape, attended, weights.attentionPostNorm), residualScale);
  const read = family.isParallel ? states : middle;
  const isShared = family.isParallel && !weights.feedForwardNorm;
  const x = isShared ? normed : norm(source, shape, read, weights.feedForwardNorm);
  const fed = referenceFeedForward(source, shape, weights, x, states);
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
  const normed = norm(source, shape, states, weights.attentionNorm);
  const { query, key } = projections(source, shape, weights, rotation, normed);
  const out = new Float32Array(shape.heads * positions);
  for (let head = 0; head < shape.heads; head++) {
    const { first, weights } = shares(query, key, positions - 1, head, shape, k, sinks);
    out.set(weights, head * positions + first);
  }
  return out;
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
  const factor = head.scale ? source.floats(head.scale)[0]! : 1;
  return Float32Array.from(tokens, (token) => {
    const product = dot(source.rows(head.weight, token, 1), 0, normed, 0, normed.length);
    return capped(shape.logitScale * (factor * product + (bias ? bias[token]! : 0)), shape.logitCap);
  });
}

/** What attention puts out, `[positions, heads * valueWidth]`, times its gate, where it has one. */
function gateOf(
  source: TensorSource,
  { heads, valueWidth, width }: Hyperparameters,
  { attentionGate }: BlockWeights,
  normed: Float32Array,
  attended: Float32Array,
): Float32Array {
  if (!attentionGate) return attended;
  const gates = linear(source, attentionGate, normed, normed.length / width).map(sigmoid);
  const numbersOfGate = attended.length / gates.length;
  if (numbersOfGate !== 1 && numbersOfGate !== valueWidth) throw new Error(`a gate for ${heads} heads`);
  return attended.map((value, i) => value * gates[Math.floor(i / numbersOfGate)]!);
}

/** `cap * tanh(x / cap)`; x itself for null. */
function capped(x: number, cap: number | null): number {
  return cap === null ? x : cap * Math.tanh(x / cap);
}

/** `a + scale * b`. */
function add(a: Float32Array, b: Float32Array, scale: number): Float32Array {
  return a.map((x, i) => x + scale * b[i]!);
}

/** Causal grouped-query attention, `[positions, heads * valueWidth]`. */
function attention(
  query: Float32Array,
  key: Float32Array,
  value: Float32Array,
  positions: number,
  shape: Hyperparameters,
  k: number,
  sinks: Float32Array | undefined,
): Float32Array {
  const { heads, keyValueHeads, valueWidth } = shape;
  const out = new Float32Array(positions * heads * valueWidth);
  for (let t = 0; t < positions; t++) {
    for (let head = 0; head < heads; head++) {
      const { first, weights } = shares(query, key, t, head, shape, k, sinks);
      const to = (t * heads + head) * valueWidth;
      const at = (s: number): number => (s * keyValueHeads + groupOf(head, shape)) * valueWidth;
      for (let i = 0; i < valueWidth; i++) {
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
