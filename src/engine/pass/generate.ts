/**
 * Greedy continuation of a prompt, unpatched or read under a condition. The condition covers the pass over the prompt;
 * generated tokens run unpatched on its keys and values. Skip attention, a property of blocks, holds at every step.
 */
import { argmax } from "../matrix.ts";
import type { DecoderModel, KeyValue, States } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";

/** How far to go. */
export interface GenerationLimits {
  /** Most tokens. */
  readonly tokens: number;
  /** Ids that end a text; one that comes up is not part of the continuation. */
  readonly endIds: readonly number[];
}

/** Generated ids, and whether the model ended its text. */
export interface Generated {
  readonly ids: readonly number[];
  readonly endedBy: "length" | "end";
}

/** What a run leaves for the next token: the state of its last position, and its cache where the back end has one. */
interface Pass {
  /** Output of the last block at the last position, `[width]`. */
  readonly last: Float32Array;
  readonly keyValues: readonly KeyValue[] | null;
}

/**
 * Generates.
 *
 * @param unpatched the unpatched run of the prompt
 * @param row the patched run of the prompt; null: unpatched
 */
export async function generate(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  row: PatchedRow | null,
  limits: GenerationLimits,
  control: RunControl,
): Promise<Generated> {
  const { width } = decoder.info;
  const ids: number[] = [];
  let pass = await promptPass(decoder, unpatched, row, control);
  while (ids.length < limits.tokens) {
    const logits = await decoder.logits({ data: pass.last, rows: 1, width });
    const next = argmax(logits.data);
    if (limits.endIds.includes(next)) return { ids, endedBy: "end" };
    ids.push(next);
    if (ids.length === limits.tokens) break;
    const all = [...unpatched.ids, ...ids];
    pass = pass.keyValues
      ? await step(decoder, all, pass.keyValues, control)
      : await wholePass(decoder, all, row, control);
  }
  return { ids, endedBy: "length" };
}

/** The pass over the prompt. Blocks below the row's k are the unpatched run's. */
async function promptPass(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  row: PatchedRow | null,
  control: RunControl,
): Promise<Pass> {
  const { blocks, width } = decoder.info;
  const { ids, keyValues: unpatchedKeyValues } = unpatched;
  const lastOf = (data: Float32Array): Float32Array => data.slice((ids.length - 1) * width);
  if (!row) return { last: lastOf(unpatched.hidden[blocks]!), keyValues: unpatchedKeyValues };
  // What a block without attention would keep for later tokens is not defined, and nothing would read it.
  const keepsCache = unpatchedKeyValues !== null && !row.skipsAttention;
  const keyValues = keepsCache ? unpatchedKeyValues.slice(0, row.k) : [];
  let states: States = { data: unpatched.hidden[row.k]!, rows: 1, positions: ids.length, width };
  const put = patchFor(row, width);
  for (let k = row.k; ; k++) {
    if (k < blocks || k === row.k) states = put(states, k);
    if (k === blocks) break;
    throwIfCancelled(control);
    const output = await decoder.block(k, states, {
      ids,
      start: 0,
      recordKeyValue: keepsCache,
      ...(row.skipsAttention ? { skipAttention: true } : {}),
    });
    control.meter.blockTokens += ids.length;
    states = output.states;
    if (output.keyValue) keyValues.push(output.keyValue);
  }
  return { last: lastOf(states.data), keyValues: keyValues.length === blocks ? keyValues : null };
}

/** One more token on the cache, unpatched. */
async function step(
  decoder: DecoderModel,
  ids: readonly number[],
  cache: readonly KeyValue[],
  control: RunControl,
): Promise<Pass> {
  const { blocks, width } = decoder.info;
  const start = ids.length - 1;
  const embedded = await decoder.embed(ids);
  let states: States = { data: embedded.data.slice(start * width), rows: 1, positions: 1, width };
  const keyValues: KeyValue[] = [];
  for (let k = 0; k < blocks; k++) {
    throwIfCancelled(control);
    const output = await decoder.block(k, states, { ids, start, past: cache[k]!, recordKeyValue: true });
    control.meter.blockTokens++;
    states = output.states;
    keyValues.push(output.keyValue!);
  }
  return { last: states.data, keyValues };
}

/**
 * Prompt and generated tokens in one pass, for back ends without a cache. The same as `step`: attention is causal, so the
 * patched prompt positions do not see the later tokens, and those are not patched.
 */
async function wholePass(
  decoder: DecoderModel,
  ids: readonly number[],
  row: PatchedRow | null,
  control: RunControl,
): Promise<Pass> {
  const { blocks, width } = decoder.info;
  let states = await decoder.embed(ids);
  const put = row ? patchFor(row, width) : null;
  for (let k = 0; ; k++) {
    if (put && (k === row!.k || (k > row!.k && k < blocks))) states = put(states, k);
    if (k === blocks) break;
    throwIfCancelled(control);
    const skips = row !== null && row.skipsAttention && k >= row.k;
    const context = { ids, start: 0, ...(skips ? { skipAttention: true } : {}) };
    states = (await decoder.block(k, states, context)).states;
    control.meter.blockTokens += ids.length;
  }
  return { last: states.data.slice((ids.length - 1) * width), keyValues: null };
}

/** Puts a row's states in at block k, and again in later blocks where the row holds them. States are not changed in place. */
function patchFor(row: PatchedRow, width: number): (states: States, k: number) => States {
  let putIn: Float32Array | null = null;
  return (states, k) => {
    if (row.positions.length === 0 || (k > row.k && !row.holds)) return states;
    const data = states.data.slice();
    const at = (position: number): Float32Array => data.subarray(position * width, (position + 1) * width);
    if (!putIn) {
      const replaced = new Float32Array(row.positions.length * width);
      row.positions.forEach((position, i) => {
        replaced.set(at(position), i * width);
      });
      putIn = row.vectors({ data: replaced, rows: row.positions.length, width }).data;
    }
    row.positions.forEach((position, i) => {
      at(position).set(putIn!.subarray(i * width, (i + 1) * width));
    });
    return { ...states, data };
  };
}
