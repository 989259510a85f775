/** How the blocks of a graph can run on a shared position prefix: what a plan is, and which ones a graph offers. */
import type { Analysis } from "../analysis.ts";
import { stageCuts } from "../analysis.ts";
import { fusedAttention } from "../operators.ts";
import { sharedByCache } from "./cache.ts";
import { sharedByProjections } from "./projections.ts";
import type { PrefixForm, SharedBlock } from "./past.ts";

/** All blocks of a graph, shared in one form. */
export interface PrefixPlan {
  readonly form: PrefixForm;
  readonly blocks: readonly SharedBlock[];
}

/**
 * Forms to try, the fastest first.
 *
 * @param isWindowed whether attention is cut to a window that a trial at load cannot reach. Exporters' masks behind a
 *   cache are then trusted last: other forms make the masks of the whole prompt. An operator with a window of its own needs none.
 */
export function prefixForms({ switched, switchedPaths }: Analysis, isWindowed: boolean): PrefixForm[] {
  const hasOwnWindow = switchedPaths.every(({ cores }) =>
    cores.every((core) => fusedAttention(switched.nodes[core]!)?.hasOwnWindow),
  );
  return isWindowed && !hasOwnWindow
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
