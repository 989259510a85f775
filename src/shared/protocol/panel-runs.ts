/** The runs of one prompt as the panel gets them: rows of a list with their strips and curves, without what only the shown one needs. */
import type { Condition } from "../condition/condition.ts";
import type { AnswerRequest } from "../experiment/experiment.ts";
import { newestFirst } from "../experiment/kept-runs.ts";
import type { Rows, Sweep } from "../experiment/run.ts";
import type { SweepRow } from "../experiment/result.ts";
import type { Standing } from "../experiment/standing.ts";
import { textOf } from "../words/parts.ts";
import { conditionSentence } from "../words/condition.ts";
import type { NamedRun } from "../words/run-name.ts";
import { runNames } from "../words/run-name.ts";
import { shortVerdict, verdictFacts } from "../words/verdict.ts";

/** One run of the prompt, as a row among the others. */
export interface PanelRun extends Rows, Pick<Sweep, "layers" | "answers"> {
  /** Its number: newer runs have larger ones. */
  readonly run: number;
  /** `Swap`, `Random ×5`; of two swaps `◆ Italy` and `◆ Spain`. */
  readonly name: string;
  /** What was done, in one sentence. */
  readonly sentence: string;
  /** `flip 24/30`; empty while it is not whole. */
  readonly verdict: string;
  /** Of the model that ran it. */
  readonly blocks: number;
  readonly standing: Standing;
  readonly isShown: boolean;
  readonly isPinned: boolean;
}

/** A run with what it was made from. */
export interface MadeRun extends Sweep, Omit<NamedRun, "answers" | "layers" | "scoring"> {
  readonly run: number;
  readonly pinned?: boolean;
  readonly condition: Condition;
  /** Null until it was sent. */
  readonly request: AnswerRequest | null;
  readonly standing: Standing;
}

/** @param shown number of the shown run; null where none is @returns newest first */
export function panelRuns(runs: readonly MadeRun[], shown: number | null): PanelRun[] {
  const sorted = newestFirst(runs);
  const names = namesOf(sorted);
  return sorted.map((made, i): PanelRun => {
    const { run, layers, answers, state, rows, flip, standing, blocks } = made;
    return {
      run,
      layers,
      answers,
      state,
      rows: rows.map(withoutList),
      flip,
      standing,
      blocks,
      name: names[i]!,
      sentence: textOf(conditionSentence(made)),
      verdict: state === "complete" ? shortVerdict(rows, verdictFacts(made, blocks)) : "",
      isShown: run === shown,
      isPinned: made.pinned === true,
    };
  });
}

/** Names of runs, in their order. */
export function namesOf(runs: readonly MadeRun[]): string[] {
  return runNames(runs.map((made) => ({ ...made, scoring: made.request?.scoring ?? "next-token" })));
}

/** A list of runs needs each row's answer, not what else was likely. */
function withoutList(row: SweepRow): SweepRow {
  return { ...row, top: row.top.slice(0, 1) };
}
