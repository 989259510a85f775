/** The naive oracle: one whole pass for each cell, nothing shared. Every fast path is proven equal to it. */
import type { Matrix } from "../../../src/engine/matrix.ts";
import type { DecoderModel, States } from "../../../src/engine/model/decoder.ts";

/** States to put in at the input of block k (`blocks` = at the last block's output). */
export interface NaivePatch {
  readonly k: number;
  readonly positions: readonly number[];
  /** `[positions, width]` */
  readonly vectors: Matrix;
  /** Puts the same states in again at the inputs of all later blocks (freeze). */
  readonly holds?: boolean;
}

/** What a run does beside a patch. */
export interface NaiveOptions {
  /** Blocks from this one on run without attention, all positions. */
  readonly skipAttentionFrom?: number;
}

/** Everything that a run computed. */
export interface NaiveRun {
  /** `hidden[k]` = the (patched) input of block k, `[positions * width]`; `hidden[blocks]` = the last block's output. */
  readonly hidden: Float32Array[];
  /** Logits of the last position, `[vocab]`. */
  readonly logits: Float32Array;
}

/** Runs a prompt alone through all blocks, from the embeddings to the logits. */
export async function naiveRun(
  decoder: DecoderModel,
  ids: readonly number[],
  patch?: NaivePatch,
  { skipAttentionFrom = Infinity }: NaiveOptions = {},
): Promise<NaiveRun> {
  const { blocks, width } = decoder.info;
  const hidden: Float32Array[] = [];
  let states: States = await decoder.embed(ids);
  for (let k = 0; ; k++) {
    const isPatched = patch && (k === patch.k || (patch.holds === true && k > patch.k && k < blocks));
    if (isPatched) states = patched(states, patch);
    hidden.push(states.data);
    if (k === blocks) break;
    const skipAttention = k >= skipAttentionFrom;
    states = (await decoder.block(k, states, { ids, start: 0, skipAttention })).states;
  }
  const last = states.data.slice((ids.length - 1) * width);
  return { hidden, logits: (await decoder.logits({ data: last, rows: 1, width })).data };
}

/** -sum of p log p over `[vocab]` logits, in nats, word by word from the definition. */
export function naiveEntropy(logits: Iterable<number>): number {
  const values = [...logits];
  const most = Math.max(...values);
  const weights = values.map((logit) => Math.exp(logit - most));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all).reduce((sum, p) => (p === 0 ? sum : sum - p * Math.log(p)), 0);
}

function patched(states: States, patch: NaivePatch): States {
  const data = states.data.slice();
  patch.positions.forEach((position, i) => {
    const { width } = patch.vectors;
    data.set(patch.vectors.data.subarray(i * width, (i + 1) * width), position * width);
  });
  return { ...states, data };
}
