/** How the blocks of a graph can run on a shared position prefix: what a plan is, and which ones a graph offers. */
import type { Analysis } from "./analysis.ts";
import { stageCuts } from "./analysis.ts";
import { sharedByCache } from "./prefix-cache.ts";
import { sharedByProjections } from "./prefix-projections.ts";
import type { StageCut } from "./stage.ts";
import type { Wiring } from "./wiring.ts";

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

/** All blocks of a graph, shared in one form. */
export interface PrefixPlan {
  readonly form: PrefixForm;
  readonly blocks: readonly SharedBlock[];
}

/**
 * Forms to try, the fastest first.
 *
 * @param isWindowed whether attention is cut to a window that a trial at load cannot reach. Exporters' masks behind a
 *   cache are then trusted last: other forms make the masks of the whole prompt. GroupQueryAttention has its own window.
 */
export function prefixForms({ switched, switchedPaths }: Analysis, isWindowed: boolean): PrefixForm[] {
  const isGrouped = switchedPaths.every(({ cores }) =>
    cores.every((core) => switched.nodes[core]!.opType === "GroupQueryAttention"),
  );
  return isWindowed && !isGrouped
    ? ["own-queries", "all-queries", "cache"]
    : ["cache", "own-queries", "all-queries"];
}

/** All blocks in one form, or why they do not take it. A plan says what could be: it must be tried. */
export function planPrefix(
  { switched, switchedPaths, cuts }: Analysis,
  form: PrefixForm,
): PrefixPlan | string {
  const blocks: SharedBlock[] = [];
  const stages = stageCuts(cuts);
  for (let k = 0; k < switchedPaths.length; k++) {
    const cut = stages[k + 1]!;
    const shared =
      form === "cache"
        ? sharedByCache(switched, cut, k)
        : sharedByProjections(switched, switchedPaths[k]!, cut, form);
    if (typeof shared === "string") return `in block ${k} ${shared}`;
    blocks.push(shared);
  }
  return { form, blocks };
}
