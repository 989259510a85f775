/** Run Again: a swap on its prompt as it is now. */
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { carriedSpan } from "../prompt/read-prompt.ts";
import type { Source, Swap } from "../swap/records.ts";
import { samePairs } from "../swap/records.ts";
import { fittingAlignment, newSwap } from "../swap/make-swap.ts";
import { withWord } from "./choose-source.ts";
import { refreshedRead, refreshedSource } from "./current-source.ts";

/** Runs a swap again, with the tokens that are chosen now. */
export async function runAgain(host: Host, swap: Swap): Promise<void> {
  const fresh = await refreshedSwap(host, swap);
  await host.runner.sweep([fresh]);
}

/**
 * A swap with everything that changed read again, put in the store in place of the old one. The grid stays while
 * it still fits, so that it can be told to be out of date rather than vanish.
 *
 * @throws SwapError `bad-span` when the replaced token itself was edited or its prompt deleted
 */
export async function refreshedSwap(host: Host, swap: Swap): Promise<Swap> {
  const known = swap.target.promptId === null ? null : host.prompts.get(swap.target.promptId);
  if (swap.target.promptId !== null && !known?.current) {
    throw new SwapError("bad-span", "The prompt was deleted.", "Undo, or clear the result.");
  }
  const target = await refreshedRead(host, swap.target);
  const targets =
    target === swap.target
      ? swap.targets
      : swap.targets.map((span) => {
          const carried = carriedSpan(swap.target, span, target);
          if (carried) return carried;
          const name = span.text.trim();
          throw new SwapError(
            "bad-span",
            `The replaced token ${name === "" ? "" : `“${name}” `}was edited.`,
            "Select the tokens again and run Swap State Here.",
          );
        });
  const source = await sourceOf(host, swap, { ...swap, target, targets });
  const align = fittingAlignment(swap.align, targets, source.span);
  const next = newSwap(swap.id, target, targets, source, align);
  if (target === swap.target && source === swap.source && samePairs(next.pairs, swap.pairs)) return swap;
  const kept = { sweep: swap.sweep, grid: target === swap.target ? swap.grid : null };
  const refreshed = { ...next, ...kept, k: swap.k };
  host.store.update(swap.id, () => refreshed);
  return refreshed;
}

/** A source that is the target prompt with another word follows the prompt's edits. */
async function sourceOf(host: Host, before: Swap, after: Swap): Promise<Source> {
  const { source } = before;
  if (source.word === null || after.target === before.target) return refreshedSource(host, source);
  const changed = await withWord(host, { read: after.target, span: after.targets[0]! }, source.word);
  return changed ?? source;
}
