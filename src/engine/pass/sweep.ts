/** The sweep: one condition over a range of k, rows streaming out as their batches finish. */
import type { Experiment } from "../../shared/experiment.ts";
import { sourcePositionsOf } from "../../shared/experiment.ts";
import { flipOf } from "../../shared/outcome.ts";
import type { Progress, SweepReply } from "../../shared/protocol.ts";
import type { SweepRow } from "../../shared/result.ts";
import { SwapError } from "../../shared/errors.ts";
import type { DecoderModel } from "../model/decoder.ts";
import { planRows } from "../intervene/plan.ts";
import { batchesOf } from "./batches.ts";
import { checkCondition, checkLayers, checkPrompt } from "./check.ts";
import type { CleanRun } from "./clean-run.ts";
import { lastLogits } from "./clean-run.ts";
import type { RunControl } from "./control.ts";
import type { Answers } from "./outcomes.ts";
import { answersFromBaseline, answersFromFirstRow, readLogits } from "./outcomes.ts";
import { topTokens } from "./readout.ts";
import type { RowOutput } from "./staircase.ts";
import { runPatchedRows } from "./staircase.ts";

/** What runs need beside the experiment. */
export interface RunEnvironment {
  readonly decoder: DecoderModel;
  readonly textOf: (id: number) => string;
  /** Unpatched runs, kept by the caller between requests. */
  readonly cleanRun: (ids: readonly number[], control: RunControl) => Promise<CleanRun>;
  readonly control: RunControl;
  readonly emit: (progress: Progress) => void;
}

/**
 * Runs a sweep.
 *
 * @returns rows ordered by k; the flip as design.md section 1 defines it
 * @throws SwapError for anything in the experiment that does not fit the model
 */
export async function runSweep(experiment: Experiment, environment: RunEnvironment): Promise<SweepReply> {
  const { decoder, control, textOf, emit } = environment;
  const { info } = decoder;
  const { target, source, condition, layers } = experiment;
  checkPrompt(target, "target", info);
  if (source) checkPrompt(source, "source", info);
  checkLayers(layers, info);
  checkCondition(condition, target, source, info);
  const startedAt = performance.now();

  const clean = await environment.cleanRun(target.ids, control);
  const baselineLogits = await lastLogits(decoder, clean);
  const baseline = topTokens(baselineLogits, experiment.top, textOf);
  let answers = answersFromBaseline(experiment.answers, baselineLogits, textOf);
  emit({ kind: "baseline", top: baseline, answers });

  const sourceRun = source
    ? await environment.cleanRun(source.ids.slice(0, 1 + Math.max(...sourcePositionsOf(condition))), control)
    : null;
  const planned = planRows(condition, layers, sourceRun, info.width);
  if (planned.length === 0) {
    throw new SwapError(
      "bad-layer-range",
      `No entry of the vectors has its k in ${layers.from}..${layers.to}.`,
      "Widen the layer range.",
    );
  }
  const rows: SweepRow[] = [];
  for (const batch of batchesOf(planned, target.ids.length)) {
    const output = await runPatchedRows(decoder, clean, batch, control);
    if (rows.length === 0) answers = answersFromFirstRow(answers, output.rows[0]!.logits, textOf);
    output.rows.forEach((rowOutput, i) => {
      const row = sweepRow(batch[i]!.k, rowOutput, answers, experiment.top, textOf);
      rows.push(row);
      emit({ kind: "row", row, answers, done: rows.length, total: planned.length });
    });
  }
  return {
    baseline,
    answers,
    rows,
    flip: flipOf(rows, info.blocks),
    timing: { runMs: performance.now() - startedAt, blockTokens: control.meter.blockTokens },
  };
}

function sweepRow(
  k: number,
  output: RowOutput,
  answers: Answers,
  top: number,
  textOf: (id: number) => string,
): SweepRow {
  const read = readLogits(output.logits, answers);
  return {
    k,
    outcome: read.outcome,
    top: topTokens(output.logits, top, textOf),
    targetLogprob: read.targetLogprob,
    sourceLogprob: read.sourceLogprob,
    logitDifference: read.logitDifference,
    rankOfTarget: read.rankOfTarget,
    rankOfSource: read.rankOfSource,
    deltaNorm: output.deltaNorm,
  };
}
