/** The run of a grid: the source state at every token of the target prompt, column by column. */
import * as l10n from "@vscode/l10n";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { NamedAnswers } from "../../shared/experiment/experiment.ts";
import { gridSource } from "../../shared/experiment/grid-source.ts";
import { conditionIfAny, sameCondition } from "./condition-now.ts";
import type { GridChoice } from "./grid-request.ts";
import { gridParams } from "./grid-request.ts";
import { layersFor } from "./layers.ts";
import type { GridRun, Intervention, Source } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { answersAsked, throwIfEnded } from "./run-context.ts";

/**
 * Runs the grid of an intervention in the store, whatever its condition: a grid is always of swaps.
 *
 * @param choice which part of it
 * @throws SwapError; `bad-condition` without a source, `span-lengths-differ` as `gridSource`
 */
export async function runGrid(
  context: RunContext,
  intervention: Intervention,
  choice: GridChoice,
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
  const sourcePositions = gridSource(source.span, choice.align);
  const asked = choice.positions?.length ?? intervention.target.tokenization.ids.length;
  store.update(id, () => ({
    grid: startedGrid(run, intervention, source, sourcePositions, choice),
    cell: null,
  }));
  try {
    const model = await supervisor.open();
    const { blocks } = model;
    throwIfEnded(context);
    const layers = layersFor(choice.layers ?? store.state.layers, blocks);
    store.updateGrid(id, run, () => ({ model, layers }));
    const label = l10n.t("Grid over {0} tokens", asked);
    context.progress(label, 0, asked);
    const { setup, target } = intervention;
    const named = await answersAsked(context, setup.answers, target);
    const answers = { target: named.target, source: named.source ?? foundSource(intervention) };
    const params = gridParams(intervention, source, choice, layers, answers);
    const { targetPositions } = params;
    context.expect((await supervisor.request("plan", { sweep: null, grid: params })).expectedMs);
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
    const byPosition = new Map(columns.map((column) => [column.position, column]));
    store.updateGrid(id, run, (grid) => ({
      baseline,
      columns: grid.columns.map((_, position) => byPosition.get(position) ?? null),
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
  { positions }: GridChoice,
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
    ...(positions && { asked: positions }),
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
