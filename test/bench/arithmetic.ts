/** The arithmetic of a plan on SmolLM2-135M: multiply-adds, of which bounds are made. */
import type { RunPlan } from "../../src/shared/experiment/run-plan.ts";

const WIDTH = 576;
const KEY_VALUE_WIDTH = 192;
const FEED_FORWARD = 1536;
const VOCABULARY = 49_152;

/** What is counted of a plan. */
export type Counted = Pick<RunPlan, "blockTokens" | "keyValueTokens" | "headRows">;

/**
 * Multiply-adds of a plan's matrix products.
 *
 * @param tokens of the prompt: a token's scores are computed over all of them, also where the mask hides them
 */
export function arithmetic({ blockTokens, keyValueTokens, headRows }: Counted, tokens: number): number {
  const keyValue = 2 * WIDTH * KEY_VALUE_WIDTH;
  const projections = 2 * WIDTH * WIDTH + keyValue + 3 * WIDTH * FEED_FORWARD;
  const attention = 2 * WIDTH * tokens;
  return blockTokens * (projections + attention) + keyValueTokens * keyValue + headRows * WIDTH * VOCABULARY;
}
