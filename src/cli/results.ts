/** Builds the results that docs/cli.md promises from what the engine replied. */
import type { Experiment, GridExperiment } from "../shared/experiment/experiment.ts";
import { CONVENTION } from "../shared/experiment/experiment.ts";
import { modelFacts } from "../shared/experiment/model-facts.ts";
import type { Note } from "../shared/experiment/notes.ts";
import type { GridResult, ResultHead, SweepResult, TopToken } from "../shared/experiment/result.ts";
import { gridForm, sweepForm } from "../shared/export/result-form.ts";
import type { GridReply, ModelInfo } from "../shared/protocol/engine.ts";
import type { ModelHashes } from "../shared/protocol/model-hashes.ts";
import { VERSION } from "../shared/version.ts";
import type { RanSweep } from "./extras.ts";

/** The result of a sweep. */
export function sweepResult(
  info: ModelInfo,
  hashes: ModelHashes,
  experiment: Experiment,
  { sweep, attention, timing }: RanSweep,
  notes: readonly Note[],
): SweepResult {
  const around = { notes, timing: { openMs: info.openMs, ...timing } };
  return sweepForm(head(info, hashes), experiment, sweep, attention, around);
}

/** The result of a grid. */
export function gridResult(
  info: ModelInfo,
  hashes: ModelHashes,
  experiment: GridExperiment,
  reply: GridReply,
  notes: readonly Note[],
): GridResult {
  const around = { notes, timing: { openMs: info.openMs, ...reply.timing } };
  return gridForm(head(info, hashes), experiment, reply, around);
}

/** The most likely token of a list, which is ordered and never empty. */
export function bestOf(top: readonly TopToken[]): TopToken {
  return top[0]!;
}

function head(info: ModelInfo, hashes: ModelHashes): ResultHead {
  const model = { path: info.path, ...modelFacts(info, hashes) };
  return { version: VERSION, convention: CONVENTION, model };
}
