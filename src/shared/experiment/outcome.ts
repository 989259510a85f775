/** Outcomes of patched rows, and the flip (docs/metrics.md). */
import type * as v from "valibot";
import type { Frozen } from "../frozen.ts";
import type { flipSchema, outcomeSchema } from "./result-schema.ts";

/** target: what the prompt answers unpatched; source: what the put-in state should give; neither: anything else. */
export type Outcome = v.InferOutput<typeof outcomeSchema>;

/** The shape that goes with each outcome's colour, the same everywhere: colour is never the only sign. */
export const OUTCOME_MARK: Readonly<Record<Outcome, string>> = { source: "◆", target: "★", neither: "▪" };

/** First k of the final run of target outcomes up to the last block, and the number of blocks. */
export type Flip = Frozen<v.InferOutput<typeof flipSchema>>;

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

/**
 * Whether the unpatched model itself gives the target answer, as far as its first token tells: a named answer need not be
 * the model's.
 *
 * @param baseline the unpatched run's most likely tokens; true while it is not known
 */
export function givesTarget(
  answers: { readonly target: { readonly ids: readonly number[] } } | null,
  baseline: readonly { readonly id: number }[],
): boolean {
  const [best] = baseline;
  return !answers || !best || best.id === answers.target.ids[0];
}

/** Whether a text is the name of an outcome in data. */
export function isOutcome(text: string): text is Outcome {
  return text === "source" || text === "target" || text === "neither";
}

/** Neighbouring k of one outcome. */
export interface OutcomeStretch {
  readonly outcome: Outcome;
  readonly from: number;
  readonly to: number;
}

/** @param outcomes by k, from `first` on */
export function outcomeStretches(outcomes: readonly Outcome[], first: number): OutcomeStretch[] {
  const stretches: OutcomeStretch[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    const last = stretches.at(-1);
    if (last?.outcome === outcome) stretches[stretches.length - 1] = { ...last, to: first + i };
    else stretches.push({ outcome, from: first + i, to: first + i });
  }
  return stretches;
}
