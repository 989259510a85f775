/** The only file that talks to onnxruntime-node: sessions on the CPU, with options that work for dozens of them. */
import type * as Ort from "onnxruntime-node";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { builtFor, machineName } from "./machine.ts";
import { nativeFault } from "./native-fault.ts";
import type { Feeds, Outputs, Session, SessionSettings } from "./runtime.ts";

/** Rows that MatMulNBits takes at once. */
const PRODUCT_ROWS = 128;

/** Where an installed engine has the library; from source it lies in the package. */
const INSTALLED = new URL("./native/onnxruntime_binding.node", import.meta.url);

/** onnxruntime's CPU kernels. */
export const NATIVE: RuntimeDescriptor = {
  name: "native",
  load: async () => {
    // ORT 1.30 keeps a file of usage data in the user's home and sends it to its maker. It asks for this with the first session.
    process.env.ORT_DISABLE_TELEMETRY = "1";
    const ort = await loaded();
    return (threads) => ({
      name: "onnxruntime",
      mapsFiles: true,
      productRows: PRODUCT_ROWS,
      isBatchInvariant: true,
      createSession: async (model, settings) =>
        new NativeSession(ort, await ort.InferenceSession.create(model, optionsOf(threads, settings))),
    });
  },
};

/** Imported when it is wanted: a library that does not load is a reason then, and no end of the process. */
async function loaded(): Promise<typeof Ort> {
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    throw new RuntimeUnavailable(
      nativeFault(error, { machine: machineName(), builtFor: builtFor(INSTALLED) }),
      error,
    );
  }
}

function optionsOf(
  threads: number,
  { externalFolder, externalData }: SessionSettings,
): Ort.InferenceSession.SessionOptions {
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
const QUIET: Ort.InferenceSession.RunOptions = { logSeverityLevel: 4 };

class NativeSession implements Session {
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;

  constructor(ort: typeof Ort, session: Ort.InferenceSession) {
    this.#ort = ort;
    this.#session = session;
  }

  async run(feeds: Feeds, outputs?: readonly string[], isQuiet = false): Promise<Outputs> {
    const tensors: Record<string, Ort.Tensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(feeds))
      tensors[name] = new this.#ort.Tensor(type, data, dims);
    const options = isQuiet ? QUIET : {};
    return outputs ? this.#session.run(tensors, [...outputs], options) : this.#session.run(tensors, options);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
