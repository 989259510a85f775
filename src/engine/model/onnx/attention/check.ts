/** Tries at load what graph analysis says of attention: that a block without it mixes no positions, that weights are weights. */
import { maxRelativeDifference } from "../../../difference.ts";
import type { Ability, DecoderInfo, DecoderModel, States } from "../../decoder.ts";
import { inabilityNotes } from "../../decoder.ts";

const IDS = [1, 2, 3];
/** Relative to the largest value; experts that are sent tokens in groups round differently, attention changes far more. */
const INDEPENDENCE_TOLERANCE = 1e-4;

/**
 * Tries skipping attention in all blocks, and reading weights in the first one (each reading loads weights anew).
 *
 * @param decoder whose `info` says what the analysis found
 * @returns its `info`, with what failed taken back and said in `notes`
 */
export async function withTriedAttention(decoder: DecoderModel): Promise<DecoderInfo> {
  const { info } = decoder;
  const ids = IDS.map((id) => Math.min(id, info.vocab - 1));
  const states = await decoder.embed(ids);
  const { skipAttention, giveAttention } = info.can;
  const tried = {
    skipAttention: skipAttention === true ? await triedSkip(decoder, states, ids) : true,
    giveAttention: giveAttention === true ? await triedReading(decoder, states, ids) : true,
  } as const;
  return {
    ...info,
    can: {
      ...info.can,
      skipAttention: skipAttention === true ? tried.skipAttention : skipAttention,
      giveAttention: giveAttention === true ? tried.giveAttention : giveAttention,
    },
    notes: [...info.notes, ...inabilityNotes(tried)],
  };
}

async function triedSkip(decoder: DecoderModel, states: States, ids: readonly number[]): Promise<Ability> {
  const mixing = await mixingBlock(decoder, states, ids);
  return mixing === null || { reason: `block ${mixing} mixes positions without it too` };
}

/** First block that, without attention, still lets a position see earlier ones; null: none does. */
async function mixingBlock(
  decoder: DecoderModel,
  states: States,
  ids: readonly number[],
): Promise<number | null> {
  const before = (states.positions - 1) * states.width;
  const other = { ...states, data: states.data.map((value, i) => (i < before ? -value : value)) };
  for (let k = 0; k < decoder.info.blocks; k++) {
    const context = { ids, start: 0, skipAttention: true };
    const first = (await decoder.block(k, states, context)).states.data.subarray(before);
    const second = (await decoder.block(k, other, context)).states.data.subarray(before);
    if (!(maxRelativeDifference(second, first) <= INDEPENDENCE_TOLERANCE)) return k;
  }
  return null;
}

async function triedReading(decoder: DecoderModel, states: States, ids: readonly number[]): Promise<Ability> {
  try {
    await decoder.attention(0, states, ids);
    return true;
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
