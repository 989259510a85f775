/**
 * The staircase: one upward pass for many patched rows. The row "patched at k" joins the batch at block k as a copy of
 * the unpatched row with its states replaced, so that each block runs once per batch, not once per row (docs/architecture.md).
 */
import { row } from "../matrix.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { RunningBatch } from "./batch.ts";
import { Batch } from "./batch.ts";
import { DeviceBatch } from "./device-batch.ts";
import type { UnpatchedRun } from "../states.ts";
import { firstPositions } from "./unpatched-run.ts";
import { climb } from "./climb.ts";
import type { Meter, RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";
import { startFrozenRows } from "./frozen-rows.ts";
import { courseOf, takesReference } from "./batch-layout.ts";
import { startWithoutAttention } from "./without-attention.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import type { BatchOutput, BatchStates, RowClimb } from "./batch-output.ts";

/**
 * Runs a batch of patched rows of one prompt and reads the last position's logits.
 *
 * @param rows at least one, ordered by k (ascending)
 */
export async function runPatchedRows(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  rows: readonly PatchedRow[],
  control: RunControl,
): Promise<BatchOutput> {
  const pass = startRows(decoder, unpatched, rows, [unpatched.ids.length - 1], control);
  try {
    await climb(decoder, [pass], control);
    return await logitsOf(decoder, pass, control);
  } finally {
    pass.release();
  }
}

/** The last position's logits of rows that have climbed. */
export async function logitsOf(
  decoder: DecoderModel,
  pass: RowClimb,
  control: RunControl,
): Promise<BatchOutput> {
  const { states, deltaNorms } = await pass.finish();
  throwIfCancelled(control);
  const logits = await decoder.logits(states);
  const outputs = Array.from({ length: logits.rows }, (_, i) => ({
    logits: row(logits, i),
    deltaNorm: i === 0 ? 0 : deltaNorms[i - 1]!,
  }));
  return { unpatched: outputs[0]!, rows: outputs.slice(1) };
}

/**
 * Runs a batch of patched rows of one prompt up to the output of the last block.
 *
 * Only positions from the first replaced one on run when the back end shares prefixes; the states before it are the
 * unpatched run's, since attention is causal. A row branches off the unpatched run at its k, so that an identity patch is equal
 * to it to the last bit: off the unpatched run where states do not depend on the batch, else off an unpatched row that goes
 * along. In the last block only the positions that are read run whole.
 *
 * @param unpatched the unpatched run; may go on behind the patched prompt with tokens of an answer
 * @param rows at least one, ordered by k (ascending)
 * @param read positions whose states are wanted, ascending, none before the first replaced one
 */
export async function runRowStates(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  rows: readonly PatchedRow[],
  read: readonly number[],
  control: RunControl,
): Promise<BatchStates> {
  const pass = startRows(decoder, unpatched, rows, read, control);
  try {
    await climb(decoder, [pass], control);
    return await pass.finish();
  } finally {
    pass.release();
  }
}

/** Begins what {@link runRowStates} runs; the unpatched run may climb before it, in the same climb. */
export function startRows(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  rows: readonly PatchedRow[],
  read: readonly number[],
  control: RunControl,
): RowClimb {
  const ground = { tokens: unpatched.ids.length, read, hasKeyValues: unpatched.keyValues !== null };
  const course = courseOf(rows, ground);
  if (course.kind === "without-attention")
    return startWithoutAttention(decoder, unpatched, rows, read, control);
  if (course.kind === "frozen")
    return startFrozenRows(decoder, unpatched, rows, course.stretch, read, control);
  const { start } = course;
  const { blocks, cost } = decoder.info;
  const { ids } = unpatched;
  const from = rows[0]!.k;
  const reference = takesReference(course, ground, decoder.info) ? from : null;
  let begun: RunningBatch | null = null;
  // Not before: the first states may not have been made yet.
  const begin = (): RunningBatch =>
    decoder.device && reference !== null
      ? new DeviceBatch(unpatched, start, reference, decoder.device)
      : new Batch(unpatched, start, reference);
  const join = (batch: RunningBatch, k: number): void => {
    for (const row of rows) if (row.k === k) batch.join(row);
  };
  return {
    from,
    async step(k) {
      const batch = (begun ??= begin());
      batch.hold();
      join(batch, k);
      const past = start > 0 ? firstPositions(unpatched.keyValues![k]!, start) : undefined;
      const trimmed = cost.trimsOutput && k === blocks - 1 ? { wanted: ids.length - read[0]! } : {};
      const before = batch.extent;
      await batch.run(decoder, k, { ids, start, ...(past ? { past } : {}), ...trimmed });
      countBlock(control.meter, before, batch.extent);
    },
    async finish() {
      const batch = (begun ??= begin());
      join(batch, blocks);
      return { states: await batch.read(read), deltaNorms: batch.deltaNorms };
    },
    release() {
      begun?.release();
    },
  };
}

/** Adds one block run to the meter: positions that did not come out left keys and values only. */
function countBlock(
  meter: Meter,
  { rows, positions }: RunningBatch["extent"],
  output: RunningBatch["extent"],
): void {
  meter.blockTokens += rows * output.positions;
  meter.keyValueTokens += rows * (positions - output.positions);
}
