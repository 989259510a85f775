/** The run of a grid: the source state at every token of the target prompt, column by column. */
import * as l10n from "@vscode/l10n";
import { replacedPositions } from "../../shared/condition/condition.ts";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { LayerRange, NamedAnswers } from "../../shared/experiment/experiment.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { Params } from "../../shared/protocol/engine.ts";
import { conditionIfAny, sameCondition } from "./condition-now.ts";
import { layersFor } from "./layers.ts";
import type { GridRun, Intervention, Source } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { answerRequest, throwIfEnded } from "./run-context.ts";
import { sourcePositions } from "./stale.ts";

/**
 * Runs the grid of an intervention in the store, whatever its condition: a grid is always of swaps.
 *
 * @throws SwapError; `bad-condition` without a source
 */
export async function runGrid(context: RunContext, intervention: Intervention): Promise<void> {
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
  const positions = intervention.target.tokenization.ids.length;
  store.update(id, () => ({ grid: startedGrid(run, intervention, source), cell: null }));
  try {
    const model = await supervisor.open();
    const { blocks } = model;
    throwIfEnded(context);
    const layers = layersFor(store.state.layers, blocks);
    store.updateGrid(id, run, () => ({ model, layers }));
    const label = l10n.t("Grid over {0} tokens", positions);
    context.progress(label, 0, positions);
    const named = await answerRequest(context, intervention.setup.answers, intervention.target);
    const params = gridParams(intervention, source, layers, named);
    const { targetPositions, answers: asked } = params;
    store.updateGrid(id, run, () => ({ request: { targetPositions, answers: asked } }));
    const reply = await supervisor.request("grid", params, {
      signal,
      onProgress: (progress) => {
        if (progress.kind !== "column") return;
        const { column, texts, answers, done, total } = progress;
        store.updateGrid(id, run, (grid) => ({
          columns: grid.columns.map((old, p) => (p === column.position ? column : old)),
          texts: { ...grid.texts, ...texts },
          answers,
        }));
        context.progress(label, done, total);
      },
    });
    const { columns, texts, answers } = reply;
    store.updateGrid(id, run, () => ({ columns, texts, answers, state: "complete" }));
    store.set({ hasRun: true });
  } catch (error) {
    store.updateGrid(id, run, () => ({ state: "failed", failure: toErrorData(error) }));
    throw error;
  }
}

function startedGrid(run: number, intervention: Intervention, source: Source): GridRun {
  const { target, setup } = intervention;
  const columns = Array.from({ length: target.tokenization.ids.length }, () => null);
  return {
    run,
    target,
    source,
    setup,
    sourcePositions: sourcePositions(intervention),
    model: null,
    request: null,
    layers: { from: 0, to: 0 },
    columns,
    texts: {},
    answers: null,
    state: "running",
    failure: null,
  };
}

function gridParams(
  intervention: Intervention,
  source: Source,
  layers: LayerRange,
  named: NamedAnswers,
): Params<"grid"> {
  const { target, setup, align, pairs } = intervention;
  const { sourceLayer, strength } = setup.choice;
  return {
    target: promptOf(target.tokenization),
    source: promptOf(source.read.tokenization),
    sourcePositions: sourcePositions(intervention),
    sourceLayer,
    strength,
    targetPositions: replacedPositions({ kind: "swap", align, pairs, sourceLayer, strength }),
    layers,
    answers: { target: named.target, source: named.source ?? foundSource(intervention) },
  };
}

/** The source answer that the sweep found, so that strip and heatmap mean the same. */
function foundSource(intervention: Intervention): NamedAnswers["source"] {
  const { sweep } = intervention;
  const condition = conditionIfAny(intervention);
  if (sweep?.inputs.condition.kind !== "swap" || condition?.kind !== "swap") return null;
  return sameCondition(sweep.inputs.condition, condition) ? (sweep.answers?.source ?? null) : null;
}
