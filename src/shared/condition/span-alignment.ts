/** Matches the tokens of a source span with those of target spans: which state goes where. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { Alignment, SwapPair } from "./parts.ts";
import type { Span } from "../prompt/spans.ts";
import { positionsOf } from "../prompt/spans.ts";

/** What alignment needs of a span. */
export type PlacedSpan = Pick<Span, "from" | "to" | "text">;

/**
 * Pairs for a swap, by ascending target position. The source may be another prompt; several targets get the same source.
 *
 * - `last`: the source span's last token, onto the last token of each target span;
 * - `each`: token by token; the lengths must be equal;
 * - `mean`: the mean of the source span's states, at every position of each target span;
 * - null: token by token if the lengths are equal, otherwise refused.
 *
 * @throws SwapError `span-lengths-differ`; `bad-span` for target spans that overlap, or none
 */
export function alignSpans(
  targets: readonly PlacedSpan[],
  source: PlacedSpan,
  alignment: Alignment | null,
): SwapPair[] {
  checkTargets(targets);
  const sourcePositions = positionsOf(source);
  const pairs = targets.flatMap((target): SwapPair[] => {
    switch (alignment) {
      case "last":
        return [{ target: target.to, source: [source.to] }];
      case "mean":
        return positionsOf(target).map((position) => ({ target: position, source: sourcePositions }));
      case "each":
      case null:
        if (lengthOf(target) !== lengthOf(source)) throw lengthsDiffer(target, source, alignment);
        return positionsOf(target).map((position, i) => ({
          target: position,
          source: [sourcePositions[i]!],
        }));
    }
  });
  return pairs.sort((a, b) => a.target - b.target);
}

function lengthOf(span: PlacedSpan): number {
  return span.to - span.from + 1;
}

function checkTargets(targets: readonly PlacedSpan[]): void {
  if (targets.length === 0)
    throw new SwapError("bad-span", l10n.t("There is no target span."), { code: "choose-targets" });
  const sorted = [...targets].sort((a, b) => a.from - b.from);
  for (const [i, next] of sorted.entries()) {
    const previous = sorted[i - 1];
    if (!previous || next.from > previous.to) continue;
    throw new SwapError(
      "bad-span",
      l10n.t("The target spans {0} and {1} overlap at token {2}.", quoted(previous), quoted(next), next.from),
      { code: "each-target-once" },
    );
  }
}

function lengthsDiffer(target: PlacedSpan, source: PlacedSpan, alignment: "each" | null): SwapError {
  return new SwapError(
    "span-lengths-differ",
    l10n.t(
      "The source span {0} has {1} and the target span {2} has {3}.",
      quoted(source),
      tokenCount(source),
      quoted(target),
      tokenCount(target),
    ),
    { code: alignment === null ? "align-spans" : "align-equal" },
  );
}

function quoted(span: PlacedSpan): string {
  return JSON.stringify(span.text.trim() === "" ? span.text : span.text.trim());
}

function tokenCount(span: PlacedSpan): string {
  const n = lengthOf(span);
  return n === 1 ? l10n.t("1 token") : l10n.t("{0} tokens", n);
}
