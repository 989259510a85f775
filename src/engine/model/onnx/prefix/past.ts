/** What the forms of a shared position prefix have in common: names of the added inputs and outputs, and a block that takes them. */
import type { StageCut } from "../stage.ts";
import type { Wiring } from "../wiring.ts";

/** How the names of stage inputs for a shared prefix begin. */
export const PAST_INPUT = "state_swap/past_";

/** Stage inputs beside those of the graph: keys and values of the prefix, and how long it is, int64 `[1]`. */
export const PAST_KEY = `${PAST_INPUT}key`;

export const PAST_VALUE = `${PAST_INPUT}value`;

export const PAST_LENGTH = `${PAST_INPUT}length`;

/** Int64 `[4]`, `[rows, 1, 1, 1]`: over how many rows the prefix is spread. */
export const PAST_ROWS = `${PAST_INPUT}rows`;

/** Stage outputs beside the states: keys and values of row 0 at all positions, prefix included. */
export const PRESENT_KEY = "state_swap/present_key";

export const PRESENT_VALUE = "state_swap/present_value";

/** A part of a graph to be cut out, rewritten for it. */
export interface StageSource {
  readonly wiring: Wiring;
  readonly cut: StageCut;
}

/**
 * `cache`: through the graph's own cache inputs; only the positions behind the prefix are fed. `own-queries`,
 * `all-queries`: prefix keys and values are prepended to the outputs of the projections, before rotary positions, and
 * what lies between them and attention runs at all positions; masks and position tables are made for the whole prompt.
 * Attention is asked by the positions behind the prefix, or, where it cannot be, by all.
 */
export type PrefixForm = "cache" | "own-queries" | "all-queries";

/** One block that can run on a shared prefix. */
export interface SharedBlock {
  /** Keys and values are `[rows, heads, positions, headWidth]` (`cache`) or `[rows, positions, width]`. */
  readonly block: StageSource;
  /** Makes the keys and values of given inputs: `STAGE_OUTPUT` the keys, `PRESENT_VALUE` the values, of all rows. */
  readonly keyValue: () => StageSource;
}
