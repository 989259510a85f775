/** The only file that talks to onnxruntime-node: sessions on the CPU, with options that work for dozens of them. */
import * as ort from "onnxruntime-node";
import type { Feeds, Outputs, Runtime, Session, SessionSettings } from "./runtime.ts";

// ORT 1.30 keeps a file of usage data in the user's home and sends it to its maker. It asks for this with the first session.
process.env.ORT_DISABLE_TELEMETRY = "1";

/** Rows that MatMulNBits takes at once. */
const PRODUCT_ROWS = 128;

/**
 * onnxruntime's CPU kernels.
 *
 * @param threads inside one operator
 */
export function nativeRuntime(threads: number): Runtime {
  return {
    name: "onnxruntime",
    mapsFiles: true,
    productRows: PRODUCT_ROWS,
    isBatchInvariant: true,
    createSession: async (model, settings) =>
      new NativeSession(await ort.InferenceSession.create(model, optionsOf(threads, settings))),
  };
}

function optionsOf(
  threads: number,
  { externalFolder, externalData }: SessionSettings,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // ORT keeps one arena per session: with 30 sessions that is 0.75 GB after a grid, and no faster.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: {
      session: {
        // Dozens of sessions whose idle threads spin slow each other down 10 to 25 times.
        intra_op: { allow_spinning: "0" },
        ...(externalFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: externalFolder }),
      },
    },
    ...(externalData ? { externalData: externalData.map((entry) => ({ ...entry })) } : {}),
  };
}

/** Errors that a trial expects are not printed. */
const QUIET: ort.InferenceSession.RunOptions = { logSeverityLevel: 4 };

class NativeSession implements Session {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  async run(feeds: Feeds, outputs?: readonly string[], isQuiet = false): Promise<Outputs> {
    const tensors: Record<string, ort.Tensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(feeds))
      tensors[name] = new ort.Tensor(type, data, dims);
    const options = isQuiet ? QUIET : {};
    return outputs ? this.#session.run(tensors, [...outputs], options) : this.#session.run(tensors, options);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
