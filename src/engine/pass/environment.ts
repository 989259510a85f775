/** What a run needs beside its experiment: the decoder, kept unpatched runs, limits, and where progress goes. */
import type { Progress } from "../../shared/protocol/engine.ts";
import type { RunPlan } from "../../shared/experiment/run-plan.ts";
import type { DecoderModel } from "../model/decoder.ts";
import type { BatchLimits } from "./batches.ts";
import type { UnpatchedRun } from "../states.ts";
import type { RunControl } from "./control.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { PlanSetting } from "./run-plan.ts";

/** What runs need beside the experiment. */
export interface RunEnvironment {
  readonly decoder: DecoderModel;
  readonly textOf: (id: number) => string;
  /** Ids that end a generated text. */
  readonly endIds: readonly number[];
  /** Unpatched runs, kept by the caller between requests. */
  readonly unpatchedRun: (ids: readonly number[], control: RunControl) => Promise<UnpatchedRun>;
  /** Whether `unpatchedRun` has a run of these ids already; without it, none is kept. */
  readonly isKept?: (ids: readonly number[]) => boolean;
  /** Keeps a run that was not made by `unpatchedRun` for it to give later. */
  readonly keep?: (run: UnpatchedRun) => void;
  readonly control: RunControl;
  /** How batches are cut; the product's limits without it. */
  readonly limits?: BatchLimits;
  readonly emit: (progress: Progress) => void;
}

/** What a plan asks of an environment. */
export function planSettingOf({ decoder, isKept = () => false }: RunEnvironment): PlanSetting {
  return { info: decoder.info, isKept, reads: decoder.reads ?? null };
}

/** The environment, saying between blocks how much of the plan is done. */
export function withProgress(environment: RunEnvironment, { blockTokens }: RunPlan): RunEnvironment {
  const { control, emit } = environment;
  return {
    ...environment,
    control: { ...control, meter: new ProgressMeter(control.meter, blockTokens, emit) },
  };
}
