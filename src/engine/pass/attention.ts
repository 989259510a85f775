/** Attention of a prompt's last position to each position, block by block. */
import { SwapError } from "../../shared/errors.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";

/**
 * Weights after the softmax, mean over heads.
 *
 * @returns `[blocks][positions]`
 * @throws SwapError `unsupported-model` when the file's graph gives no weights
 */
export async function attentionOfLast(
  decoder: DecoderModel,
  unpatched: UnpatchedRun,
  control: RunControl,
): Promise<number[][]> {
  const { blocks, width, can } = decoder.info;
  if (can.giveAttention !== true) {
    throw new SwapError(
      "unsupported-model",
      `This model's file gives no attention weights: ${can.giveAttention.reason}.`,
      "Try another export of the model.",
    );
  }
  const rows: number[][] = [];
  for (let k = 0; k < blocks; k++) {
    throwIfCancelled(control);
    const states = { data: unpatched.hidden[k]!, rows: 1, positions: unpatched.ids.length, width };
    const heads = await decoder.attention(k, states, unpatched.ids);
    const sums = new Float64Array(heads.width);
    heads.data.forEach((weight, i) => (sums[i % heads.width]! += weight));
    rows.push(Array.from(sums, (sum) => sum / heads.rows));
  }
  return rows;
}
