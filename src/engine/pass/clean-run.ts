/** The unpatched run of one prompt: the input of every block, kept for source states, joins and shared prefixes. */
import type { Matrix } from "../../shared/matrix.ts";
import type { DecoderModel, KeyValue } from "../model/decoder.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";

/** All hidden states of an unpatched run. */
export interface CleanRun {
  readonly ids: readonly number[];
  readonly width: number;
  /** `hidden[k]` = input of block k, `[positions, width]`; `hidden[blocks]` = output of the last block before the final norm. */
  readonly hidden: readonly Float32Array[];
  /** Keys and values of each block for all positions; null when the back end cannot share a position prefix. */
  readonly keyValues: readonly KeyValue[] | null;
}

/**
 * Runs a prompt unpatched through all blocks.
 *
 * @param ids token ids from position 0; at least one
 */
export async function runClean(
  decoder: DecoderModel,
  ids: readonly number[],
  control: RunControl,
): Promise<CleanRun> {
  const { blocks, width, sharesPrefix } = decoder.info;
  let states = await decoder.embed(ids);
  const hidden = [states.data];
  const keyValues: KeyValue[] = [];
  for (let k = 0; k < blocks; k++) {
    throwIfCancelled(control);
    const output = await decoder.block(k, states, { ids, start: 0, recordKeyValue: sharesPrefix });
    control.meter.blockTokens += ids.length;
    states = output.states;
    hidden.push(states.data);
    if (output.keyValue) keyValues.push(output.keyValue);
  }
  return { ids, width, hidden, keyValues: keyValues.length === blocks ? keyValues : null };
}

/** A view of the input of block k (0-based; `blocks` = last output) at one position, `[width]`. */
export function stateAt(run: CleanRun, k: number, position: number): Float32Array {
  return run.hidden[k]!.subarray(position * run.width, (position + 1) * run.width);
}

/** Inputs of block k at some positions, `[positions, width]`, copied. */
export function statesAt(run: CleanRun, k: number, positions: readonly number[]): Matrix {
  const data = new Float32Array(positions.length * run.width);
  positions.forEach((position, i) => {
    data.set(stateAt(run, k, position), i * run.width);
  });
  return { data, rows: positions.length, width: run.width };
}

/** Mean of a run's inputs of block k over some positions, `[width]`; summed in double precision. */
export function meanState(run: CleanRun, k: number, positions: readonly number[]): Float32Array {
  if (positions.length === 1) return stateAt(run, k, positions[0]!);
  const sum = new Float64Array(run.width);
  for (const position of positions) stateAt(run, k, position).forEach((value, i) => (sum[i]! += value));
  return Float32Array.from(sum, (value) => value / positions.length);
}

/** The first `count` positions of a block's keys and values, `[1, heads, count, headWidth]`. */
export function firstPositions(all: KeyValue, count: number): KeyValue {
  const { heads, headWidth } = all;
  const cut = (from: Float32Array): Float32Array => {
    const out = new Float32Array(heads * count * headWidth);
    for (let head = 0; head < heads; head++) {
      const offset = head * all.positions * headWidth;
      out.set(from.subarray(offset, offset + count * headWidth), head * count * headWidth);
    }
    return out;
  };
  return { key: cut(all.key), value: cut(all.value), rows: 1, heads, positions: count, headWidth };
}

/** Logits of the last position of a run, `[vocab]`. */
export async function lastLogits(decoder: DecoderModel, run: CleanRun): Promise<Float32Array> {
  const last = stateAt(run, decoder.info.blocks, run.ids.length - 1);
  return (await decoder.logits(singleRow(last))).data;
}

function singleRow(data: Float32Array): Matrix {
  return { data, rows: 1, width: data.length };
}
