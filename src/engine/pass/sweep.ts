/** The sweep: one condition over a range of k, rows streaming out as their batches finish. */
import { sourcePositionsOf } from "../../shared/condition/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { Experiment } from "../../shared/experiment/experiment.ts";
import { flipOf } from "../../shared/experiment/outcome.ts";
import type { SweepReply } from "../../shared/protocol/engine.ts";
import type { SweepRow, TopToken } from "../../shared/experiment/result.ts";
import { planRows } from "../intervene/planned-rows.ts";
import { batchesOf } from "./batches.ts";
import { checkExperiment } from "./check.ts";
import { climbsOf, climbsTogether, readsAhead } from "./climbs.ts";
import { climbAll, UnpatchedRuns } from "./unpatched-runs.ts";
import { lastLogits } from "./unpatched-run.ts";
import { lensRows } from "./lens.ts";
import { topTokens } from "./readout.ts";
import { promptGround } from "./batch-layout.ts";
import { RowReader } from "./row-reader.ts";
import { planSweep } from "./run-plan.ts";
import { logitsOf, startRows } from "./staircase.ts";
import type { RunEnvironment } from "./environment.ts";
import { planSettingOf, withProgress } from "./environment.ts";

/**
 * Runs a sweep.
 *
 * @returns rows ordered by k, then seed; the flip as docs/metrics.md defines it
 * @throws SwapError for anything in the experiment that does not fit the model
 */
export async function runSweep(experiment: Experiment, given: RunEnvironment): Promise<SweepReply> {
  const { decoder, textOf, emit } = given;
  const { target, source, condition, layers, top } = experiment;
  checkExperiment(experiment, decoder.info);
  const plan = planSweep(experiment, planSettingOf(given));
  const environment = withProgress(given, plan);
  const { control } = environment;
  const startedAt = performance.now();

  const runs = new UnpatchedRuns(environment);
  const unpatched = await runs.of(target.ids);
  const readBaseline = async (): Promise<{ baseline: TopToken[]; reader: RowReader }> => {
    const logits = await lastLogits(decoder, unpatched);
    const baseline = topTokens(logits, top, textOf);
    const reader = await RowReader.create(experiment, environment, unpatched, logits);
    emit({ kind: "baseline", top: baseline, answers: reader.answers });
    return { baseline, reader };
  };
  let read = climbsTogether(decoder.info) ? null : await readBaseline();

  const readUpTo = Math.max(-1, ...sourcePositionsOf(condition));
  const sourceRun = source && readUpTo >= 0 ? await runs.of(source.ids.slice(0, 1 + readUpTo)) : null;
  const planned = planRows(condition, layers, { unpatched, source: sourceRun });
  if (planned.length === 0) {
    throw new SwapError(
      "bad-layer-range",
      `No entry of the vectors has its k in ${layers.from}..${layers.to}.`,
      { code: "layer-range" },
    );
  }
  if (readsAhead(condition)) await climbAll(environment, runs, []);
  const rows: SweepRow[] = [];
  const ground = promptGround(target, decoder.info);
  const last = [target.ids.length - 1];
  const batches = batchesOf(planned, ground, decoder.info, environment.limits);
  for (const group of climbsOf(batches, ground, decoder.info)) {
    const passes = group.map((batch) => startRows(decoder, unpatched, batch, last, control));
    try {
      await climbAll(environment, runs, passes);
      read ??= await readBaseline();
      const { reader } = read;
      for (const [i, pass] of passes.entries()) {
        for (const row of await reader.read(group[i]!, await logitsOf(decoder, pass, control))) {
          rows.push(row);
          emit({ kind: "row", row, answers: reader.answers, done: rows.length, total: planned.length });
        }
      }
    } finally {
      for (const pass of passes) pass.release();
    }
  }
  const { baseline, reader } = read!;
  rows.sort((a, b) => a.k - b.k || (a.seed ?? 0) - (b.seed ?? 0));
  const { answers } = reader;
  return {
    baseline,
    answers,
    rows,
    flip: flipOf(rows, decoder.info.blocks),
    lens: experiment.lens ? await lensRows(decoder, unpatched, answers, top, textOf, control) : null,
    timing: { runMs: performance.now() - startedAt, blockTokens: control.meter.blockTokens },
  };
}
