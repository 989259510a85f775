/** Where a grid's one state comes from, and which positions name its source answer: one rule for command line and editor. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { Alignment } from "../condition/parts.ts";
import type { PlacedSpan } from "../condition/span-alignment.ts";
import { positionsOf } from "../prompt/spans.ts";

/** Whether a span and an alignment say which state a grid puts in. */
export function isOneState(span: PlacedSpan, align: Alignment | null): boolean {
  return align === "last" || align === "mean" || span.from === span.to;
}

/**
 * Positions of the source run whose state a grid puts in: the last one, or all, whose mean it is.
 *
 * @throws SwapError `span-lengths-differ` for several tokens unless `last` or `mean` is named
 */
export function gridSource(span: PlacedSpan, align: Alignment | null): readonly number[] {
  if (align === "last") return [span.to];
  const positions = positionsOf(span);
  if (isOneState(span, align)) return positions;
  throw new SwapError(
    "span-lengths-differ",
    l10n.t(
      "The source span {0} has {1} tokens, and a grid puts one state at one position.",
      JSON.stringify(span.text.trim()),
      positions.length,
    ),
    { code: "align-grid" },
  );
}

/** Positions whose swap at the smallest k gives the source answer when none is named, ascending. */
export function gridTargets(spans: readonly PlacedSpan[], align: Alignment | null): readonly number[] {
  const positions = spans.flatMap((span) => (align === "last" ? [span.to] : positionsOf(span)));
  return [...new Set(positions)].sort((a, b) => a - b);
}
