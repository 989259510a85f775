/** Builds swaps from read prompts and spans. */
import type { Alignment } from "../../shared/experiment.ts";
import type { PlacedSpan } from "../../shared/span-alignment.ts";
import { alignSpans } from "../../shared/span-alignment.ts";
import type { ReadPrompt, Source, Swap } from "./records.ts";

/** A swap that has not run yet. */
export function newSwap(
  id: number,
  target: ReadPrompt,
  targets: readonly PlacedSpan[],
  source: Source,
  align: Alignment | null,
): Swap {
  const pairs = alignSpans(targets, source.span, align);
  return { id, target, targets, source, align, pairs, sweep: null, grid: null, k: null, cell: null };
}

/** Whether the user must say how the spans are aligned. */
export function needsAlignment(targets: readonly PlacedSpan[], source: PlacedSpan): boolean {
  return targets.some((target) => lengthOf(target) !== lengthOf(source));
}

/** An alignment that fits the spans: the wanted one, or the last token onto the last where lengths differ. */
export function fittingAlignment(
  wanted: Alignment | null,
  targets: readonly PlacedSpan[],
  source: PlacedSpan,
): Alignment | null {
  if (!needsAlignment(targets, source)) return wanted;
  return wanted === null || wanted === "each" ? "last" : wanted;
}

function lengthOf({ from, to }: PlacedSpan): number {
  return to - from + 1;
}
