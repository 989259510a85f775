/** Logit lens: the final norm and the head on the states between blocks (nostalgebraist, 2020). */
import type { Answers } from "../../shared/experiment/experiment.ts";
import { row } from "../matrix.ts";
import type { LensRow } from "../../shared/experiment/result.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import { stateAt } from "../states.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";
import { readLogits } from "./outcomes.ts";
import { logSumExp, topTokens } from "./readout.ts";

/** States that go through the head at once. */
const HEAD_ROWS = 32;

/**
 * The lens on the last position of an unpatched run, for the input of every block and the output of the last one. The norm
 * is applied once, so the row k = blocks gives the model's own logits.
 *
 * @param top how many of the most likely tokens each row lists
 * @returns k = 0..blocks
 */
export async function lensRows(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  answers: Answers,
  top: number,
  textOf: (id: number) => string,
  control: RunControl,
): Promise<LensRow[]> {
  const { blocks, width } = decoder.info;
  const last = unpatched.ids.length - 1;
  const rows: LensRow[] = [];
  for (let from = 0; from <= blocks; from += HEAD_ROWS) {
    throwIfCancelled(control);
    const count = Math.min(HEAD_ROWS, blocks + 1 - from);
    const data = new Float32Array(count * width);
    for (let i = 0; i < count; i++) data.set(stateAt(unpatched, from + i, last), i * width);
    const logits = await decoder.logits({ data, rows: count, width });
    for (let i = 0; i < count; i++) {
      const one = row(logits, i);
      const total = logSumExp(one);
      const { targetLogprob, sourceLogprob, rankOfTarget } = readLogits(
        one,
        answers,
        "next-token",
        undefined,
        total,
      );
      rows.push({
        k: from + i,
        top: topTokens(one, top, textOf, total),
        targetLogprob,
        sourceLogprob,
        rankOfTarget,
      });
    }
  }
  return rows;
}
