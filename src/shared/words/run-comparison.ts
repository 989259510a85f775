/** Two runs beside each other, in words: where each flips, for how many k they agree, and which k differ. */
import * as l10n from "@vscode/l10n";
import type { Answers } from "../experiment/experiment.ts";
import type { Flip } from "../experiment/outcome.ts";
import { rowPerK } from "../experiment/outcome.ts";
import type { SweepRow } from "../experiment/result.ts";
import { rangeText, runsOf } from "../text/ranges.ts";
import { outcomeRow } from "./answer.ts";

/** A run that is compared. */
export interface ComparedRun {
  readonly name: string;
  readonly rows: readonly SweepRow[];
  readonly answers: Answers | null;
  readonly flip: Flip | null;
  readonly blocks: number;
}

/**
 * Whether two runs' values can be laid over each other: of one answer, over the same blocks. The source's answer may be
 * another, or none: what both have is the target's.
 */
export function isComparable(
  a: Pick<ComparedRun, "answers" | "blocks">,
  b: Pick<ComparedRun, "answers" | "blocks">,
): boolean {
  return a.blocks === b.blocks && String(a.answers?.target.ids) === String(b.answers?.target.ids);
}

/** Stretches of k that are named before the rest is counted only. */
const MOST_NAMED = 6;

/** `Swap flips at k 24, Random at k 27: 3 layers later. The same outcome at 27 of 30 layers, another at k 24–26.` */
export function comparisonText(a: ComparedRun, b: ComparedRun): string {
  if (!isComparable(a, b)) {
    return a.blocks === b.blocks
      ? l10n.t("They measure other answers: their curves are not laid over each other.")
      : l10n.t("They are of models with other numbers of layers: their curves are not laid over each other.");
  }
  return `${flipsText(a, b)} ${agreementText(a, b)}`.trim();
}

function flipsText(a: ComparedRun, b: ComparedRun): string {
  if (!a.flip || !b.flip) {
    if (!a.flip && !b.flip) return l10n.t("Neither flips.");
    const [flips, other] = a.flip ? [a, b] : [b, a];
    return l10n.t("{0} flips at k {1}, {2} does not.", flips.name, flips.flip!.k, other.name);
  }
  const by = b.flip.k - a.flip.k;
  if (by === 0) return l10n.t("Both flip at k {0}.", a.flip.k);
  const [one, two] = [[a.name, a.flip.k, b.name, b.flip.k] as const, Math.abs(by)];
  if (two === 1) {
    return by > 0
      ? l10n.t("{0} flips at k {1}, {2} at k {3}: one layer later.", ...one)
      : l10n.t("{0} flips at k {1}, {2} at k {3}: one layer earlier.", ...one);
  }
  return by > 0
    ? l10n.t("{0} flips at k {1}, {2} at k {3}: {4} layers later.", ...one, two)
    : l10n.t("{0} flips at k {1}, {2} at k {3}: {4} layers earlier.", ...one, two);
}

/** Of several seeds as `rowPerK` says. */
function agreementText(a: ComparedRun, b: ComparedRun): string {
  const [one, other] = [a, b].map(
    ({ rows }) => new Map(rowPerK(rows.map(outcomeRow)).map((row) => [row.k, row.outcome])),
  ) as [Map<number, string>, Map<number, string>];
  const both = [...one.keys()].filter((k) => other.has(k));
  if (both.length === 0) return "";
  const differing = runsOf(
    both.filter((k) => one.get(k) !== other.get(k)).sort((first, second) => first - second),
  );
  if (differing.length === 0)
    return l10n.t("The same outcome at all {0} layers that both have.", both.length);
  const same = both.filter((k) => one.get(k) === other.get(k)).length;
  const named = differing.slice(0, MOST_NAMED).map(({ from, to }) => rangeText(from, to));
  const more = differing.length > MOST_NAMED ? ["…"] : [];
  return l10n.t(
    "The same outcome at {0} of {1} layers, another at k {2}.",
    same,
    both.length,
    [...named, ...more].join(", "),
  );
}
