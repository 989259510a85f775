/** The unpatched run of one prompt: the input of every block, kept for source states, joins and shared prefixes. */
import type { Matrix } from "../matrix.ts";
import type { DecoderModel, KeyValue } from "../model/decoder.ts";
import type { RunControl } from "./control.ts";
import type { Climber } from "./climb.ts";
import { climb } from "./climb.ts";
import type { UnpatchedRun } from "../states.ts";
import { stateAt } from "../states.ts";

/** An unpatched run while it climbs. */
export interface UnpatchedClimb extends Climber {
  /** Has the inputs of all blocks up to the one that runs next, and keys and values of those that ran. */
  readonly run: UnpatchedRun;
}

/** Begins to run a prompt unpatched; nothing runs before it climbs. */
export function startUnpatched(
  decoder: DecoderModel,
  ids: readonly number[],
  control: RunControl,
): UnpatchedClimb {
  const { width, can } = decoder.info;
  const recordKeyValue = can.sharePrefix === true;
  const hidden: Float32Array[] = [];
  const keyValues: KeyValue[] = [];
  return {
    from: 0,
    run: { ids, width, hidden, keyValues: recordKeyValue ? keyValues : null },
    async step(k) {
      if (k === 0) hidden.push((await decoder.embed(ids)).data);
      const states = { data: hidden[k]!, rows: 1, positions: ids.length, width };
      const output = await decoder.block(k, states, { ids, start: 0, recordKeyValue });
      control.meter.blockTokens += ids.length;
      hidden.push(output.states.data);
      if (output.keyValue) keyValues.push(output.keyValue);
    },
  };
}

/**
 * Runs a prompt unpatched through all blocks.
 *
 * @param ids token ids from position 0; at least one
 */
export async function runUnpatched(
  decoder: DecoderModel,
  ids: readonly number[],
  control: RunControl,
): Promise<UnpatchedRun> {
  const started = startUnpatched(decoder, ids, control);
  await climb(decoder, [started], control);
  return started.run;
}

/** The first `count` positions of a block's keys and values. */
export function firstPositions(all: KeyValue, count: number): KeyValue {
  const { heads, headWidth, valueWidth } = all;
  const cut = (from: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(heads * count * width);
    for (let head = 0; head < heads; head++) {
      const offset = head * all.positions * width;
      out.set(from.subarray(offset, offset + count * width), head * count * width);
    }
    return out;
  };
  return {
    ...all,
    key: cut(all.key, headWidth),
    value: cut(all.value, valueWidth),
    rows: 1,
    positions: count,
  };
}

/** Logits of the last position of a run, `[vocab]`. */
export async function lastLogits(decoder: DecoderModel, run: UnpatchedRun): Promise<Float32Array> {
  const last = stateAt(run, decoder.info.blocks, run.ids.length - 1);
  return (await decoder.logits(singleRow(last))).data;
}

function singleRow(data: Float32Array): Matrix {
  return { data, rows: 1, width: data.length };
}
