/** The panel's snapshot, put together from what the owners hold. */
import { smallestK, takesSource } from "../../shared/condition/condition.ts";
import { EMBEDDED_TAG } from "../../shared/words/facts.ts";
import { tokenizerTag } from "../../shared/words/model.ts";
import { runtimeTag } from "../../shared/words/runtime.ts";
import type {
  PanelAttention,
  PanelCondition,
  PanelExpected,
  PanelGrid,
  PanelModel,
  PanelPrompt,
  PanelState,
  PanelSweep,
  PanelWriting,
} from "../../shared/protocol/panel.ts";
import type { MadeRun, PanelRun } from "../../shared/protocol/panel-runs.ts";
import { namesOf, panelRuns } from "../../shared/protocol/panel-runs.ts";
import { panelGrid, panelSweep } from "../../shared/protocol/panel-result.ts";
import type { ModelInfo } from "../../shared/protocol/engine.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import { positionsOf } from "../../shared/prompt/spans.ts";
import type { ModelChoice } from "../engine/model-choice.ts";
import { choiceName } from "../engine/model-choice.ts";
import { modelName } from "../../shared/text/model-name.ts";
import type { ModelStatus } from "../engine/supervisor.ts";
import { replacedNow } from "../interventions/condition-now.ts";
import { madeGrid, sweepRowOf } from "../interventions/grid-beside.ts";
import { panelProgress } from "../interventions/progress.ts";
import { layersFor, ranBlocks } from "../interventions/layers.ts";
import type { GridRun, Intervention, Setup, SweepRun } from "../interventions/records.ts";
import { ranWith } from "../interventions/facts.ts";
import { runsKept } from "../interventions/runs.ts";
import { manyOf } from "../interventions/run-many.ts";
import { labelOf } from "../prompt/editor-prompts.ts";
import { shownK } from "../interventions/shown-k.ts";
import type { LookedAt } from "./follow-editor.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { ReadPrompt, Reading } from "../prompt/reading.ts";
import { sentenceOf } from "../interventions/sentence.ts";
import type { PromptLookup } from "../interventions/stale.ts";
import { gridStanding, isAttentionFresh, keptStanding, sweepStanding } from "../interventions/stale.ts";
import type { StoreState } from "../interventions/intervention-store.ts";
import type { Standing } from "../../shared/experiment/standing.ts";
import { FRESH } from "../../shared/experiment/standing.ts";
import { namedPrompt } from "../../shared/words/condition.ts";
import { isPlainlyUnknown } from "../../shared/experiment/known-text.ts";
import type { Note } from "../../shared/experiment/notes.ts";
import { newNotes } from "../../shared/experiment/notes.ts";
import { gridNotes, sweepNotes } from "../interventions/notes.ts";

/** What a snapshot is made from. */
export interface PanelInputs {
  readonly store: StoreState;
  readonly model: ModelStatus;
  /** The chosen model; null until it is known. */
  readonly choice: ModelChoice | null;
  readonly prompts: PromptLookup;
  readonly reading: Reading;
  /** The stored demo, shown before any model has run. */
  readonly stored: PanelState | null;
  /** Token positions that the editor's selection covers, in the shown prompts. */
  readonly selected: { readonly source: readonly number[]; readonly target: readonly number[] };
  /** The document that is looked at; null before one is, and where it can hold no prompts. */
  readonly lookedAt?: LookedAt | null;
  /** How long the next runs take; absent where nothing asks. */
  readonly expected?: PanelExpected;
  /** What holds whatever is shown: the workspace's trust, the keys. */
  readonly around?: Pick<PanelState, "restricted" | "keys">;
}

/** The whole panel. */
export function panelState(inputs: PanelInputs): PanelState {
  const { store, model } = inputs;
  const intervention = store.interventions.find(({ id }) => id === store.shownId) ?? null;
  const source = intervention?.source ?? store.source;
  const shown = panelModel(inputs);
  const progress = store.work && panelProgress(store.work, store.waiting);
  if (!intervention && !source && !store.hasRun && inputs.stored) {
    const opened = model.state === "ready" || model.state === "opening";
    return {
      ...inputs.stored,
      ...inputs.around,
      model:
        opened || shown.name !== inputs.stored.model.name
          ? shown
          : { ...inputs.stored.model, status: shown.status },
      progress,
      error: store.error,
    };
  }
  const blocks = shown.blocks || ranBlocks(intervention);
  const setup = intervention?.setup ?? store.setup;
  return {
    model: shown,
    source: source && {
      ...panelPrompt(source.read, positionsOf(source.span), inputs.prompts),
      ...readOf(intervention),
      selected: inputs.selected.source,
    },
    target: intervention && {
      ...panelPrompt(intervention.target, replacedNow(intervention), inputs.prompts),
      selected: inputs.selected.target,
    },
    ...copiedIn(store),
    ...elsewhereOf(intervention, inputs),
    sentence: intervention ? sentenceOf(intervention, blocks) : [],
    condition: panelCondition(setup, intervention?.target ?? null, openInfo(inputs)),
    answers: setup.answers,
    layers: layersFor(store.layers, blocks, smallestK(setup.choice.kind)),
    attention: intervention && shownAttention(intervention, inputs),
    sweep: intervention?.sweep ? shownSweep(intervention, intervention.sweep, inputs) : null,
    runs: intervention ? runRows(intervention, inputs) : [],
    removed: intervention?.removed ? namesOf([madeRun(intervention.removed.sweep, FRESH)])[0]! : null,
    grid: intervention?.grid ? shownGrid(intervention, intervention.grid, inputs) : null,
    k: intervention && shownK(intervention),
    cell: intervention?.cell ?? null,
    progress,
    ...panelMany(inputs),
    ...(inputs.expected && { expected: inputs.expected }),
    error: store.error,
    stored: false,
    ...inputs.around,
  };
}

function copiedIn({ source, isCopied }: StoreState): Pick<PanelState, "copied"> {
  if (!source || !isCopied) return {};
  return { copied: { text: visibleText(source.span.text), label: source.read.label } };
}

/** Nothing where the shown prompt stands in the file that is looked at. */
function elsewhereOf(
  intervention: Intervention | null,
  { lookedAt, prompts }: PanelInputs,
): Pick<PanelState, "elsewhere"> {
  const promptId = intervention?.target.promptId ?? null;
  const known = promptId === null ? null : prompts(promptId);
  if (!lookedAt || !known || known.uri === lookedAt.uri) return {};
  return { elsewhere: { file: lookedAt.file, label: labelOf(known) } };
}

/** The table of many prompts; nothing without one. */
function panelMany({ store, prompts }: PanelInputs): Pick<PanelState, "many"> {
  const { many, interventions, shownId } = store;
  if (!many) return {};
  const table = manyOf(
    many,
    (id) => interventions.find((one) => one.id === id)?.sweep ?? null,
    (id) => {
      const known = prompts(id);
      return known && labelOf(known);
    },
  );
  const shown = many.entries.find(({ made }) => made?.id === shownId)?.id ?? null;
  const isRunning = many.entries.some(({ state }) => state === "running");
  return { many: { ...table, shown, isRunning } };
}

/** The open model; null while what is open is not what was chosen since. */
function openInfo({ model, reading }: PanelInputs): ModelInfo | null {
  return model.path !== null && model.path === reading.modelKey ? model.info : null;
}

function panelModel(inputs: PanelInputs): PanelModel {
  const { model, choice, reading } = inputs;
  const info = openInfo(inputs);
  const isAsChosen = model.path === null || model.path === reading.modelKey;
  const status = isAsChosen ? model.state : "closed";
  return {
    name: choice?.name ?? (info ? modelName(info.path) : choiceName(choice)),
    numeric: info?.numeric ?? "",
    blocks: info?.blocks ?? 0,
    tag: choice?.embedded ? EMBEDDED_TAG : null,
    runtime: info ? runtimeTag(info.runtime) : null,
    ...(info?.tokenizer !== undefined && { tokenizer: tokenizerTag(info.tokenizer) }),
    status,
    ...(status === "failed" ? { failure: model.failure } : {}),
  };
}

function panelPrompt(read: ReadPrompt, positions: readonly number[], prompts: PromptLookup): PanelPrompt {
  const known = read.promptId === null ? null : prompts(read.promptId);
  const writing = known && writingOf(read, known);
  return {
    label: read.label,
    tokens: read.tokenization.tokens,
    positions,
    ...(writing ? { writing } : {}),
  };
}

/** Null where there is nothing to say, or the document has changed since it was read. */
function writingOf({ text }: ReadPrompt, known: KnownPrompt): PanelWriting | null {
  const { form, current, placeholders, values } = known;
  if (current?.text !== text) return null;
  const isSame = current.forms === null;
  // A literal without escapes, and a block between its fences, is what the editor shows.
  const isPlain = isSame && (form === null || form === "string" || form === "fence");
  if (isPlain && placeholders.length === 0) return null;
  const names = [...new Set(placeholders.map(({ name }) => name))];
  return {
    form,
    text: isSame ? null : text,
    placeholders: names.map((name) => ({ name, value: values[name] ?? null })),
  };
}

/** Source tokens that a swap reads, where it does not read all that were copied. */
function readOf(intervention: Intervention | null): Pick<PanelPrompt, "read"> {
  if (!intervention?.source || !takesSource(intervention.setup.choice.kind)) return {};
  const read = new Set(intervention.pairs.flatMap(({ source }) => source));
  const isPart = read.size > 0 && read.size < positionsOf(intervention.source.span).length;
  return isPart ? { read: [...read] } : {};
}

/** Null when it broke off before its first row. */
function shownSweep(
  intervention: Intervention,
  run: SweepRun,
  { prompts, reading, choice }: PanelInputs,
): PanelSweep | null {
  if (run.rows.length === 0 && run.state === "partial") return null;
  const standing = sweepStanding(intervention, run, prompts, reading);
  const notes = [...unknownText(run, choice, reading), ...sweepNotes(run)];
  return panelSweep({ ...run, condition: run.inputs.condition }, ranWith(run), standing, notes);
}

/** Other models are asked whatever the user likes: only of the demonstration model it is known what it knows. */
function unknownText({ inputs, baseline }: SweepRun, choice: ModelChoice | null, now: Reading): Note[] {
  const { reading, tokenization } = inputs.target;
  if (!choice?.embedded || reading.modelKey !== now.modelKey) return [];
  if (!isPlainlyUnknown(tokenization.tokens, baseline)) return [];
  return [{ code: "unknown-text", model: choiceName(choice) }];
}

/** The list of runs: the shown one and those beside it that have rows, or are to have some. */
function runRows(intervention: Intervention, { prompts, reading }: PanelInputs): PanelRun[] {
  const { sweep: shown } = intervention;
  const made = runsKept(intervention)
    .filter(({ sweep }) => sweep.rows.length > 0 || sweep.state === "running")
    .map(({ sweep }) =>
      madeRun(
        sweep,
        sweep === shown
          ? sweepStanding(intervention, sweep, prompts, reading)
          : keptStanding(sweep, prompts, reading),
      ),
    );
  return panelRuns(made, shown?.run ?? null);
}

function madeRun(run: SweepRun, standing: Standing): MadeRun {
  const { inputs, model } = run;
  const { target, source, condition } = inputs;
  return {
    ...run,
    condition,
    standing,
    target: namedPrompt(target),
    source: source && namedPrompt(source.read),
    model: model ? modelName(model.path) : "",
    blocks: ranWith(run).model.blocks,
  };
}

/** Attention is shown while it is that of the prompt as it is. */
function shownAttention(
  intervention: Intervention,
  { prompts, reading }: PanelInputs,
): PanelAttention | null {
  const { attention } = intervention;
  if (!attention || !isAttentionFresh(intervention, attention, prompts, reading)) return null;
  return { weights: attention.weights, note: attention.note };
}

function panelCondition(setup: Setup, target: ReadPrompt | null, info: ModelInfo | null): PanelCondition {
  return {
    choice: setup.choice,
    vectorsLabel: setup.vectors?.label ?? null,
    hasBos: target?.startsWithBos ?? false,
    skipsAttention: info?.skipsAttention ?? null,
  };
}

function shownGrid(intervention: Intervention, run: GridRun, { prompts, reading }: PanelInputs): PanelGrid {
  const notes = newNotes(gridNotes(run), intervention.sweep ? sweepNotes(intervention.sweep) : []);
  const standing = gridStanding(intervention, run, prompts, reading);
  const { tokenization } = run.source.read;
  return panelGrid(madeGrid(run), tokenization, sweepRowOf(intervention, run), standing, notes);
}
