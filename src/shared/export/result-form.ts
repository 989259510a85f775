/** The one form of a result in JSON: the command line makes it of the engine's reply, an export of what a session keeps. */
import { replacedPositions, sourcePositionsOf } from "../condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../experiment/experiment.ts";
import { gridArrays } from "../experiment/grid-arrays.ts";
import type { Note } from "../experiment/notes.ts";
import type { AnsweredSweep, Control } from "../experiment/run.ts";
import type {
  ControlResult,
  GridColumn,
  GridResult,
  PromptResult,
  ResultHead,
  SweepResult,
  Timing,
  TopToken,
} from "../experiment/result.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../experiment/result.ts";
import { notesResult } from "../words/notes.ts";

/** What JSON says beside the result itself; notes and attention are not written where there are none. */
interface Around {
  readonly notes: readonly Note[];
  readonly timing: Timing;
}

/** A grid that has run everywhere. */
interface WholeGrid extends Pick<GridResult, "answers" | "texts"> {
  readonly baseline: readonly TopToken[];
  readonly columns: readonly GridColumn[];
}

/** A sweep's result. What was not asked for is not written. */
export function sweepForm(
  head: ResultHead,
  experiment: Experiment,
  sweep: AnsweredSweep,
  attention: SweepResult["attention"] | null,
  { notes, timing }: Around,
): SweepResult {
  const { target, source, condition } = experiment;
  const { baseline, answers, rows, flip, lens, continuations, controls } = sweep;
  return {
    schema: SWEEP_SCHEMA,
    ...head,
    target: promptForm(target, replacedPositions(condition)),
    source: source && promptForm(source, sourcePositionsOf(condition)),
    condition,
    baseline: { top: baseline },
    answers: { ...answers, scoring: experiment.answers.scoring },
    rows,
    flip,
    ...notesResult(notes),
    ...(lens && { lens }),
    ...(attention && { attention }),
    ...(continuations && {
      continuations: {
        scope: continuations.scope,
        baseline: continuations.baseline,
        rows: continuations.rows,
      },
    }),
    ...(controls && { controls: controls.map(controlForm) }),
    timing,
  };
}

/** A grid's result. `target.positions` are those whose swap names the source answer; every position is replaced. */
export function gridForm(
  head: ResultHead,
  experiment: GridExperiment,
  { baseline, answers, columns, texts }: WholeGrid,
  { notes, timing }: Around,
): GridResult {
  const { target, source, layers, sourcePositions, sourceLayer, strength, targetPositions } = experiment;
  return {
    schema: GRID_SCHEMA,
    ...head,
    target: promptForm(target, targetPositions),
    source: promptForm(source, sourcePositions),
    condition: { kind: "swap", sourcePositions, sourceLayer, strength },
    baseline: { top: baseline },
    answers,
    layers,
    ...gridArrays(columns, layers),
    texts,
    ...notesResult(notes),
    timing,
  };
}

function controlForm({ name, condition, source, rows, flip }: Control): ControlResult {
  return { name, condition, source: source && promptForm(source, sourcePositionsOf(condition)), rows, flip };
}

function promptForm({ text, ids, tokens, bos }: Prompt, positions: readonly number[]): PromptResult {
  return { text, ids, tokens, bos, positions };
}
