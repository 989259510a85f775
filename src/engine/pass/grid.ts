/** The grid: one source state put at every position x every k, one position (a column of k) at a time. */
import type { Swap } from "../../shared/condition/kinds/swap.ts";
import type { Answers, GridExperiment, LayerRange } from "../../shared/experiment/experiment.ts";
import { gridPositions } from "../../shared/experiment/experiment.ts";
import { argmax } from "../matrix.ts";
import type { GridReply } from "../../shared/protocol/engine.ts";
import type { GridColumn } from "../../shared/experiment/result.ts";
import { planRows } from "../intervene/planned-rows.ts";
import { batchesOf } from "./batches.ts";
import { checkGrid } from "./check.ts";
import { lastLogits } from "./unpatched-run.ts";
import type { Readout } from "./outcomes.ts";
import { answerOf, readLogits } from "./outcomes.ts";
import { promptGround } from "./batch-layout.ts";
import { topTokens } from "./readout.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import { runPatchedRows } from "./staircase.ts";
import { planGrid } from "./run-plan.ts";
import type { RunEnvironment } from "./environment.ts";
import { planSettingOf, withProgress } from "./environment.ts";

/** How many of the unpatched answers a grid lists. */
const BASELINE_TOP = 10;

/**
 * Runs a grid. The source answer, unless named, is what the swap at the experiment's target positions gives at the
 * smallest k; without target positions there is none, and outcomes are `target` or `neither`.
 *
 * @returns columns of the positions that were asked for, ascending; arrays in a column are indexed by k - layers.from
 */
export async function runGrid(experiment: GridExperiment, given: RunEnvironment): Promise<GridReply> {
  const { decoder, textOf, emit } = given;
  const { target, source, sourcePositions, sourceLayer, strength, targetPositions, layers } = experiment;
  checkGrid(experiment, decoder.info);
  const environment = withProgress(given, planGrid(experiment, planSettingOf(given)));
  const { control } = environment;
  const startedAt = performance.now();

  const unpatched = await environment.unpatchedRun(target.ids, control);
  const baselineLogits = await lastLogits(decoder, unpatched);
  const baseline = topTokens(baselineLogits, BASELINE_TOP, textOf);
  let answers: Answers = {
    target: experiment.answers.target ?? answerOf([argmax(baselineLogits)], textOf),
    source: experiment.answers.source,
  };

  const sourceRun = await environment.unpatchedRun(
    source.ids.slice(0, 1 + Math.max(...sourcePositions)),
    control,
  );
  const swapAt = (positions: readonly number[], range: LayerRange): PatchedRow[] => {
    const pairs = positions.map((position) => ({ target: position, source: sourcePositions }));
    const condition: Swap = { kind: "swap", align: null, pairs, sourceLayer, strength };
    return planRows(condition, range, { unpatched, source: sourceRun });
  };
  if (!answers.source && targetPositions.length > 0) {
    const smallestK = { from: layers.from, to: layers.from };
    const output = await runPatchedRows(decoder, unpatched, swapAt(targetPositions, smallestK), control);
    const id = argmax(output.rows[0]!.logits);
    // What gives the target's own answer names none.
    if (id !== answers.target.ids[0]) answers = { ...answers, source: answerOf([id], textOf) };
  }
  emit({ kind: "baseline", top: baseline, answers });

  const ground = promptGround(target, decoder.info);
  const columns: GridColumn[] = [];
  const texts: Record<string, string> = {};
  const positions = gridPositions(experiment);
  for (const position of positions) {
    const readouts: Readout[] = [];
    for (const batch of batchesOf(swapAt([position], layers), ground, decoder.info, environment.limits)) {
      const output = await runPatchedRows(decoder, unpatched, batch, control);
      batch.forEach(({ k }, i) => {
        readouts[k - layers.from] = readLogits(output.rows[i]!.logits, answers);
      });
    }
    const column = gridColumn(position, readouts);
    for (const id of column.argmax) if (!(id in texts)) texts[id] = textOf(id);
    columns.push(column);
    emit({ kind: "column", column, texts, answers, done: columns.length, total: positions.length });
  }
  return {
    baseline,
    answers,
    columns,
    texts,
    timing: { runMs: performance.now() - startedAt, blockTokens: control.meter.blockTokens },
  };
}

function gridColumn(position: number, readouts: readonly Readout[]): GridColumn {
  return {
    position,
    argmax: readouts.map((read) => read.argmax),
    outcome: readouts.map((read) => read.outcome),
    logitDifference: readouts.map((read) => read.logitDifference),
    targetLogprob: readouts.map((read) => read.targetLogprob),
    sourceLogprob: readouts.map((read) => read.sourceLogprob),
    rankOfTarget: readouts.map((read) => read.rankOfTarget),
  };
}
