/** A session of what an intervention shows: what ran, not what was chosen since. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../../shared/condition/condition.ts";
import { replacedPositions } from "../../shared/condition/condition.ts";
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type {
  Session,
  SessionAttention,
  SessionChosen,
  SessionGrid,
  SessionModel,
  SessionPrompt,
  SessionSetup,
  SessionState,
  SessionSweep,
} from "../../shared/session/session.ts";
import { expectedRows, fileName } from "../../shared/session/session.ts";
import { sameModel } from "../../shared/experiment/same-model.ts";
import { VERSION } from "../../shared/version.ts";
import { spansOfPositions } from "../prompt/read-prompt.ts";
import { sweepFields } from "../../shared/experiment/run.ts";
import type { RunState } from "../../shared/experiment/standing.ts";
import type { Answer, AnswerRequest, NamedAnswers } from "../../shared/experiment/experiment.ts";
import { conditionIfAny, isAtChosenTokens, sameCondition } from "../interventions/condition-now.ts";
import type { GridRun, Intervention, RanModel, Setup, Source, SweepRun } from "../interventions/records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { TOP } from "../interventions/run-sweep.ts";

/** The parts of an intervention that one session holds together: of the same prompts and the same model. */
export interface ShownParts {
  readonly sweep: SweepRun | null;
  readonly grid: GridRun | null;
  /** The model that ran them. */
  readonly model: RanModel;
  readonly target: ReadPrompt;
  readonly source: Source | null;
  /** What was left out, and why; for people. */
  readonly leftOut: string | null;
}

/** How sessions name the model of a run. */
type NamedModel = (model: RanModel) => SessionModel;

/** What of an intervention's results can stand in one session; null while there is no result. */
export function shownParts(
  { sweep, grid }: Pick<Intervention, "sweep" | "grid">,
  named: NamedModel,
): ShownParts | null {
  const ranSweep = sweep?.model && sweep.request && sweep.rows.length > 0 ? sweep : null;
  const ranGrid = grid?.model && grid.request && grid.columns.some((column) => column) ? grid : null;
  if (ranSweep?.model) {
    const { target, source } = ranSweep.inputs;
    const why = ranGrid && notTogether(ranSweep, ranGrid, named);
    const kept = why === null ? ranGrid : null;
    return {
      sweep: ranSweep,
      grid: kept,
      model: ranSweep.model,
      target,
      source: source ?? kept?.source ?? null,
      leftOut: why,
    };
  }
  if (!ranGrid?.model) return null;
  const { model, target, source } = ranGrid;
  return { sweep: null, grid: ranGrid, model, target, source, leftOut: null };
}

/** The session of an intervention's result; null while it has none. */
export function sessionOf(intervention: Intervention, named: NamedModel, savedAt: Date): Session | null {
  const parts = shownParts(intervention, named);
  if (!parts) return null;
  const { sweep, grid, target, source } = parts;
  const setup = sweep?.inputs.setup ?? grid?.setup ?? intervention.setup;
  return {
    product: VERSION,
    savedAt: savedAt.toISOString(),
    label: "",
    convention: CONVENTION,
    model: named(parts.model),
    target: sessionPrompt(target),
    source: source && sessionPrompt(source.read),
    chosen: chosenOf(intervention, parts),
    setup: sessionSetup(setup, sweep?.request ?? null),
    sweep: sweep && sessionSweep(sweep),
    grid: grid && sessionGrid(grid),
    attention: attentionOf(intervention, target),
    view: { k: intervention.k, cell: grid ? intervention.cell : null },
  };
}

function notTogether(sweep: SweepRun, grid: GridRun, named: NamedModel): string | null {
  const { target, source } = sweep.inputs;
  if (!sameIds(grid.target, target))
    return l10n.t("The grid is left out: the prompt was edited between the two.");
  if (source && !sameIds(grid.source.read, source.read)) {
    return l10n.t("The grid is left out: it is of another source.");
  }
  if (grid.model !== sweep.model && !isSameModel(grid.model, sweep.model, named)) {
    return l10n.t("The grid is left out: another model ran it.");
  }
  if (grid.model?.runtime?.name !== sweep.model?.runtime?.name) {
    return l10n.t("The grid is left out: another runtime ran it.");
  }
  return null;
}

/** By what is known of their files; by their paths while nothing is. */
function isSameModel(a: RanModel | null, b: RanModel | null, named: NamedModel): boolean {
  if (!a || !b) return false;
  if (a.numeric !== b.numeric || a.blocks !== b.blocks) return false;
  const { kind } = sameModel(named(a), named(b));
  return kind === "unknown" ? a.path === b.path : kind !== "differs";
}

function sameIds(a: ReadPrompt, b: ReadPrompt): boolean {
  return String(a.tokenization.ids) === String(b.tokenization.ids);
}

/** The choices that gave the result: those of now while they still do, else as the condition says. */
function chosenOf(intervention: Intervention, { sweep, target, source }: ShownParts): SessionChosen {
  const { targets, align, pairs } = intervention;
  const ran = sweep?.inputs;
  const now = conditionIfAny(intervention);
  const isAsRan =
    sameIds(intervention.target, target) && (!ran || (now !== null && sameCondition(now, ran.condition)));
  const from = source && { source: source.span, word: source.word };
  const kept = from ?? { source: null, word: null };
  if (isAsRan) return { targets: targets.map(placed), align, pairs: source ? pairs : [], ...sourceOf(kept) };
  return { ...byCondition(ran?.condition ?? null, sweep?.inputs.setup ?? null, target), ...sourceOf(kept) };
}

function sourceOf({
  source,
  word,
}: Pick<SessionChosen, "source" | "word">): Pick<SessionChosen, "source" | "word"> {
  return { source: source && placed(source), word };
}

/** A span without what only selections have. */
function placed({ from, to, text }: SessionChosen["targets"][number]): SessionChosen["targets"][number] {
  return { from, to, text };
}

function byCondition(
  condition: Condition | null,
  setup: Setup | null,
  target: ReadPrompt,
): Pick<SessionChosen, "targets" | "align" | "pairs"> {
  if (!condition || !setup) return { targets: [], align: null, pairs: [] };
  const targets = isAtChosenTokens({ setup }) ? spansOfPositions(target, replacedPositions(condition)) : [];
  if (!("pairs" in condition)) return { targets, align: null, pairs: [] };
  return { targets, align: condition.align, pairs: condition.pairs };
}

function sessionPrompt(read: ReadPrompt): SessionPrompt {
  const { label, text, shift, reading, startsWithBos, tokenization } = read;
  return { label, text, shift, chatTemplate: reading.useChatTemplate, startsWithBos, tokenization };
}

/** How answers count by default is stored as what it came to: a session says what ran. */
function sessionSetup({ choice, vectors, answers }: Setup, request: AnswerRequest | null): SessionSetup {
  const scoring = answers.scoring ?? request?.scoring ?? "next-token";
  return { choice, vectorsLabel: vectors && fileName(vectors.label), answers: { ...answers, scoring } };
}

function sessionSweep(run: SweepRun): SessionSweep {
  const { layers, total, controls } = run;
  const { condition } = run.inputs;
  return {
    ...sweepFields(run),
    condition,
    request: { ...run.request!, ...storedAnswers(run.request!) },
    top: TOP,
    wantsLens: true,
    state: stateOf(run.state),
    expectedRows: total > 0 ? total : expectedRows(condition, layers),
    controls: controls?.map((control) => ({ ...control, state: stateOf(control.state) })) ?? null,
  };
}

function sessionGrid(run: GridRun): SessionGrid {
  const { sourcePositions, setup, layers, request, state, answers, columns, texts, asked } = run;
  const { targetPositions, answers: named } = request!;
  const { sourceLayer, strength } = setup.choice;
  return {
    sourcePositions,
    sourceLayer,
    strength,
    targetPositions,
    ...(asked && { asked }),
    layers,
    request: storedAnswers(named),
    state: stateOf(state),
    answers,
    columns,
    texts,
  };
}

/** What identifies the answers that were asked for. */
function storedAnswers({ target, source }: NamedAnswers): NamedAnswers {
  const stored = (answer: Answer | null): Answer | null => answer && { ids: answer.ids, text: answer.text };
  return { target: stored(target), source: stored(source) };
}

function attentionOf({ attention }: Intervention, target: ReadPrompt): SessionAttention | null {
  if (!attention || !sameIds(attention.target, target)) return null;
  return { weights: attention.weights, note: attention.note };
}

function stateOf(state: RunState): SessionState {
  return state === "complete" ? "complete" : "partial";
}
