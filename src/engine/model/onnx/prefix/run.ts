/** Runs blocks on a shared position prefix, whichever form the graph shares it in. */
import type { BlockContext, BlockOutput, KeyValue, States } from "../../decoder.ts";
import type { DeviceStates, StateDevice } from "../../device-states.ts";
import { paddedRows, withMoreRows } from "../../runtime/row-padding.ts";
import type { Feeds, Outputs, Tensor } from "../../runtime/runtime.ts";
import { float32, floatData, int64 } from "../../runtime/runtime.ts";
import type { RunShape } from "../feeds.ts";
import { emptyCacheDims } from "../feeds.ts";
import type { PrefixForm } from "./past.ts";
import { PAST_KEY, PAST_LENGTH, PAST_ROWS, PAST_VALUE, PRESENT_KEY, PRESENT_VALUE } from "./past.ts";
import type { FeedSettings, OpenStage } from "../stage-session.ts";
import { failing, graphFeeds } from "../stage-session.ts";
import { STAGE_INPUT, STAGE_OUTPUT } from "../stage.ts";

/** What a block of a shared prefix runs with. */
export interface SharedRun {
  readonly form: PrefixForm;
  readonly settings: FeedSettings;
  /** The graph was exported for a batch of one: rows run one by one. */
  readonly singleRows: boolean;
}

/**
 * Runs a block on its rows: all at once, where the graph takes them so.
 *
 * @throws SwapError `engine-failed`
 */
export async function runSharedBlock(
  stage: OpenStage,
  states: States,
  context: BlockContext,
  run: SharedRun,
): Promise<BlockOutput> {
  if (!run.singleRows || states.rows === 1) return runRows(stage, states, context, run);
  const outputs: BlockOutput[] = [];
  for (let row = 0; row < states.rows; row++) {
    const past = context.past && rowOfPast(context.past, row);
    const recordKeyValue = context.recordKeyValue === true && row === 0;
    const ofRow = { ...context, recordKeyValue, ...(past ? { past } : {}) };
    outputs.push(await runRows(stage, rowOf(states, row), ofRow, run));
  }
  const { keyValue } = outputs[0]!;
  const data = joined(outputs.map((output) => output.states.data));
  return { states: { ...states, data }, ...(keyValue ? { keyValue } : {}) };
}

async function runRows(
  stage: OpenStage,
  states: States,
  context: BlockContext,
  { form, settings, singleRows }: SharedRun,
): Promise<BlockOutput> {
  const { rows, positions, width } = states;
  const { recordKeyValue } = context;
  const batch = singleRows ? rows : batchOf(rows, positions, settings.productRows);
  const feeds = {
    ...blockFeeds(stage, batch, positions, context, { form, settings }),
    [STAGE_INPUT]: float32(withMoreRows(states.data, rows, batch - rows), [batch, positions, width]),
  };
  const wanted = recordKeyValue ? [STAGE_OUTPUT, PRESENT_KEY, PRESENT_VALUE] : [STAGE_OUTPUT];
  const outputs = await runOutputs(stage, feeds, wanted, settings.file);
  const data = floatData(outputs, STAGE_OUTPUT);
  const result = {
    states: { ...states, data: batch > rows ? data.slice(0, rows * positions * width) : data },
  };
  return recordKeyValue ? { ...result, keyValue: keyValueOf(outputs, PRESENT_KEY, 1) } : result;
}

/**
 * Runs a block on rows that stay on the device; not where they run one by one.
 *
 * @throws SwapError `engine-failed`
 */
export async function runSharedOnDevice(
  stage: OpenStage,
  device: StateDevice,
  states: DeviceStates,
  context: BlockContext,
  run: SharedRun,
): Promise<DeviceStates> {
  const batch = batchOf(states.rows, states.positions, run.settings.productRows);
  const feeds = blockFeeds(stage, batch, states.positions, context, run);
  const tensor = await device.padded(states, batch, (given) =>
    failing(stage.session.runKept!({ ...feeds, [STAGE_INPUT]: given }), run.settings.file),
  );
  return { ...states, tensor };
}

/** All feeds but the states. */
function blockFeeds(
  stage: OpenStage,
  batch: number,
  positions: number,
  { ids, start, past, skipAttention }: BlockContext,
  { form, settings }: Omit<SharedRun, "singleRows">,
): Feeds {
  if (start !== (past?.positions ?? 0))
    throw new Error(`states start at ${start} but the past does not end there`);
  const ownIds = ids.slice(ids.length - positions);
  const run = { rows: batch, skipsAttention: skipAttention === true };
  // Without attention a position may stand alone, its ids too.
  const shape: RunShape =
    form === "cache"
      ? { ...run, ids: ownIds, positions, start }
      : { ...run, ids, positions: start + positions };
  const spread = past && past.rows > 1 ? { ...past, rows: batch, ...moreRows(past, batch) } : past;
  return { ...graphFeeds(stage, shape, settings), ...pastFeeds(stage, spread, start, batch, settings) };
}

/**
 * Keys and values of given states.
 *
 * @param states `[rows, positions, width]`
 * @param start position of the states' first position
 * @throws SwapError `engine-failed`
 */
export async function runKeyValue(
  stage: OpenStage,
  states: States,
  start: number,
  run: SharedRun,
): Promise<KeyValue> {
  if (!run.singleRows || states.rows === 1) return keyValueOfRows(stage, states, start, run);
  const parts: KeyValue[] = [];
  for (let row = 0; row < states.rows; row++)
    parts.push(await keyValueOfRows(stage, rowOf(states, row), start, run));
  return {
    ...parts[0]!,
    rows: states.rows,
    key: joined(parts.map((part) => part.key)),
    value: joined(parts.map((part) => part.value)),
  };
}

async function keyValueOfRows(
  stage: OpenStage,
  states: States,
  start: number,
  { form, settings, singleRows }: SharedRun,
): Promise<KeyValue> {
  const { rows, positions, width } = states;
  const batch = singleRows ? rows : batchOf(rows, positions, settings.productRows);
  // Keys know their position: a cache of zeros stands for the prefix, whose own keys do not matter.
  const ids = new Array<number>(form === "cache" ? positions : start + positions).fill(0);
  const shape = { rows: batch, ids, positions: ids.length, ...(form === "cache" ? { start } : {}) };
  const feeds = {
    ...graphFeeds(stage, shape, settings),
    [STAGE_INPUT]: float32(withMoreRows(states.data, rows, batch - rows), [batch, positions, width]),
    ...pastFeeds(stage, undefined, start, batch, settings),
  };
  return keyValueOf(
    await runOutputs(stage, feeds, [STAGE_OUTPUT, PRESENT_VALUE], settings.file),
    STAGE_OUTPUT,
    rows,
  );
}

/**
 * Rows to run. Besides products that would end in a single row, sines of rotary tables end in numbers that another routine
 * computes where rows, positions and rotary width make no multiple of four: equal rows would then differ in their last bits.
 */
function batchOf(rows: number, positions: number, productRows: number): number {
  const padded = paddedRows(rows, positions, positions, productRows);
  return padded > 1 && (padded * positions) % 2 === 1 ? padded + 1 : padded;
}

function rowOf(states: States, row: number): States {
  const size = states.positions * states.width;
  return { ...states, data: states.data.subarray(row * size, (row + 1) * size), rows: 1 };
}

function rowOfPast(past: KeyValue, row: number): KeyValue {
  if (past.rows === 1) return past;
  const size = past.heads * past.positions * past.headWidth;
  const of = (data: Float32Array): Float32Array => data.subarray(row * size, (row + 1) * size);
  return { ...past, rows: 1, key: of(past.key), value: of(past.value) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

function moreRows(past: KeyValue, batch: number): Pick<KeyValue, "key" | "value"> {
  const spread = (data: Float32Array): Float32Array => withMoreRows(data, past.rows, batch - past.rows);
  return { key: spread(past.key), value: spread(past.value) };
}

/** The prefix's inputs, as far as the stage has them. Without a past zeros stand for it, one row. */
function pastFeeds(
  stage: OpenStage,
  past: KeyValue | undefined,
  start: number,
  batch: number,
  { cache, file }: FeedSettings,
): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const input of stage.inputs) {
    const add = (of: (past: KeyValue) => Float32Array): void => {
      const isFlat = input.dims?.length === 3;
      // The width is the projection's, whatever stands here: it is spread over it.
      const none = isFlat ? [1, start, 1] : emptyCacheDims(input, 1, cache, file).with(2, start);
      const dims = past ? dimsOf(past, isFlat) : none;
      const size = dims.reduce((a, b) => a * b, 1);
      feeds[input.name] = float32(past ? of(past) : new Float32Array(size), dims);
    };
    if (input.name === PAST_KEY) add((given) => given.key);
    else if (input.name === PAST_VALUE) add((given) => given.value);
    else if (input.name === PAST_LENGTH) feeds[input.name] = int64([start], [1]);
    else if (input.name === PAST_ROWS) feeds[input.name] = int64([batch, 1, 1, 1], [4]);
  }
  return feeds;
}

function dimsOf({ rows, heads, positions, headWidth }: KeyValue, isFlat: boolean): number[] {
  return isFlat ? [rows, positions, headWidth] : [rows, heads, positions, headWidth];
}

function runOutputs(
  stage: OpenStage,
  feeds: Feeds,
  outputs: readonly string[],
  file: string,
): Promise<Outputs> {
  // A trial at load may fail; the error says all that the runtime would print.
  return failing(stage.session.run(feeds, outputs, true), file);
}

/** Keys under `key` and values, `[rows, heads, positions, headWidth]`, or `[rows, positions, width]` as one head. */
function keyValueOf(outputs: Outputs, key: string, rows: number): KeyValue {
  const dims = outputs[key]!.dims;
  const valueDims = outputs[PRESENT_VALUE]!.dims;
  if (dims.length < 3 || dims.length > 4 || dims.join() !== valueDims.join())
    throw new Error(`keys have the shape ${dims.join(", ")}, values ${valueDims.join(", ")}`);
  const [batch, heads, positions, headWidth] = dims.length === 3 ? [dims[0]!, 1, ...dims.slice(1)] : dims;
  const of = (name: string): Float32Array => {
    const data = floatData(outputs, name);
    return rows === batch ? data : data.slice(0, (data.length / batch!) * rows);
  };
  return {
    key: of(key),
    value: of(PRESENT_VALUE),
    rows,
    heads: heads!,
    positions: positions!,
    headWidth: headWidth!,
    valueWidth: headWidth!,
  };
}
