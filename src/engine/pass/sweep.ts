/** The sweep: one condition over a range of k, rows streaming out as their batches finish. */
import { sourcePositionsOf } from "../../shared/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { Experiment } from "../../shared/experiment.ts";
import { flipOf } from "../../shared/outcome.ts";
import type { Progress, SweepReply } from "../../shared/protocol.ts";
import type { SweepRow } from "../../shared/result.ts";
import type { RunPlan } from "../../shared/run-plan.ts";
import { planRows } from "../intervene/plan.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { BatchLimits } from "./batches.ts";
import { batchesOf } from "./batches.ts";
import { checkExperiment } from "./check.ts";
import type { CleanRun } from "./clean-run.ts";
import { lastLogits } from "./clean-run.ts";
import type { RunControl } from "./control.ts";
import { lensRows } from "./lens.ts";
import { topTokens } from "./readout.ts";
import { promptGround } from "./row-course.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { RowReader } from "./row-reader.ts";
import type { PlanSetting } from "./run-plan.ts";
import { planSweep } from "./run-plan.ts";
import { runPatchedRows } from "./staircase.ts";

/** What runs need beside the experiment. */
export interface RunEnvironment {
  readonly decoder: DecoderModel;
  readonly textOf: (id: number) => string;
  /** Ids that end a generated text. */
  readonly endIds: readonly number[];
  /** Unpatched runs, kept by the caller between requests. */
  readonly cleanRun: (ids: readonly number[], control: RunControl) => Promise<CleanRun>;
  /** Whether `cleanRun` has a run of these ids already; without it, none is kept. */
  readonly isKept?: (ids: readonly number[]) => boolean;
  readonly control: RunControl;
  /** How batches are cut; the product's limits without it. */
  readonly limits?: BatchLimits;
  readonly emit: (progress: Progress) => void;
}

/** What a plan asks of an environment. */
export function planSettingOf({ decoder, isKept = () => false }: RunEnvironment): PlanSetting {
  return { info: decoder.info, isKept };
}

/** The environment, saying between blocks how much of the plan is done. */
export function withProgress(environment: RunEnvironment, { blockTokens }: RunPlan): RunEnvironment {
  const { control, emit } = environment;
  return {
    ...environment,
    control: { ...control, meter: new ProgressMeter(control.meter, blockTokens, emit) },
  };
}

/**
 * Runs a sweep.
 *
 * @returns rows ordered by k, then seed; the flip as design.md section 1 defines it
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

  const clean = await environment.cleanRun(target.ids, control);
  const baselineLogits = await lastLogits(decoder, clean);
  const baseline = topTokens(baselineLogits, top, textOf);
  const reader = await RowReader.create(experiment, environment, clean, baselineLogits);
  emit({ kind: "baseline", top: baseline, answers: reader.answers });

  const readUpTo = Math.max(-1, ...sourcePositionsOf(condition));
  const sourceRun =
    source && readUpTo >= 0 ? await environment.cleanRun(source.ids.slice(0, 1 + readUpTo), control) : null;
  const planned = planRows(condition, layers, { clean, source: sourceRun });
  if (planned.length === 0) {
    throw new SwapError(
      "bad-layer-range",
      `No entry of the vectors has its k in ${layers.from}..${layers.to}.`,
      "Widen the layer range.",
    );
  }
  const rows: SweepRow[] = [];
  for (const batch of batchesOf(
    planned,
    promptGround(target, decoder.info),
    decoder.info,
    environment.limits,
  )) {
    const output = await runPatchedRows(decoder, clean, batch, control);
    for (const row of await reader.read(batch, output)) {
      rows.push(row);
      emit({ kind: "row", row, answers: reader.answers, done: rows.length, total: planned.length });
    }
  }
  rows.sort((a, b) => a.k - b.k || (a.seed ?? 0) - (b.seed ?? 0));
  const { answers } = reader;
  return {
    baseline,
    answers,
    rows,
    flip: flipOf(rows, decoder.info.blocks),
    lens: experiment.lens ? await lensRows(decoder, clean, answers, top, textOf, control) : null,
    timing: { runMs: performance.now() - startedAt, blockTokens: control.meter.blockTokens },
  };
}
