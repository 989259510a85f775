/** The checks at load (docs/invariants.md): stages against the whole model, identity patch = nothing, logit lens = logits. */
import type { SelfTest } from "../shared/experiment/result.ts";
import { SwapError } from "../shared/errors.ts";
import { maxAbsDifference } from "./difference.ts";
import type { UnpatchedRun } from "./states.ts";
import { lastLogits, startUnpatched } from "./pass/unpatched-run.ts";
import type { RowClimb } from "./pass/batch-output.ts";
import { climb } from "./pass/climb.ts";
import type { RunControl } from "./pass/control.ts";
import { uncancelled } from "./pass/control.ts";
import type { PatchedRow } from "./intervene/patched-row.ts";
import { logitsOf, startRows } from "./pass/staircase.ts";
import type { DecoderModel } from "./model/decoder.ts";

/** The lens and the head are one computation at different batch shapes (G10). */
const LENS_TOLERANCE = 1e-4;

/** What a self-test found, and how far `maxAbsDiff` was allowed to go. */
export interface TestedDecoder {
  readonly result: SelfTest;
  readonly tolerance: number;
}

/**
 * Checks an opened decoder on a four-token prompt.
 *
 * @returns what was measured; `passed` false names no culprit: see `failureOf`
 */
export async function selfTest(decoder: DecoderModel): Promise<TestedDecoder> {
  const whole = await decoder.compareWithWhole();
  const ids = IDS.map((id) => Math.min(id, decoder.info.vocab - 1));
  const control = uncancelled();
  const started = startUnpatched(decoder, ids, control);
  const unpatched = started.run;
  const rows = startRows(decoder, unpatched, identityRows(decoder), [ids.length - 1], control);
  await climb(decoder, [started, rows], control);
  const identity = await identityDifference(decoder, rows, control);
  const lens = await lensDifference(decoder, unpatched);
  const passed =
    (whole.maxAbsDiff === null || whole.maxAbsDiff <= whole.tolerance) &&
    identity === 0 &&
    lens <= LENS_TOLERANCE;
  const { maxAbsDiff, note, tolerance } = whole;
  return { result: { passed, maxAbsDiff, identity, lens, note }, tolerance };
}

/** The error for a model whose self-test failed: which check, by how much. */
export function failureOf(path: string, { result: test, tolerance }: TestedDecoder): SwapError {
  const found: string[] = [];
  if (test.maxAbsDiff !== null && !(test.maxAbsDiff <= tolerance)) {
    found.push(`the stages differ from ${test.note} by ${test.maxAbsDiff} (allowed ${tolerance})`);
  }
  if (test.identity !== 0) found.push(`an identity patch changed the logits by ${test.identity} (allowed 0)`);
  if (test.lens !== null && !(test.lens <= LENS_TOLERANCE)) {
    found.push(
      `the logit lens at the last block differs from the logits by ${test.lens} (allowed ${LENS_TOLERANCE})`,
    );
  }
  return new SwapError(
    "self-test-failed",
    `The self-test of ${path} failed: ${found.join("; ")}.`,
    "Results of this model would be wrong, so it is not opened. Try another export of it, and please report the file.",
  );
}

const IDS = [1, 2, 3, 4];

/** An identity patch in the middle, behind a row of other states. */
function identityRows({ info }: DecoderModel): readonly PatchedRow[] {
  const patched = (vectors: PatchedRow["vectors"]): PatchedRow => ({
    k: Math.floor(info.blocks / 2),
    seed: null,
    positions: [1],
    vectors,
    holds: false,
    skipsAttention: false,
  });
  const negated = patched((replaced) => ({ ...replaced, data: replaced.data.map((value) => -value) }));
  return [negated, patched((replaced) => replaced)];
}

/** Of these rows against the unpatched prompt: max |Δlogit|. */
async function identityDifference(
  decoder: DecoderModel,
  rows: RowClimb,
  control: RunControl,
): Promise<number> {
  try {
    const output = await logitsOf(decoder, rows, control);
    return maxAbsDifference(output.unpatched.logits, output.rows[1]!.logits);
  } finally {
    rows.release();
  }
}

/** The lens at the last block for all positions at once, against the logits of the last position alone. */
async function lensDifference(decoder: DecoderModel, unpatched: UnpatchedRun): Promise<number> {
  const { blocks, width } = decoder.info;
  const alone = await lastLogits(decoder, unpatched);
  const all = await decoder.logits({ data: unpatched.hidden[blocks]!, rows: IDS.length, width });
  return maxAbsDifference(alone, all.data.subarray((IDS.length - 1) * all.width));
}
