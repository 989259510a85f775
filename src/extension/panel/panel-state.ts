/** The panel's snapshot, put together from what the owners hold. */
import { replacedPositions } from "../../shared/experiment.ts";
import { verdict } from "../../shared/outcome.ts";
import type { PanelGrid, PanelModel, PanelPrompt, PanelState, PanelSweep } from "../../shared/panel.ts";
import { positionsOf } from "../../shared/spans.ts";
import { visibleText } from "../../shared/tokens.ts";
import { embeddedTag, modelName } from "../engine/model-choice.ts";
import type { ModelStatus } from "../engine/supervisor.ts";
import { answerOf } from "../marks/answer-name.ts";
import type { GridRun, ReadPrompt, Reading, Source, Swap, SweepRun } from "../swap/records.ts";
import { layersFor } from "../swap/layers.ts";
import { shownK } from "../swap/records.ts";
import type { PromptLookup } from "../swap/stale.ts";
import { staleGrid, staleSweep } from "../swap/stale.ts";
import type { StoreState } from "../swap/swap-store.ts";

/** What a snapshot is made from. */
export interface PanelInputs {
  readonly store: StoreState;
  readonly model: ModelStatus;
  /** The chosen model; null until it is known. */
  readonly choice: { readonly path: string; readonly embedded: boolean } | null;
  readonly prompts: PromptLookup;
  readonly reading: Reading;
  /** The stored demo, shown before any model has run. */
  readonly stored: PanelState | null;
  /** Token positions that the editor's selection covers, in the shown prompts. */
  readonly selected: { readonly source: readonly number[]; readonly target: readonly number[] };
}

/** The whole panel. */
export function panelState(inputs: PanelInputs): PanelState {
  const { store, model } = inputs;
  const swap = store.swaps.find(({ id }) => id === store.shownId) ?? null;
  const source = swap?.source ?? store.source;
  const shown = panelModel(inputs);
  const progress = store.work && { ...store.work, cancellable: true };
  if (!swap && !source && !store.hasRun && inputs.stored) {
    const opened = model.state === "ready" || model.state === "opening";
    return {
      ...inputs.stored,
      model:
        opened || shown.name !== inputs.stored.model.name
          ? shown
          : { ...inputs.stored.model, status: shown.status },
      progress,
      error: store.error,
    };
  }
  const blocks = shown.blocks || blocksOf(swap);
  return {
    model: shown,
    source: source && {
      ...panelPrompt(source.read, positionsOfSource(source)),
      selected: inputs.selected.source,
    },
    target: swap && {
      ...panelPrompt(swap.target, replacedPositions({ kind: "swap", align: null, pairs: swap.pairs })),
      selected: inputs.selected.target,
    },
    sentence: swap ? sentenceOf(swap) : "",
    layers: layersFor(store.layers, blocks),
    sweep: swap?.sweep ? panelSweep(swap, swap.sweep, blocks, inputs) : null,
    grid: swap?.grid ? panelGrid(swap, swap.grid, inputs) : null,
    k: swap && shownK(swap),
    cell: swap?.cell ?? null,
    progress,
    error: store.error,
    stored: false,
  };
}

/** "state of '␣Italy' @2 → '␣France' @21, before block k". */
export function sentenceOf({ source, target, pairs, align }: Swap): string {
  const { from, to } = source.span;
  const quoted = (read: ReadPrompt, position: number): string =>
    visibleText(read.tokenization.tokens[position]?.text ?? "");
  const read = [...new Set(pairs.flatMap((pair) => pair.source))].sort((a, b) => a - b);
  const taken = read.length > 0 ? read : positionsOf({ from, to });
  const many =
    align === "mean" && taken.length > 1 ? "mean state of" : taken.length > 1 ? "states of" : "state of";
  const put = pairs.map((pair) => pair.target);
  return `${many} ${placesText(source.read, taken, quoted)} → ${placesText(target, put, quoted)}, before block k`;
}

function placesText(
  read: ReadPrompt,
  positions: readonly number[],
  quoted: (read: ReadPrompt, position: number) => string,
): string {
  const first = positions[0] ?? 0;
  const last = positions.at(-1) ?? first;
  const isStretch = last - first + 1 === positions.length;
  if (isStretch) {
    const text = positions.map((position) => quoted(read, position)).join("");
    return `'${text}' @${first === last ? first : `${first}–${last}`}`;
  }
  return positions.map((position) => `'${quoted(read, position)}' @${position}`).join(", ");
}

function positionsOfSource(source: Source): readonly number[] {
  return positionsOf(source.span);
}

function panelModel({ model, choice, reading }: PanelInputs): PanelModel {
  // What is open may not be what was chosen since.
  const info = model.path !== null && model.path === reading.modelKey ? model.info : null;
  const status = model.path === null || model.path === reading.modelKey ? model.state : "closed";
  return {
    name: modelName(info?.path ?? choice?.path ?? ""),
    numeric: info?.numeric ?? "",
    blocks: info?.blocks ?? 0,
    tag: choice?.embedded ? embeddedTag : null,
    status,
  };
}

function blocksOf(swap: Swap | null): number {
  const layers = [swap?.sweep?.layers, swap?.grid?.layers].filter((range) => range !== undefined);
  return layers.reduce((most, range) => Math.max(most, range.to + 1), 0);
}

function panelPrompt(read: ReadPrompt, positions: readonly number[]): PanelPrompt {
  return { label: read.label, tokens: read.tokenization.tokens, positions };
}

function panelSweep(
  swap: Swap,
  run: SweepRun,
  blocks: number,
  { prompts, reading }: PanelInputs,
): PanelSweep | null {
  if (run.rows.length === 0 && run.state === "failed") return null;
  const said = verdict(
    run.rows.map((row) => ({ k: row.k, outcome: row.outcome, answer: answerOf(row) })),
    blocks,
  );
  return {
    layers: run.layers,
    rows: run.rows,
    baseline: run.baseline,
    answers: run.answers,
    flip: run.flip,
    verdict: run.state === "complete" ? said : "",
    complete: run.state === "complete",
    stale: lost(run) ?? staleSweep(swap, run, prompts, reading),
    runMs: run.runMs,
  };
}

function panelGrid(swap: Swap, run: GridRun, { prompts, reading }: PanelInputs): PanelGrid {
  return {
    layers: run.layers,
    columns: run.columns,
    texts: run.texts,
    complete: run.state === "complete",
    stale: lost(run) ?? staleGrid(swap, run, prompts, reading),
  };
}

function lost(run: Pick<SweepRun, "state" | "failure">): string | null {
  if (run.state !== "failed") return null;
  return run.failure?.code === "cancelled" ? "The run was cancelled." : "The run was lost.";
}
