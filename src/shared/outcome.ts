/** Outcomes of patched rows, and the flip (design.md section 1). */

import * as l10n from "@vscode/l10n";
import type { ConditionKind } from "./condition.ts";
import type { SweepRow } from "./result.ts";

/** target: what the prompt answers unpatched; source: what the put-in state should give; neither: anything else. */
export type Outcome = "target" | "source" | "neither";

/** One letter for each outcome, for places where colour must not be the only sign. */
export const OUTCOME_LETTER: Readonly<Record<Outcome, string>> = { source: "S", target: "T", neither: "n" };

/** The shape that goes with each outcome's colour, the same everywhere. */
export const OUTCOME_MARK: Readonly<Record<Outcome, string>> = { source: "◆", target: "★", neither: "▪" };

/** First k of the final run of target outcomes up to the last block, and the number of blocks. */
export interface Flip {
  readonly k: number;
  readonly of: number;
}

/** A run of equal outcomes and equal answers: k from `from` to `to`, both included. */
export interface OutcomeRun {
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
  /** The answer's text (argmax); runs of `neither` split where the answer changes. */
  readonly answer: string;
}

/** What outcomes need to know of a row. */
export interface OutcomeRow {
  readonly k: number;
  readonly outcome: Outcome;
  readonly answer: string;
}

/** The most likely token of a row, as text. */
export function answerOf(row: Pick<SweepRow, "top">): string {
  return row.top[0]?.text ?? "";
}

/** What outcomes are told from. */
export function outcomeRow(row: Pick<SweepRow, "k" | "outcome" | "top">): OutcomeRow {
  return { k: row.k, outcome: row.outcome, answer: answerOf(row) };
}

/**
 * Compares the most likely token with the first tokens of the two answers. The target's own answer wins a tie:
 * a swap that gives the answer which the prompt gives anyway has changed nothing.
 */
export function outcomeOf(argmaxId: number, targetId: number, sourceId: number | null): Outcome {
  if (argmaxId === targetId) return "target";
  return argmaxId === sourceId ? "source" : "neither";
}

/**
 * The flip: first k of the final run of target outcomes up to the last block (k = blocks - 1).
 * Null when the rows do not reach the last block, when it is not a target outcome, or when no row differs from target
 * (a sweep that never changes has no flip). Of several rows with one k (seeds) all must be target.
 *
 * @param rows ordered by k
 * @param blocks number of blocks of the model
 */
export function flipOf(rows: readonly Pick<OutcomeRow, "k" | "outcome">[], blocks: number): Flip | null {
  if (rows.at(-1)?.k !== blocks - 1) return null;
  let last = rows.length;
  while (last > 0 && rows[last - 1]!.outcome === "target") last--;
  if (last === 0) return null;
  // The last row that is not target takes its whole k with it.
  const first = rows.slice(last).find((row) => row.k > rows[last - 1]!.k);
  return first ? { k: first.k, of: blocks } : null;
}

/**
 * One row for each k: of several seeds, target only when all are; else the most frequent other outcome, with its most
 * frequent answer.
 *
 * @param rows ordered by k
 */
export function rowPerK(rows: readonly OutcomeRow[]): OutcomeRow[] {
  const byK = new Map<number, OutcomeRow[]>();
  for (const row of rows) byK.set(row.k, [...(byK.get(row.k) ?? []), row]);
  return [...byK.values()].map((same) => {
    const others = same.filter((row) => row.outcome !== "target");
    if (others.length === 0) return mostFrequent(same, (row) => row.answer);
    const { outcome } = mostFrequent(others, (row) => row.outcome);
    return mostFrequent(
      others.filter((row) => row.outcome === outcome),
      (row) => row.answer,
    );
  });
}

/** The first of the rows whose key occurs most often. */
function mostFrequent(rows: readonly OutcomeRow[], keyOf: (row: OutcomeRow) => string): OutcomeRow {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return rows.find((row) => counts.get(keyOf(row)) === most)!;
}

/** Groups rows (ordered by k; seeds as `rowPerK` says) into runs of the same outcome and answer. */
export function outcomeRuns(rows: readonly OutcomeRow[]): OutcomeRun[] {
  const runs: OutcomeRun[] = [];
  for (const { k, outcome, answer } of rowPerK(rows)) {
    const last = runs.at(-1);
    if (last?.outcome === outcome && last.answer === answer) runs[runs.length - 1] = { ...last, to: k };
    else runs.push({ from: k, to: k, outcome, answer });
  }
  return runs;
}

/** Whether a text is the name of an outcome in data. */
export function isOutcome(text: string): text is Outcome {
  return text === "source" || text === "target" || text === "neither";
}

/** Each outcome as a word. */
export function outcomeName(outcome: Outcome): string {
  switch (outcome) {
    case "source":
      return l10n.t("source");
    case "target":
      return l10n.t("target");
    case "neither":
      return l10n.t("neither");
  }
}

/** Runs beyond which neighbouring other answers are counted, not named. */
const MOST_NAMED_RUNS = 6;

/**
 * The runs as a verdict names them. Where there are many, as with noise, neighbouring runs of `neither` become one, whose
 * answer says how many they are.
 */
export function verdictRuns(rows: readonly OutcomeRow[]): OutcomeRun[] {
  const runs = outcomeRuns(rows);
  if (runs.length <= MOST_NAMED_RUNS) return runs.map((run) => ({ ...run, answer: nameOf(run.answer) }));
  const merged: { run: OutcomeRun; count: number }[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last && run.outcome === "neither" && last.run.outcome === "neither") {
      merged[merged.length - 1] = { run: { ...last.run, to: run.to }, count: last.count + 1 };
    } else merged.push({ run, count: 1 });
  }
  return merged.map(({ run, count }) => ({
    ...run,
    answer: count === 1 ? nameOf(run.answer) : l10n.t("{0} other answers", count),
  }));
}

function nameOf(answer: string): string {
  return answer.trim() || JSON.stringify(answer);
}

/** Says in one sentence what a sweep showed: every change, the flip, or that nothing changed. */
export function verdict(rows: readonly OutcomeRow[], blocks: number, kind: ConditionKind = "swap"): string {
  if (rows.length === 0) return l10n.t("No rows.");
  const runs = verdictRuns(rows);
  const shown = runs.map(runText);
  const first = runs[0]!;
  if (runs.length === 1) {
    const what =
      first.outcome === "target" ? ignoredText(kind) : l10n.t("the unpatched answer never comes back");
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

/** What it means that every row gives the unpatched answer: `the swap is ignored`. */
export function ignoredText(kind: ConditionKind): string {
  switch (kind) {
    case "swap":
      return l10n.t("the swap is ignored");
    case "random":
      return l10n.t("the noise is ignored");
    case "shuffle":
      return l10n.t("the shuffle is ignored");
    case "freeze":
      return l10n.t("the freeze is ignored");
    case "skip-attention":
      return l10n.t("the missing attention is ignored");
    case "zero":
      return l10n.t("the zeros are ignored");
    case "mean":
      return l10n.t("the mean is ignored");
    case "identity":
      return l10n.t("identity changes nothing, as it must");
    case "vectors":
      return l10n.t("the vectors are ignored");
  }
}

/** `0–23`, or `7` for a single k. */
export function rangeText(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** A flip's depth as a share of all blocks, `80 %`. */
export function percent(flip: Flip): string {
  return `${Math.round((100 * flip.k) / flip.of)} %`;
}
