/**
 * Likelihood of whole answers: log p(answer | prompt) = sum over i of log p(token i | prompt, tokens before i). The answer's
 * tokens are given, not generated; the condition covers the prompt, and they run unpatched behind it.
 */
import type { Answer } from "../../shared/experiment/experiment.ts";
import { row as rowAt } from "../matrix.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { BatchLimits } from "./batches.ts";
import { batchesOf } from "./batches.ts";
import type { UnpatchedRun } from "../states.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";
import { logSumExp } from "./readout.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import { runRowStates } from "./staircase.ts";

/** States that go through the head at once: a row of logits can have a quarter of a million numbers. */
const HEAD_ROWS = 64;

/** The prompt with all tokens of an answer but the last, which predicts nothing; null for an answer of one token. */
export function extendedIds(prompt: readonly number[], answer: Answer): readonly number[] | null {
  return answer.ids.length > 1 ? [...prompt, ...answer.ids.slice(0, -1)] : null;
}

/**
 * log p of an answer's tokens after the first, for the unpatched prompt (index 0) and for each row.
 *
 * @param extended the unpatched run of `extendedIds`
 * @param rows ordered by k (ascending)
 * @param promptLength tokens of the prompt; the answer's first token stands at that position
 * @returns `[1 + rows]`
 */
export async function restLogprobs(
  decoder: DecoderModel,
  extended: UnpatchedRun,
  rows: readonly PatchedRow[],
  answer: Answer,
  promptLength: number,
  control: RunControl,
  limits?: BatchLimits,
): Promise<number[]> {
  const rest = answer.ids.slice(1);
  const read = rest.map((_, i) => promptLength + i);
  const sums: number[] = [];
  const ground = { tokens: extended.ids.length, read, hasKeyValues: extended.keyValues !== null };
  const sumOf = new Map<PatchedRow, number>();
  for (const batch of batchesOf(rows, ground, decoder.info, limits)) {
    const { states } = await runRowStates(decoder, extended, batch, read, control);
    const logprobs: number[] = [];
    for (let from = 0; from < states.rows; from += HEAD_ROWS) {
      throwIfCancelled(control);
      const count = Math.min(HEAD_ROWS, states.rows - from);
      const data = states.data.subarray(from * states.width, (from + count) * states.width);
      const logits = await decoder.logits({ data, rows: count, width: states.width });
      for (let i = 0; i < count; i++) {
        const one = rowAt(logits, i);
        logprobs.push(one[rest[(from + i) % rest.length]!]! - logSumExp(one));
      }
    }
    const perRow = Array.from({ length: 1 + batch.length }, (_, r) =>
      logprobs.slice(r * rest.length, (r + 1) * rest.length).reduce((sum, value) => sum + value, 0),
    );
    // Each batch has the unpatched prompt in front; once is enough.
    if (sums.length === 0) sums.push(perRow[0]!);
    batch.forEach((row, i) => sumOf.set(row, perRow[1 + i]!));
  }
  return [...sums, ...rows.map((row) => sumOf.get(row)!)];
}
