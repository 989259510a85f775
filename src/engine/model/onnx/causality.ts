/** Checks that a model is causal: a later token must not change the states of earlier positions. */
import { SwapError } from "../../../shared/errors.ts";
import { maxRelativeDifference } from "../../difference.ts";
import type { DecoderModel } from "../decoder.ts";

/** Half-precision graphs round differently in different batches, never by this much. */
const TOLERANCE = 1e-2;

/**
 * Runs the first block on two prompts that differ in the last token only.
 *
 * @throws SwapError `not-a-decoder` when earlier positions see it: an encoder
 */
export async function checkCausal(decoder: DecoderModel, file: string): Promise<void> {
  const last = Math.min(5, decoder.info.vocab - 1);
  const first = await firstPosition(decoder, [1, 2, 3]);
  const second = await firstPosition(decoder, [1, 2, last]);
  if (maxRelativeDifference(second, first) <= TOLERANCE) return;
  throw new SwapError(
    "not-a-decoder",
    `${file} is not a decoder: a later token changes the states of earlier ones, as in an encoder.`,
    "State Swap takes decoders that map input_ids to logits (text-generation exports).",
  );
}

async function firstPosition(decoder: DecoderModel, ids: readonly number[]): Promise<Float32Array> {
  const output = await decoder.block(0, await decoder.embed(ids), { ids, start: 0 });
  return output.states.data.subarray(0, output.states.width);
}
