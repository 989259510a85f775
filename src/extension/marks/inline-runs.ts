/** Runs of answers as the line behind a prompt names them: those of source and target always, others folded. */
import * as l10n from "@vscode/l10n";
import type { OutcomeRow, OutcomeRun } from "../../shared/experiment/outcome.ts";
import { outcomeRuns } from "../../shared/experiment/outcome.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { outcomeRow, quotedAnswer } from "../../shared/words/answer.ts";

/** Runs up to this number are named one by one. */
const NAMED = 4;

/** A run with what stands for its answer; empty where only its mark does. */
export interface NamedRun extends Omit<OutcomeRun, "answer"> {
  readonly text: string;
}

/** Runs of equal answers; a gap in k, where rows are still missing, ends a run. */
export function connectedRuns(rows: readonly SweepRow[]): OutcomeRun[] {
  const stretches: OutcomeRow[][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    const before = last?.at(-1)?.k;
    if (last && (before === row.k || before === row.k - 1)) last.push(outcomeRow(row));
    else stretches.push([outcomeRow(row)]);
  }
  return stretches.flatMap((stretch) => outcomeRuns(stretch));
}

/** The runs told at length, then shorter and shorter; whoever has room takes the first that fits. */
export function foldings(runs: readonly OutcomeRun[]): NamedRun[][] {
  const named = runs.map((run) => ({ ...run, text: quotedAnswer(run.answer) }));
  const folded = foldedNeither(runs);
  const bare = folded.map((run) => (run.outcome === "neither" ? { ...run, text: "" } : run));
  return runs.length <= NAMED ? [named, folded, bare] : [folded, bare];
}

/** Neighbouring runs of other answers as one, which says how many they are. */
function foldedNeither(runs: readonly OutcomeRun[]): NamedRun[] {
  const folded: { run: OutcomeRun; answers: Set<string> }[] = [];
  for (const run of runs) {
    const last = folded.at(-1);
    if (run.outcome === "neither" && last?.run.outcome === "neither" && last.run.to === run.from - 1) {
      last.run = { ...last.run, to: run.to };
      last.answers.add(run.answer);
    } else folded.push({ run, answers: new Set([run.answer]) });
  }
  return folded.map(({ run, answers }) => ({
    ...run,
    text: answers.size === 1 ? quotedAnswer(run.answer) : l10n.t("{0} answers", answers.size),
  }));
}
