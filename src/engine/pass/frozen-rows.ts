/**
 * Rows whose first positions are frozen: from block k on those never run. Each block makes keys and values of the held
 * states, a norm and two projections, and only the positions behind them run. Exact.
 */
import { norm } from "../matrix.ts";
import type { DecoderModel, KeyValue, States } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import { statesAt } from "../states.ts";
import type { RunControl } from "./control.ts";
import type { Stretch } from "./batch-layout.ts";
import type { BatchStates, RowClimb } from "./batch-output.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";

/**
 * Begins to run a batch of such rows up to the output of the last block.
 *
 * @param rows at least one, ordered by k (ascending), all frozen at `stretch`
 * @param read positions whose states are wanted, ascending, behind the stretch
 */
export function startFrozenRows(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  rows: readonly PatchedRow[],
  { from, to }: Stretch,
  read: readonly number[],
  control: RunControl,
): RowClimb {
  const { blocks, width } = decoder.info;
  const { ids } = unpatched;
  const behind = ids.slice(to).map((_, i) => to + i);
  const size = behind.length * width;
  const deltaNorms: number[] = [];
  let running: States = { data: new Float32Array(0), rows: 0, positions: behind.length, width };
  let held: States = { data: new Float32Array(0), rows: 0, positions: to - from, width };
  const step = async (k: number): Promise<void> => {
    const joining = rows.filter((row) => row.k === k);
    const replaced = statesAt(unpatched, k, rows[0]!.positions);
    const putIn = joining.map((row) => row.vectors(replaced).data);
    for (const data of putIn) deltaNorms.push(norm(data.map((value, i) => value - replaced.data[i]!)));
    const own = statesAt(unpatched, k, behind).data;
    running = appended(
      running,
      joining.map(() => own),
    );
    held = appended(held, putIn);
    const frozen = await decoder.keyValue(k, held, from, ids.length);
    control.meter.keyValueTokens += held.rows * held.positions;
    const past = withPrefix(unpatched.keyValues![k]!, from, frozen);
    const output = await decoder.block(k, running, { ids, start: to, past });
    control.meter.blockTokens += running.rows * running.positions;
    running = output.states;
  };
  const finish = (): BatchStates => {
    const last = statesAt(unpatched, blocks, behind).data;
    // Rows at k = blocks join behind the last block: nothing is held any more.
    while (running.rows < rows.length) {
      running = appended(running, [last]);
      deltaNorms.push(0);
    }
    const all = appended({ ...running, data: last, rows: 1 }, [running.data], running.rows);
    const states = new Float32Array(all.rows * read.length * width);
    for (let r = 0; r < all.rows; r++) {
      read.forEach((position, i) => {
        const offset = r * size + (position - to) * width;
        states.set(all.data.subarray(offset, offset + width), (r * read.length + i) * width);
      });
    }
    return { states: { data: states, rows: all.rows * read.length, width }, deltaNorms };
  };
  return { from: rows[0]!.k, step, finish: () => Promise.resolve(finish()), release: () => undefined };
}

/** States with more rows behind them. */
function appended(states: States, more: readonly Float32Array[], rows = more.length): States {
  const length = more.reduce((sum, data) => sum + data.length, states.data.length);
  const data = new Float32Array(length);
  data.set(states.data);
  let at = states.data.length;
  for (const part of more) {
    data.set(part, at);
    at += part.length;
  }
  return { ...states, data, rows: states.rows + rows };
}

/** Each row's frozen keys and values behind the unpatched ones of the positions before them. */
function withPrefix(unpatched: KeyValue, count: number, frozen: KeyValue): KeyValue {
  if (count === 0) return frozen;
  const { rows, heads, headWidth, valueWidth } = frozen;
  const positions = count + frozen.positions;
  const joined = (before: Float32Array, after: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(rows * heads * positions * width);
    for (let i = 0; i < rows * heads; i++) {
      const head = i % heads;
      const prefix = head * unpatched.positions * width;
      const own = i * frozen.positions * width;
      out.set(before.subarray(prefix, prefix + count * width), i * positions * width);
      out.set(after.subarray(own, own + frozen.positions * width), (i * positions + count) * width);
    }
    return out;
  };
  return {
    ...frozen,
    positions,
    key: joined(unpatched.key, frozen.key, headWidth),
    value: joined(unpatched.value, frozen.value, valueWidth),
  };
}
