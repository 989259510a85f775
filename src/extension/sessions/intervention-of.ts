/** An intervention of a stored session: what a reader of it goes on working with. */
import * as l10n from "@vscode/l10n";
import { takesSource } from "../../shared/condition/condition.ts";
import type { ErrorData } from "../../shared/errors.ts";
import type {
  Session,
  SessionGrid,
  SessionPrompt,
  SessionState,
  SessionSweep,
} from "../../shared/session/session.ts";
import { sweepFields } from "../../shared/experiment/run.ts";
import { chosenScoring } from "../../shared/experiment/answer-choice.ts";
import type { GridRun, Intervention, RanModel, Setup, Source, SweepRun } from "../interventions/records.ts";
import type { ReadPrompt, Reading } from "../prompt/reading.ts";

/** What the session does not hold. */
export interface Surroundings {
  /** New numbers for the intervention and its runs. */
  readonly newId: () => number;
  /** Known prompts that the texts stand in now; null where they stand nowhere. */
  readonly targetId: number | null;
  readonly sourceId: number | null;
  /** How the prompts count as read: with which model, with which BOS policy. */
  readonly reading: (prompt: SessionPrompt) => Reading;
  readonly model: RanModel;
}

/** Why a run that a window's end broke off has no more rows. */
const BROKEN_OFF: ErrorData = {
  code: "engine-failed",
  get message(): string {
    return l10n.t("The window was closed while the run went on.");
  },
  get hint(): string {
    return l10n.t("Run it again to finish it.");
  },
};

/** The intervention, with its results. */
export function interventionOf(session: Session, around: Surroundings): Intervention {
  const { chosen, attention, view } = session;
  const { targets, align, pairs } = chosen;
  const target = readPromptOf(session.target, around.targetId, around);
  const source = sourceOf(session, around);
  const setup = setupOf(session);
  return {
    id: around.newId(),
    target,
    targets,
    source,
    align,
    pairs,
    setup,
    sweep: session.sweep && sweepRun(session.sweep, target, source, setup, around),
    runs: [],
    removed: null,
    grid: session.grid && source && gridRun(session.grid, target, source, setup, around),
    attention: attention && { target, ...attention },
    ...view,
  };
}

/** The model of a session as a run names it. */
export function ranModelOf({ model }: Session): RanModel {
  const { file, runtime, ...facts } = model;
  return { ...facts, path: file, ...(runtime && { runtime: { name: runtime } }) };
}

function readPromptOf(prompt: SessionPrompt, promptId: number | null, { reading }: Surroundings): ReadPrompt {
  const { label, text, shift, tokenization, startsWithBos } = prompt;
  return { promptId, label, text, shift, tokenization, startsWithBos, reading: reading(prompt) };
}

function sourceOf({ source, chosen }: Session, around: Surroundings): Source | null {
  if (!source || !chosen.source) return null;
  return { read: readPromptOf(source, around.sourceId, around), span: chosen.source, word: chosen.word };
}

function setupOf({ setup, sweep }: Session): Setup {
  const condition = sweep?.condition;
  const entries = condition && "entries" in condition ? condition.entries : null;
  const vectors = entries && { label: setup.vectorsLabel ?? "vectors", entries };
  const scoring = chosenScoring(setup.answers.scoring, sweep?.request ?? null);
  return { choice: setup.choice, vectors, answers: { ...setup.answers, scoring } };
}

function sweepRun(
  sweep: SessionSweep,
  target: ReadPrompt,
  source: Source | null,
  setup: Setup,
  { newId, model }: Surroundings,
): SweepRun {
  const { condition, request, expectedRows, controls } = sweep;
  return {
    run: newId(),
    inputs: { target, source: takesSource(condition.kind) ? source : null, setup, condition },
    model,
    request,
    total: expectedRows,
    ...sweepFields(sweep),
    ...stateOf(sweep.state),
    controls,
  };
}

function gridRun(
  grid: SessionGrid,
  target: ReadPrompt,
  source: Source,
  setup: Setup,
  { newId, model }: Surroundings,
): GridRun {
  const { sourcePositions, sourceLayer, strength, targetPositions, layers, columns, texts, answers } = grid;
  const { asked } = grid;
  // As it was when the grid ran: the sweep may have been chosen otherwise since.
  const ran = { ...setup, choice: { ...setup.choice, sourceLayer, strength } };
  return {
    run: newId(),
    target,
    source,
    setup: ran,
    model,
    sourcePositions,
    layers,
    ...(asked && { asked }),
    columns,
    texts,
    baseline: [],
    answers,
    request: { targetPositions, answers: grid.request },
    ...stateOf(grid.state),
  };
}

function stateOf(state: SessionState): Pick<SweepRun, "state" | "failure"> {
  return { state, failure: state === "complete" ? null : BROKEN_OFF };
}
