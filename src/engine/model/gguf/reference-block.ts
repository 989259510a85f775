/**
 * A plain computation of one block and of single logits, with dequantised weights and double-precision sums: the oracle
 * that the graphs are compared with when a model is opened. Shares no packing and no graph with them.
 */
import type { Hyperparameters } from "./hyperparameters.ts";
import type { GgufTensor } from "./reader.ts";
import { rowCount, type TensorSource } from "./tensor-source.ts";
import type { BlockWeights, Linear } from "./weights.ts";

/** Weights dequantised at once. */
const chunkWeights = 1 << 16;

/**
 * Runs a block on states of positions 0..positions-1.
 *
 * @param states `[positions, width]`
 * @param frequencies rotary frequencies, `[ropeWidth / 2]`
 * @returns `[positions, width]`
 */
export function referenceBlock(
  source: TensorSource,
  shape: Hyperparameters,
  weights: BlockWeights,
  frequencies: Float32Array,
  states: Float32Array,
): Float32Array {
  const positions = states.length / shape.width;
  const { heads, keyValueHeads } = shape;
  const normed = rmsNorm(states, source.floats(weights.attentionNorm), shape.normEpsilon);
  const query = linear(source, weights.query, normed, positions);
  const key = linear(source, weights.key, normed, positions);
  const value = linear(source, weights.value, normed, positions);
  const rotated = (x: Float32Array, count: number, norm: GgufTensor | undefined): Float32Array => {
    const heads = norm ? rmsNorm(x, source.floats(norm), shape.normEpsilon) : x;
    return rotate(heads, positions, count, shape, frequencies);
  };
  const attended = attention(
    rotated(query, heads, weights.queryNorm),
    rotated(key, keyValueHeads, weights.keyNorm),
    value,
    positions,
    shape,
  );
  const middle = add(states, linear(source, weights.output, attended, positions));
  const normedMiddle = rmsNorm(middle, source.floats(weights.feedForwardNorm), shape.normEpsilon);
  const gate = linear(source, weights.gate, normedMiddle, positions);
  const up = linear(source, weights.up, normedMiddle, positions);
  const activated = gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]!);
  return add(middle, linear(source, weights.down, activated, positions));
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
  finalNorm: GgufTensor,
  head: Linear,
  state: Float32Array,
  tokens: readonly number[],
): Float32Array {
  const normed = rmsNorm(state, source.floats(finalNorm), shape.normEpsilon);
  const bias = head.bias && source.floats(head.bias);
  return Float32Array.from(tokens, (token) => {
    return dot(source.rows(head.weight, token, 1), 0, normed, 0, normed.length) + (bias ? bias[token]! : 0);
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

/** `[positions, inner]` to `[positions, outputs]`. */
function linear(
  source: TensorSource,
  { weight, bias }: Linear,
  x: Float32Array,
  positions: number,
): Float32Array {
  const inner = weight.dims[0]!;
  const outputs = rowCount(weight);
  const out = new Float32Array(positions * outputs);
  const biases = bias && source.floats(bias);
  const perChunk = Math.max(1, Math.floor(chunkWeights / inner));
  for (let first = 0; first < outputs; first += perChunk) {
    const count = Math.min(perChunk, outputs - first);
    const rows = source.rows(weight, first, count);
    for (let r = 0; r < count; r++) {
      for (let p = 0; p < positions; p++) {
        out[p * outputs + first + r] =
          dot(rows, r * inner, x, p * inner, inner) + (biases ? biases[first + r]! : 0);
      }
    }
  }
  return out;
}

/** Sum of products of `length` elements, in double precision. */
function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[atA + i]! * b[atB + i]!;
  return sum;
}

function add(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((x, i) => x + b[i]!);
}

/** Rotates the pairs of each head by `position * frequency`. */
function rotate(
  x: Float32Array,
  positions: number,
  heads: number,
  shape: Hyperparameters,
  frequencies: Float32Array,
): Float32Array {
  const out = x.slice();
  const half = frequencies.length;
  const [stride, partner] = shape.ropePairing === "interleaved" ? [2, 1] : [1, half];
  for (let position = 0; position < positions; position++) {
    for (let head = 0; head < heads; head++) {
      const from = (position * heads + head) * shape.headWidth;
      for (let i = 0; i < half; i++) {
        const angle = position * frequencies[i]!;
        const first = from + i * stride;
        const a = x[first]!;
        const b = x[first + partner]!;
        out[first] = a * Math.cos(angle) - b * Math.sin(angle);
        out[first + partner] = a * Math.sin(angle) + b * Math.cos(angle);
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
): Float32Array {
  const { heads, keyValueHeads, headWidth } = shape;
  const out = new Float32Array(query.length);
  const scale = shape.attentionScale ?? 1 / Math.sqrt(headWidth);
  for (let t = 0; t < positions; t++) {
    const first = Math.max(0, t + 1 - (shape.slidingWindow ?? positions));
    for (let head = 0; head < heads; head++) {
      const group = Math.floor((head * keyValueHeads) / heads);
      const at = (s: number): number => (s * keyValueHeads + group) * headWidth;
      const to = (t * heads + head) * headWidth;
      const scores: number[] = [];
      for (let s = first; s <= t; s++) scores.push(scale * dot(query, to, key, at(s), headWidth));
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < headWidth; i++) {
        let sum = 0;
        for (const [s, weight] of weights.entries()) sum += (weight / total) * value[at(first + s) + i]!;
        out[to + i] = sum;
      }
    }
  }
  return out;
}
