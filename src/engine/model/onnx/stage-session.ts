/** A stage with its session: opening it, and running it on rows of states. */
import { SwapError } from "../../../shared/errors.ts";
import type { Feeds, Runtime, Session } from "../runtime/runtime.ts";
import { float32, floatData } from "../runtime/runtime.ts";
import type { Analysis } from "./analysis.ts";
import { CopiedWeights } from "./copied-weights.ts";
import type { CacheShape, RunShape } from "./feeds.ts";
import { feedFor } from "./feeds.ts";
import type { OnnxValue } from "./graph.ts";
import { PAST_INPUT } from "./prefix/past.ts";
import type { StageCut } from "./stage.ts";
import { STAGE_INPUT, STAGE_OUTPUT, cutStage } from "./stage.ts";
import type { Wiring } from "./wiring.ts";

/** A stage that can run. `session.release` ends it. */
export interface OpenStage {
  readonly session: Session;
  readonly inputs: readonly OnnxValue[];
  /** Bytes of weights that it refers to. */
  readonly weightBytes: number;
}

/** What feeds depend on beside the run. */
export interface FeedSettings {
  readonly cache: CacheShape;
  /** As the runtime's. */
  readonly productRows: number;
  /** For messages. */
  readonly file: string;
}

/**
 * Cuts a stage and opens it.
 *
 * @param keepsOutput its output may stay on the device, where there is one
 * @throws SwapError `unsupported-model` when it cannot be cut, or onnxruntime does not take it
 */
export async function openStage(
  { model, weights }: Pick<Analysis, "model" | "weights">,
  wiring: Wiring,
  cut: StageCut,
  runtime: Runtime,
  keepsOutput = false,
): Promise<OpenStage> {
  const copied = runtime.mapsFiles ? null : new CopiedWeights(weights);
  const { model: bytes, inputs, rotations, weightBytes } = cutStage(model, wiring, cut, copied ?? weights);
  try {
    const settings = copied?.settings() ?? { externalFolder: weights.folder };
    const kept = runtime.keepsOutputs && keepsOutput ? { kept: STAGE_OUTPUT } : {};
    const session = await runtime.createSession(bytes, { ...settings, exactNodes: rotations, ...kept });
    return { session, inputs, weightBytes };
  } catch (cause) {
    throw new SwapError(
      "unsupported-model",
      `${runtime.name} does not take the part of ${model.file} up to ${cut.to}.`,
      "It may use operators or number types that the CPU cannot run; try another export (fp32 or q4). The log has the details.",
      { cause },
    );
  }
}

/** Feeds for the inputs of the graph itself; those of a shared prefix are prefix-run.ts's. */
export function graphFeeds(stage: OpenStage, shape: RunShape, settings: FeedSettings): Feeds {
  const ordinary = stage.inputs.filter(({ name }) => !name.startsWith(PAST_INPUT));
  return Object.fromEntries(
    ordinary.map((input) => [input.name, feedFor(input, shape, settings.cache, settings.file)]),
  );
}

/** Runs a stage on all rows at once. */
export async function runStage(
  stage: OpenStage,
  shape: RunShape,
  states: Float32Array | null,
  settings: FeedSettings,
): Promise<{ data: Float32Array; dims: readonly number[] }> {
  const { rows, positions } = shape;
  const width = states && states.length / (rows * positions);
  const feeds = {
    ...graphFeeds(stage, shape, settings),
    ...(states && width !== null ? { [STAGE_INPUT]: float32(states, [rows, positions, width]) } : {}),
  };
  // Trials at load may fail; the error says all that the runtime would print.
  const outputs = await failing(stage.session.run(feeds, undefined, true), settings.file);
  return { data: floatData(outputs, STAGE_OUTPUT), dims: outputs[STAGE_OUTPUT]!.dims };
}

/**
 * What a run of a stage gives.
 *
 * @throws SwapError `engine-failed`, with the node that the runtime names, in place of the runtime's raw error
 */
export async function failing<T>(run: Promise<T>, file: string): Promise<T> {
  try {
    return await run;
  } catch (cause) {
    const node = /Name:'([^']+)'/.exec(String(cause))?.[1];
    throw new SwapError(
      "engine-failed",
      `${node === undefined ? "A part" : `The node ${node}`} of ${file} could not be run.`,
      "Shapes in the file do not fit together, or memory ran out: try a shorter prompt or fewer rows, else export it again. The log has the details.",
      { cause },
    );
  }
}

/** The same row by row, for graphs that were exported for a batch of one. */
export async function runStageByRow(
  stage: OpenStage,
  shape: RunShape,
  states: Float32Array,
  settings: FeedSettings,
): Promise<Float32Array> {
  const size = states.length / shape.rows;
  const outputs: Float32Array[] = [];
  for (let row = 0; row < shape.rows; row++) {
    const part = states.subarray(row * size, (row + 1) * size);
    outputs.push((await runStage(stage, { ...shape, rows: 1 }, part, settings)).data);
  }
  const data = new Float32Array(outputs[0]!.length * shape.rows);
  outputs.forEach((output, row) => {
    data.set(output, row * output.length);
  });
  return data;
}
