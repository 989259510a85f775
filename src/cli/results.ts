/** Builds the results that docs/cli.md promises from what the engine replied. */
import type { Experiment, GridExperiment } from "../shared/experiment/experiment.ts";
import { replacedPositions, sourcePositionsOf } from "../shared/condition/condition.ts";
import { CONVENTION } from "../shared/experiment/experiment.ts";
import { gridArrays } from "../shared/experiment/grid-arrays.ts";
import type { GridReply, ModelInfo, SweepReply } from "../shared/protocol/engine.ts";
import type { ModelHashes } from "../shared/protocol/model-hashes.ts";
import type { GridResult, ModelSummary, SweepResult, TopToken } from "../shared/experiment/result.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../shared/experiment/result.ts";
import type { Note } from "../shared/experiment/notes.ts";
import { notesResult } from "../shared/words/notes.ts";
import { VERSION } from "../shared/version.ts";
import { promptResult } from "./prompts.ts";
import type { Beside } from "./extras.ts";

/** The result of a sweep. */
export function sweepResult(
  info: ModelInfo,
  hashes: ModelHashes,
  experiment: Experiment,
  reply: SweepReply,
  notes: readonly Note[],
  beside: Beside,
): SweepResult {
  const { target, source, condition } = experiment;
  return {
    schema: SWEEP_SCHEMA,
    version: VERSION,
    convention: CONVENTION,
    model: modelSummary(info, hashes),
    target: promptResult(target, replacedPositions(condition)),
    source: source && promptResult(source, sourcePositionsOf(condition)),
    condition,
    baseline: { top: reply.baseline },
    answers: { ...reply.answers, scoring: experiment.answers.scoring },
    rows: reply.rows,
    flip: reply.flip,
    ...notesResult(notes),
    ...beside,
    timing: { openMs: info.openMs, ...reply.timing },
  };
}

/** The result of a grid. `target.positions` are those whose swap names the source answer; every position is replaced. */
export function gridResult(
  info: ModelInfo,
  hashes: ModelHashes,
  experiment: GridExperiment,
  reply: GridReply,
  notes: readonly Note[],
): GridResult {
  const { target, source, layers, sourcePositions, sourceLayer, strength, targetPositions } = experiment;
  return {
    schema: GRID_SCHEMA,
    version: VERSION,
    convention: CONVENTION,
    model: modelSummary(info, hashes),
    target: promptResult(target, targetPositions),
    source: promptResult(source, sourcePositions),
    condition: { kind: "swap", sourcePositions, sourceLayer, strength },
    baseline: { top: reply.baseline },
    answers: reply.answers,
    layers,
    ...gridArrays(reply.columns, layers),
    texts: reply.texts,
    ...notesResult(notes),
    timing: { openMs: info.openMs, ...reply.timing },
  };
}

/** The most likely token of a list, which is ordered and never empty. */
export function bestOf(top: readonly TopToken[]): TopToken {
  return top[0]!;
}

function modelSummary(info: ModelInfo, { sha256, identity }: ModelHashes): ModelSummary {
  const { path, architecture, blocks, width, vocab, numeric, cut, selfTest } = info;
  return { path, sha256, identity, architecture, blocks, width, vocab, numeric, cut, selfTest };
}
