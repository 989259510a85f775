/**
 * A tiny decoder in plain TypeScript: fixed pseudo-random weights, RMS norm, attention with rotary positions, gated MLP.
 * Passes and interventions are tested against it in milliseconds; it is a back end like any other.
 */
import type { Matrix } from "../../../src/engine/matrix.ts";
import type {
  BlockContext,
  BlockOutput,
  DecoderInfo,
  DecoderModel,
  KeyValue,
  States,
  WholeComparison,
} from "../../../src/engine/model/decoder.ts";
import { matVec, rmsNorm, rotate, seededWeights, silu, softmaxInPlace } from "./arithmetic.ts";

/** Shape of a tiny decoder. */
export interface TinyShape {
  readonly blocks: number;
  readonly heads: number;
  /** Even: rotary positions turn pairs of coordinates. */
  readonly headWidth: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly contextLength: number;
  readonly seed: number;
}

/** Small enough for thousands of passes in a test, deep enough for flips. */
export const TINY_SHAPE: TinyShape = {
  blocks: 4,
  heads: 2,
  headWidth: 8,
  hidden: 32,
  vocab: 40,
  contextLength: 64,
  seed: 1,
};

interface BlockWeights {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
  readonly output: Float64Array;
  readonly gate: Float64Array;
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** Makes a tiny decoder; the same shape and seed give the same weights everywhere. */
export function createTinyDecoder(shape: TinyShape = TINY_SHAPE): DecoderModel {
  return new TinyDecoder(shape);
}

class TinyDecoder implements DecoderModel {
  readonly info: DecoderInfo;
  readonly #shape: TinyShape;
  readonly #embedding: Float64Array;
  readonly #head: Float64Array;
  readonly #blocks: readonly BlockWeights[];

  constructor(shape: TinyShape) {
    const width = shape.heads * shape.headWidth;
    const weights = seededWeights(shape.seed);
    this.#shape = shape;
    this.#embedding = weights(shape.vocab, width, 1);
    this.#head = weights(shape.vocab, width, 3);
    this.#blocks = Array.from({ length: shape.blocks }, () => ({
      query: weights(width, width, 1),
      key: weights(width, width, 1),
      value: weights(width, width, 1),
      output: weights(width, width, 1),
      gate: weights(shape.hidden, width, 1),
      up: weights(shape.hidden, width, 1),
      down: weights(width, shape.hidden, 1),
    }));
    this.info = {
      architecture: "tiny",
      blocks: shape.blocks,
      width,
      vocab: shape.vocab,
      contextLength: shape.contextLength,
      numeric: "fp32 states, double sums",
      cut: "written as blocks",
      precision: "float",
      can: { sharePrefix: true, skipAttention: true, giveAttention: true },
      cost: {
        working: {
          perToken: 8 * (6 * width + 3 * shape.hidden),
          perScore: 0,
          keyValue: 8 * width,
          perPast: 0,
          copiedPast: 0,
        },
        batchInvariantUpTo: Infinity,
        trimsOutput: true,
      },
      memoryBytes: 1 << 20,
      notes: ["a decoder in plain TypeScript for tests"],
    };
  }

  embed(ids: readonly number[]): Promise<States> {
    const { width } = this.info;
    const data = new Float32Array(ids.length * width);
    ids.forEach((id, i) => {
      data.set(this.#embedding.subarray(id * width, (id + 1) * width), i * width);
    });
    return Promise.resolve({ data, rows: 1, positions: ids.length, width });
  }

  keyValue(k: number, states: States, start: number): Promise<KeyValue> {
    const { heads, headWidth } = this.#shape;
    const { rows, positions, width } = states;
    const weights = this.#blocks[k]!;
    const size = heads * positions * headWidth;
    const key = new Float32Array(rows * size);
    const value = new Float32Array(rows * size);
    for (let at = 0; at < rows * positions; at++) {
      const [r, t] = [Math.floor(at / positions), at % positions];
      const normed = rmsNorm(states.data.subarray(at * width, (at + 1) * width));
      const into = (array: Float32Array): Float32Array => array.subarray(r * size, (r + 1) * size);
      const rotated = rotate(matVec(weights.key, normed, width), start + t, headWidth);
      this.#store(into(key), rotated, t, positions);
      this.#store(into(value), matVec(weights.value, normed, width), t, positions);
    }
    return Promise.resolve({ key, value, rows, heads, positions, headWidth, valueWidth: headWidth });
  }

  block(k: number, states: States, context: BlockContext): Promise<BlockOutput> {
    const data = new Float32Array(states.data.length);
    const size = states.positions * states.width;
    let recorded: KeyValue | undefined;
    for (let r = 0; r < states.rows; r++) {
      const input = states.data.subarray(r * size, (r + 1) * size);
      const past = context.past && rowOfPast(context.past, r);
      const own = past ? { ...context, past } : context;
      const keyValue = this.#row(k, input, data.subarray(r * size, (r + 1) * size), own);
      if (r === 0 && context.recordKeyValue) recorded = keyValue;
    }
    const wanted = Math.min(states.positions, context.wanted ?? states.positions);
    return Promise.resolve({
      states: lastPositions({ ...states, data }, wanted),
      ...(recorded ? { keyValue: recorded } : {}),
    });
  }

  attention(k: number, states: States, ids: readonly number[]): Promise<Matrix> {
    const { heads, headWidth } = this.#shape;
    const { width } = this.info;
    const output = new Float32Array(states.data.length);
    const cache = this.#row(k, states.data, output, { ids, start: 0 });
    const last = states.positions - 1;
    const normed = rmsNorm(states.data.subarray(last * width));
    const query = rotate(matVec(this.#blocks[k]!.query, normed, width), last, headWidth);
    const data = new Float32Array(heads * states.positions);
    for (let head = 0; head < heads; head++) {
      data.set(this.#weights(query, cache, last, head), head * states.positions);
    }
    return Promise.resolve({ data, rows: heads, width: states.positions });
  }

  logits(states: Matrix): Promise<Matrix> {
    const { vocab } = this.info;
    const data = new Float32Array(states.rows * vocab);
    for (let r = 0; r < states.rows; r++) {
      const state = states.data.subarray(r * states.width, (r + 1) * states.width);
      data.set(matVec(this.#head, rmsNorm(state), vocab), r * vocab);
    }
    return Promise.resolve({ data, rows: states.rows, width: vocab });
  }

  compareWithWhole(): Promise<WholeComparison> {
    return Promise.resolve({ maxAbsDiff: null, tolerance: 0, note: "the stages are the model" });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One row `[positions, width]` through block k; returns keys and values of all positions, past included. */
  #row(k: number, input: Float32Array, output: Float32Array, context: BlockContext): KeyValue {
    const { width } = this.info;
    const weights = this.#blocks[k]!;
    const positions = input.length / width;
    const cache = this.#cache(context, positions);
    for (let t = 0; t < positions; t++) {
      const state = input.subarray(t * width, (t + 1) * width);
      const normed = rmsNorm(state);
      const position = context.start + t;
      this.#store(
        cache.key,
        rotate(matVec(weights.key, normed, width), position, this.#shape.headWidth),
        position,
        cache.positions,
      );
      this.#store(cache.value, matVec(weights.value, normed, width), position, cache.positions);
      const query = rotate(matVec(weights.query, normed, width), position, this.#shape.headWidth);
      const mixed = context.skipAttention
        ? new Float64Array(width)
        : matVec(weights.output, this.#attend(query, cache, position), width);
      const middle = Float64Array.from(state, (value, i) => value + mixed[i]!);
      const normedMiddle = rmsNorm(middle);
      const gate = matVec(weights.gate, normedMiddle, this.#shape.hidden);
      const up = matVec(weights.up, normedMiddle, this.#shape.hidden);
      const down = matVec(
        weights.down,
        gate.map((value, i) => silu(value) * up[i]!),
        width,
      );
      output.set(
        middle.map((value, i) => value + down[i]!),
        t * width,
      );
    }
    return cache;
  }

  #cache({ start, past }: BlockContext, positions: number): KeyValue {
    const { heads, headWidth } = this.#shape;
    const all = start + positions;
    const key = new Float32Array(heads * all * headWidth);
    const value = new Float32Array(heads * all * headWidth);
    for (let head = 0; past && head < heads; head++) {
      const from = head * start * headWidth;
      key.set(past.key.subarray(from, from + start * headWidth), head * all * headWidth);
      value.set(past.value.subarray(from, from + start * headWidth), head * all * headWidth);
    }
    return { key, value, rows: 1, heads, positions: all, headWidth, valueWidth: headWidth };
  }

  #store(into: Float32Array, vector: Float64Array, position: number, positions: number): void {
    const { heads, headWidth } = this.#shape;
    for (let head = 0; head < heads; head++) {
      const part = vector.subarray(head * headWidth, (head + 1) * headWidth);
      into.set(part, (head * positions + position) * headWidth);
    }
  }

  /** Causal attention of one query `[heads * headWidth]` over positions 0..position. */
  #attend(query: Float64Array, cache: KeyValue, position: number): Float64Array {
    const { heads, headWidth } = this.#shape;
    const out = new Float64Array(heads * headWidth);
    for (let head = 0; head < heads; head++) {
      this.#weights(query, cache, position, head).forEach((share, s) => {
        headVector(cache.value, cache, head, s).forEach(
          (value, i) => (out[head * headWidth + i]! += share * value),
        );
      });
    }
    return out;
  }

  /** Weights of one head of a query over positions 0..position, after the softmax. */
  #weights(query: Float64Array, cache: KeyValue, position: number, head: number): Float64Array {
    const { headWidth } = this.#shape;
    const part = query.subarray(head * headWidth, (head + 1) * headWidth);
    const scores = Float64Array.from(
      { length: position + 1 },
      (_, s) =>
        headVector(cache.key, cache, head, s).reduce((sum, value, i) => sum + value * part[i]!, 0) /
        Math.sqrt(headWidth),
    );
    softmaxInPlace(scores);
    return scores;
  }
}

/** Each row's states at its last positions. */
function lastPositions(states: States, wanted: number): States {
  const { rows, positions, width } = states;
  const data = new Float32Array(rows * wanted * width);
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * positions * width;
    data.set(states.data.subarray(end - wanted * width, end), r * wanted * width);
  }
  return { data, rows, positions: wanted, width };
}

/** Key or value of one head at one position, `[headWidth]`. */
function headVector(array: Float32Array, cache: KeyValue, head: number, position: number): Float32Array {
  const offset = (head * cache.positions + position) * cache.headWidth;
  return array.subarray(offset, offset + cache.headWidth);
}

/** The keys and values that one row reads. */
function rowOfPast(past: KeyValue, row: number): KeyValue {
  if (past.rows === 1) return past;
  const size = past.key.length / past.rows;
  const [from, to] = [row * size, (row + 1) * size];
  return { ...past, rows: 1, key: past.key.subarray(from, to), value: past.value.subarray(from, to) };
}
