/** Makes the session of one stage: its graph, and its quantised weights laid out in scratch memory that ORT copies. */
import * as path from "node:path";

import { SwapError } from "../../../shared/errors.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { linearScratchBytes } from "./linear-graph.ts";
import type { WeightScratch } from "./stage-graph.ts";
import { SCRATCH_LOCATION, StageGraph } from "./stage-graph.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { Linear } from "./tensor-picker.ts";

/** What the stages of one file have in common. */
export interface StageSettings {
  /** The GGUF file; float weights of its folder are mapped. */
  readonly file: string;
  readonly source: TensorSource;
  readonly runtime: Runtime;
}

/** One stage to be made. */
export interface StagePlan {
  /** For an error: "block 3". */
  readonly what: string;
  /** When its turn is in a climb: k, and behind the last block the head. */
  readonly place: number;
  /** All linears that `build` adds. */
  readonly linears: readonly Linear[];
  /** What its session holds, in bytes. */
  readonly bytes: number;
  /** What making it reads of the file, in bytes. */
  readonly readBytes: number;
  readonly build: (graph: StageGraph) => void;
  /** Output that may stay on the device, where there is one. */
  readonly kept?: string;
}

/**
 * Makes a session. The scratch is free again when this returns.
 *
 * @throws SwapError `engine-failed`
 */
export async function createStageSession(
  { file, source, runtime }: StageSettings,
  scratch: WeightScratch,
  { what, linears, build, kept }: Pick<StagePlan, "what" | "linears" | "build" | "kept">,
): Promise<Session> {
  const folder = path.dirname(file);
  const needed = linearScratchBytes(linears, runtime.mapsFiles ? folder : null);
  scratch.reset(needed);
  const graph = new StageGraph(source, scratch, needed === 0, runtime.lacks);
  build(graph);
  const data = scratch.bytes;
  try {
    return await runtime.createSession(graph.finish(), {
      ...(runtime.mapsFiles ? { externalFolder: folder } : {}),
      ...(runtime.keepsOutputs && kept !== undefined ? { kept } : {}),
      ...(needed > 0 ? { externalData: [{ path: SCRATCH_LOCATION, data }] } : {}),
    });
  } catch (cause) {
    throw new SwapError(
      "engine-failed",
      `${file}: ${what} could not be prepared.`,
      "There may be too little memory for this model.",
      { cause },
    );
  }
}
