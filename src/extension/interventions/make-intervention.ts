/** Builds interventions from read prompts and spans. */
import type { Alignment } from "../../shared/condition/parts.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { alignSpans } from "../../shared/condition/span-alignment.ts";
import type { Intervention, Source } from "./records.ts";

/** What an intervention is made of. */
export type InterventionParts = Pick<
  Intervention,
  "id" | "target" | "targets" | "source" | "align" | "setup"
>;

/**
 * An intervention that has not run yet.
 *
 * @throws SwapError when source and targets do not align (`alignSpans`)
 */
export function newIntervention(parts: InterventionParts): Intervention {
  const pairs = pairsOf(parts);
  const results = { sweep: null, runs: [], removed: null, grid: null, attention: null };
  return { ...parts, pairs, ...results, k: null, cell: null };
}

/**
 * Which state goes where; none without a source or targets.
 *
 * @throws SwapError when source and targets do not align (`alignSpans`)
 */
export function pairsOf({
  targets,
  source,
  align,
}: Pick<Intervention, "targets" | "source" | "align">): Intervention["pairs"] {
  return source && targets.length > 0 ? alignSpans(targets, source.span, align) : [];
}

/** What a source that the user chose changes in an intervention; its tokens may be others than when it was asked for. */
export function withChosenSource(
  { targets }: Pick<Intervention, "targets">,
  source: Source,
  wanted: Alignment | null,
): Pick<Intervention, "source" | "align" | "pairs"> {
  const align = fittingAlignment(wanted, targets, source.span);
  return { source, align, pairs: pairsOf({ targets, source, align }) };
}

/** Whether the user must say how the spans are aligned. */
export function needsAlignment(targets: readonly PlacedSpan[], source: PlacedSpan): boolean {
  return targets.some((target) => lengthOf(target) !== lengthOf(source));
}

/** An alignment that fits the spans: the wanted one, or the last token onto the last where lengths differ. */
export function fittingAlignment(
  wanted: Alignment | null,
  targets: readonly PlacedSpan[],
  source: PlacedSpan | null,
): Alignment | null {
  if (!source || !needsAlignment(targets, source)) return wanted;
  return wanted === null || wanted === "each" ? "last" : wanted;
}

function lengthOf({ from, to }: PlacedSpan): number {
  return to - from + 1;
}
