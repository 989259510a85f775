/** What a sweep showed, in words: its runs of outcomes, the flip, or that nothing changed. */
import * as l10n from "@vscode/l10n";
import type { ConditionKind } from "../condition/condition.ts";
import { descriptorOf } from "../condition/condition.ts";
import { rangeText } from "../text/ranges.ts";
import type { Flip, OutcomeRow, OutcomeRun } from "../experiment/outcome.ts";
import { flipOf, outcomeRuns } from "../experiment/outcome.ts";
import { answerName } from "./answer.ts";

/** Runs beyond which neighbouring other answers are counted, not named. */
const MOST_NAMED_RUNS = 6;

/**
 * The runs as a verdict names them. Where there are many, as with noise, neighbouring runs of `neither` become one, whose
 * answer says how many they are.
 */
export function verdictRuns(rows: readonly OutcomeRow[]): OutcomeRun[] {
  const runs = outcomeRuns(rows);
  if (runs.length <= MOST_NAMED_RUNS) return runs.map((run) => ({ ...run, answer: answerName(run.answer) }));
  const merged: { run: OutcomeRun; count: number }[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last && run.outcome === "neither" && last.run.outcome === "neither") {
      merged[merged.length - 1] = { run: { ...last.run, to: run.to }, count: last.count + 1 };
    } else merged.push({ run, count: 1 });
  }
  return merged.map(({ run, count }) => ({
    ...run,
    answer: count === 1 ? answerName(run.answer) : l10n.t("{0} other answers", count),
  }));
}

/** Says in one sentence what a sweep showed: every change, the flip, or that nothing changed. */
export function verdict(rows: readonly OutcomeRow[], blocks: number, kind: ConditionKind = "swap"): string {
  if (rows.length === 0) return l10n.t("No rows.");
  const runs = verdictRuns(rows);
  const shown = runs.map(runText);
  const first = runs[0]!;
  if (runs.length === 1) {
    const what =
      first.outcome === "target"
        ? descriptorOf(kind).ignored()
        : l10n.t("the unpatched answer never comes back");
    return l10n.t("{0}: never changes, {1}.", shown[0]!, what);
  }
  const flip = flipOf(rows, blocks);
  if (flip)
    return l10n.t("{0}: flips at k = {1} of {2} ({3}).", shown.join(", "), flip.k, flip.of, percent(flip));
  const last = rows.at(-1)!;
  const reason =
    last.k < blocks - 1
      ? l10n.t("the range ends before the last block (k = {0})", blocks - 1)
      : l10n.t("the last block does not give the unpatched answer");
  return l10n.t("{0}: no flip, {1}.", shown.join(", "), reason);
}

/** One run in a verdict: `Rome for k 0–23`. */
export function runText({ answer, from, to }: OutcomeRun): string {
  return l10n.t("{0} for k {1}", answer, rangeText(from, to));
}

/** A flip's depth as a share of all blocks, `80 %`. */
export function percent(flip: Flip): string {
  return `${Math.round((100 * flip.k) / flip.of)} %`;
}
