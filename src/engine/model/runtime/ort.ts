/** The only file that talks to onnxruntime-node: session options that work (engine.md section 2), runs, float32 and int64 tensors. */
import * as ort from "onnxruntime-node";

// ORT 1.30 keeps a file of usage data in the user's home and sends it to its maker. It asks for this with the first session.
process.env.ORT_DISABLE_TELEMETRY = "1";

/** A graph ready to run. `release` frees its memory at once. */
export type Session = ort.InferenceSession;
export type Tensor = ort.Tensor;
export type Feeds = Record<string, Tensor>;

/** What a session needs beside its graph. */
export interface SessionSettings {
  /** Threads inside one operator. */
  readonly threads: number;
  /** Real directory (no symlinks) that external-data locations are relative to. */
  readonly externalFolder?: string;
  /** External data handed over in memory; copied by ORT while the session is created. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** `disabled` only for graphs whose optimisation costs more than it brings. */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
}

/**
 * Creates a CPU session from a serialised ModelProto.
 *
 * @throws the raw ORT error; callers turn it into a SwapError that names the file
 */
export async function createSession(model: Uint8Array, settings: SessionSettings): Promise<Session> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: settings.optimization ?? "all",
    // ORT keeps one arena per session: with 30 sessions that is 0.75 GB after a grid, and no faster.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: {
      session: {
        // Dozens of sessions whose idle threads spin slow each other down 10 to 25 times.
        intra_op: { allow_spinning: "0" },
        ...(settings.externalFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: settings.externalFolder }),
      },
    },
  };
  if (settings.externalData) options.externalData = settings.externalData.map((entry) => ({ ...entry }));
  return ort.InferenceSession.create(model, options);
}

/** A float32 tensor over `data` (not copied). */
export function float32(data: Float32Array, dims: readonly number[]): Tensor {
  return new ort.Tensor("float32", data, dims);
}

/** An int64 tensor from plain numbers. */
export function int64(values: readonly number[], dims: readonly number[]): Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), dims);
}

/** An int32 tensor from plain numbers. */
export function int32(values: readonly number[], dims: readonly number[]): Tensor {
  return new ort.Tensor("int32", Int32Array.from(values), dims);
}

/** A bool tensor from plain booleans. */
export function bool(values: readonly boolean[], dims: readonly number[]): Tensor {
  return new ort.Tensor("bool", Uint8Array.from(values, Number), dims);
}

/** A tensor without elements of any type that crosses the border; for empty KV caches. */
export function empty(
  type: "float32" | "float16" | "int64" | "int32" | "bool",
  dims: readonly number[],
): Tensor {
  switch (type) {
    case "float32":
      return new ort.Tensor(type, new Float32Array(0), dims);
    case "float16":
      return new ort.Tensor(type, new Uint16Array(0), dims);
    case "int64":
      return new ort.Tensor(type, new BigInt64Array(0), dims);
    case "int32":
      return new ort.Tensor(type, new Int32Array(0), dims);
    case "bool":
      return new ort.Tensor(type, new Uint8Array(0), dims);
  }
}

/** The float32 data of an output. Throws when the output is missing or of another type: a defect of the stage's graph. */
export function floatData(outputs: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const tensor = outputs[name];
  if (!tensor || !("data" in tensor) || !(tensor.data instanceof Float32Array)) {
    throw new Error(`output ${name} is not a float32 tensor`);
  }
  return tensor.data;
}
