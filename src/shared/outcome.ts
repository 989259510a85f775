/** Outcomes of patched rows, and the flip (design.md section 1). */

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
 * (a sweep that never changes has no flip).
 *
 * @param rows ordered by k
 * @param blocks number of blocks of the model
 */
export function flipOf(rows: readonly Pick<OutcomeRow, "k" | "outcome">[], blocks: number): Flip | null {
  if (rows.at(-1)?.k !== blocks - 1) return null;
  let first = rows.length;
  while (first > 0 && rows[first - 1]!.outcome === "target") first--;
  if (first === rows.length || first === 0) return null;
  return { k: rows[first]!.k, of: blocks };
}

/** Groups rows (ordered by k) into runs of the same outcome and answer. */
export function outcomeRuns(rows: readonly OutcomeRow[]): OutcomeRun[] {
  const runs: OutcomeRun[] = [];
  for (const { k, outcome, answer } of rows) {
    const last = runs.at(-1);
    if (last?.outcome === outcome && last.answer === answer) runs[runs.length - 1] = { ...last, to: k };
    else runs.push({ from: k, to: k, outcome, answer });
  }
  return runs;
}

/** Says in one sentence what a sweep showed: every change, the flip, or that nothing changed. */
export function verdict(rows: readonly OutcomeRow[], blocks: number): string {
  if (rows.length === 0) return "No rows.";
  const runs = outcomeRuns(rows);
  const shown = runs.map(
    (run) => `${run.answer.trim() || JSON.stringify(run.answer)} for k ${rangeText(run.from, run.to)}`,
  );
  const first = runs[0]!;
  if (runs.length === 1) {
    const what = first.outcome === "target" ? "the swap is ignored" : "the unpatched answer never comes back";
    return `${shown[0]!}: never changes, ${what}.`;
  }
  const flip = flipOf(rows, blocks);
  if (flip) return `${shown.join(", ")}: flips at k = ${flip.k} of ${flip.of} (${percent(flip)}).`;
  const last = rows.at(-1)!;
  const reason =
    last.k < blocks - 1
      ? `the range ends before the last block (k = ${blocks - 1})`
      : "the last block does not give the unpatched answer";
  return `${shown.join(", ")}: no flip, ${reason}.`;
}

/** `0–23`, or `7` for a single k. */
export function rangeText(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** A flip's depth as a share of all blocks, `80 %`. */
export function percent(flip: Flip): string {
  return `${Math.round((100 * flip.k) / flip.of)} %`;
}
