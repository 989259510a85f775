/** The one form of a result in JSON: the command line makes it of the engine's reply, an export of what a session keeps. */
import { replacedPositions, sourcePositionsOf } from "../condition/condition.ts";
import type { Answers, Experiment, GridExperiment, Prompt } from "../experiment/experiment.ts";
import { gridArrays } from "../experiment/grid-arrays.ts";
import type { Note } from "../experiment/notes.ts";
import type {
  ControlResult,
  GridColumn,
  GridResult,
  PromptResult,
  ResultHead,
  SweepResult,
  TopToken,
} from "../experiment/result.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../experiment/result.ts";
import { notesResult } from "../words/notes.ts";

type Beside = "lens" | "attention" | "continuations" | "controls";

/** What was found by a sweep. What was not asked for is null or missing, and not written. */
export interface SweepFound
  extends
    Pick<SweepResult, "rows" | "flip" | "timing">,
    Readonly<Partial<{ [Name in Beside]: SweepResult[Name] | null }>> {
  readonly baseline: readonly TopToken[];
  readonly answers: Answers;
  readonly notes: readonly Note[];
}

/** What was found by a grid. */
export interface GridFound extends Pick<GridResult, "answers" | "texts" | "timing"> {
  readonly baseline: readonly TopToken[];
  readonly columns: readonly GridColumn[];
  readonly notes: readonly Note[];
}

/** A sweep's result. */
export function sweepForm(head: ResultHead, experiment: Experiment, found: SweepFound): SweepResult {
  const { target, source, condition } = experiment;
  const { baseline, answers, rows, flip, notes, timing, lens, attention, continuations, controls } = found;
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
    ...(continuations && { continuations }),
    ...(controls && { controls }),
    timing,
  };
}

/** A grid's result. `target.positions` are those whose swap names the source answer; every position is replaced. */
export function gridForm(head: ResultHead, experiment: GridExperiment, found: GridFound): GridResult {
  const { target, source, layers, sourcePositions, sourceLayer, strength, targetPositions } = experiment;
  const { baseline, answers, columns, texts, notes, timing } = found;
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

/** A control's result; `source` is the prompt that it read, if any. */
export function controlForm(
  control: Pick<ControlResult, "name" | "condition" | "rows" | "flip"> & { readonly source: Prompt | null },
): ControlResult {
  const { name, condition, source, rows, flip } = control;
  return { name, condition, source: source && promptForm(source, sourcePositionsOf(condition)), rows, flip };
}

function promptForm({ text, ids, tokens, bos }: Prompt, positions: readonly number[]): PromptResult {
  return { text, ids, tokens, bos, positions };
}
