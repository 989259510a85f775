/** The run of a grid: the source state at every token of the target prompt, column by column. */
import * as l10n from "@vscode/l10n";
import type { Alignment } from "../../shared/condition/parts.ts";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { NamedAnswers } from "../../shared/experiment/experiment.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import { gridSource, gridTargets } from "../../shared/experiment/grid-source.ts";
import type { Params } from "../../shared/protocol/engine.ts";
import { conditionIfAny, sameCondition } from "./condition-now.ts";
import { layersFor } from "./layers.ts";
import type { GridRun, Intervention, Source } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { answersAsked, throwIfEnded } from "./run-context.ts";

/**
 * Runs the grid of an intervention in the store, whatever its condition: a grid is always of swaps.
 *
 * @param align how a source of several tokens becomes one state
 * @throws SwapError; `bad-condition` without a source, `span-lengths-differ` as `gridSource`
 */
export async function runGrid(
  context: RunContext,
  intervention: Intervention,
  align: Alignment | null,
): Promise<void> {
  const { store, supervisor, signal } = context;
  const { id, source } = intervention;
  if (!source) {
    throw new SwapError(
      "bad-condition",
      l10n.t("A grid needs a state to put in."),
      l10n.t("Choose a source."),
    );
  }
  const run = store.newId();
  const sourcePositions = gridSource(source.span, align);
  const targetPositions = gridTargets(intervention.targets, align);
  const positions = intervention.target.tokenization.ids.length;
  store.update(id, () => ({ grid: startedGrid(run, intervention, source, sourcePositions), cell: null }));
  try {
    const model = await supervisor.open();
    const { blocks } = model;
    throwIfEnded(context);
    const layers = layersFor(store.state.layers, blocks);
    store.updateGrid(id, run, () => ({ model, layers }));
    const label = l10n.t("Grid over {0} tokens", positions);
    context.progress(label, 0, positions);
    const { setup, target } = intervention;
    const named = await answersAsked(context, setup.answers, target);
    const { sourceLayer, strength } = setup.choice;
    const answers = { target: named.target, source: named.source ?? foundSource(intervention) };
    const params: Params<"grid"> = {
      target: promptOf(target.tokenization),
      source: promptOf(source.read.tokenization),
      sourcePositions,
      sourceLayer,
      strength,
      targetPositions,
      layers,
      answers,
    };
    store.updateGrid(id, run, () => ({ request: { targetPositions, answers } }));
    const reply = await supervisor.request("grid", params, {
      signal,
      onProgress: (progress) => {
        if (progress.kind !== "column") return;
        const { column, texts, done, total } = progress;
        store.updateGrid(id, run, (grid) => ({
          columns: grid.columns.map((old, p) => (p === column.position ? column : old)),
          texts: { ...grid.texts, ...texts },
          answers: progress.answers,
        }));
        context.progress(label, done, total);
      },
    });
    const { baseline, columns, texts } = reply;
    store.updateGrid(id, run, () => ({
      baseline,
      columns,
      texts,
      answers: reply.answers,
      state: "complete",
    }));
    store.set({ hasRun: true });
  } catch (error) {
    store.updateGrid(id, run, () => ({ state: "partial", failure: toErrorData(error) }));
    throw error;
  }
}

function startedGrid(
  run: number,
  { target, setup }: Intervention,
  source: Source,
  sourcePositions: readonly number[],
): GridRun {
  return {
    run,
    target,
    source,
    setup,
    sourcePositions,
    model: null,
    request: null,
    layers: { from: 0, to: 0 },
    columns: target.tokenization.ids.map(() => null),
    texts: {},
    baseline: [],
    answers: null,
    state: "running",
    failure: null,
  };
}

/** The source answer that the sweep found, so that strip and heatmap mean the same. */
function foundSource(intervention: Intervention): NamedAnswers["source"] {
  const { sweep } = intervention;
  const condition = conditionIfAny(intervention);
  if (sweep?.inputs.condition.kind !== "swap" || condition?.kind !== "swap") return null;
  return sameCondition(sweep.inputs.condition, condition) ? (sweep.answers?.source ?? null) : null;
}
