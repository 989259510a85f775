/**
 * Rows without attention from block k on: above k no position looks at another, so only the read positions run.
 * Exact, not an approximation.
 */
import { norm } from "../matrix.ts";
import type { DecoderModel, States } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import { stateAt, statesAt } from "../states.ts";
import type { RunControl } from "./control.ts";
import type { BatchStates, RowClimb } from "./batch-output.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";

/**
 * Begins to run a batch of such rows up to the output of the last block. `deltaNorms`: the change of block k's output at the last
 * read position.
 *
 * @param rows at least one, ordered by k (ascending)
 * @param read positions whose states are wanted, ascending
 */
export function startWithoutAttention(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  rows: readonly PatchedRow[],
  read: readonly number[],
  control: RunControl,
): RowClimb {
  const { blocks, width } = decoder.info;
  const ids = read.map((position) => unpatched.ids[position]!);
  const size = read.length * width;
  const deltaNorms: number[] = [];
  let states: States = { data: new Float32Array(0), rows: 0, positions: read.length, width };
  const step = async (k: number): Promise<void> => {
    const joining = rows.filter((row) => row.k === k).length;
    states = withCopies(states, statesAt(unpatched, k, read).data, joining);
    // What stands at which position makes no difference here, so the positions may count from 0.
    const output = await decoder.block(k, states, { ids, start: 0, skipAttention: true });
    control.meter.blockTokens += states.rows * states.positions;
    states = output.states;
    for (let i = states.rows - joining; i < states.rows; i++) {
      const last = states.data.subarray((i + 1) * size - width, (i + 1) * size);
      const after = stateAt(unpatched, k + 1, read.at(-1)!);
      deltaNorms.push(norm(last.map((value, j) => value - after[j]!)));
    }
  };
  const finish = (): BatchStates => {
    const data = new Float32Array((1 + rows.length) * size);
    data.set(statesAt(unpatched, blocks, read).data);
    data.set(states.data, size);
    // Rows at k = blocks join behind the last block: nothing is skipped.
    for (let i = states.rows; i < rows.length; i++) {
      data.set(statesAt(unpatched, blocks, read).data, (1 + i) * size);
      deltaNorms.push(0);
    }
    return { states: { data, rows: (1 + rows.length) * read.length, width }, deltaNorms };
  };
  return { from: rows[0]!.k, step, finish: () => Promise.resolve(finish()), release: () => undefined };
}

function withCopies(states: States, row: Float32Array, copies: number): States {
  const data = new Float32Array(states.data.length + copies * row.length);
  data.set(states.data);
  for (let i = 0; i < copies; i++) data.set(row, states.data.length + i * row.length);
  return { ...states, data, rows: states.rows + copies };
}
