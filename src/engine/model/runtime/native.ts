/** The only file that talks to onnxruntime-node: its sessions, with options that work for dozens of them, and its CPU kernels. */
import type * as Ort from "onnxruntime-node";
import { pulse } from "../../pulse.ts";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { builtFor, machineName } from "./machine.ts";
import { nativeFault } from "./native-fault.ts";
import { DeviceSession } from "./device-session.ts";
import { OrtSession } from "./ort-session.ts";
import type { Session, SessionSettings } from "./runtime.ts";

/** Rows that MatMulNBits takes at once. */
const PRODUCT_ROWS = 128;

/** Where an installed engine has the library; from source it lies in the package. */
export const INSTALLED = new URL("./native/onnxruntime_binding.node", import.meta.url);

/** onnxruntime's CPU kernels. */
export const NATIVE: RuntimeDescriptor = {
  name: "native",
  peer: null,
  load: async () => {
    const library = await loadLibrary();
    return (threads) => ({
      name: "onnxruntime",
      mapsFiles: true,
      productRows: PRODUCT_ROWS,
      isBatchInvariant: true,
      lacks: new Set(),
      keepsOutputs: false,
      createSession: (model, settings) => library.createSession("cpu", threads, model, settings),
    });
  },
};

/** The loaded library. */
export interface NativeLibrary {
  /** Whether this build of it has a provider, whatever the machine has. */
  readonly has: (provider: string) => boolean;
  /** @throws the library's raw error */
  readonly createSession: (
    provider: "cpu" | "webgpu",
    threads: number,
    model: Uint8Array,
    settings: SessionSettings,
    /** For `settings.kept`: gives its input `x`, from the device, as its output `y`, on the host. */
    reader?: Session,
  ) => Promise<Session>;
}

/**
 * Imported when it is wanted: a library that does not load is a reason then, and no end of the process.
 *
 * @throws RuntimeUnavailable
 */
export async function loadLibrary(): Promise<NativeLibrary> {
  // ORT 1.30 keeps a file of usage data in the user's home and sends it to its maker. It asks for this with the first session.
  process.env.ORT_DISABLE_TELEMETRY = "1";
  const ort = await loaded();
  return {
    has: (provider) => ort.listSupportedBackends().some(({ name, bundled }) => name === provider && bundled),
    createSession: async (provider, threads, model, settings, reader) => {
      const options = {
        ...optionsOf(threads, settings),
        executionProviders: [providerOf(provider, settings)],
      };
      const session = await pulse.preparing(() => ort.InferenceSession.create(model, options));
      const { kept } = settings;
      return kept && reader ? new DeviceSession(ort, session, kept, reader) : new OrtSession(ort, session);
    },
  };
}

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

function providerOf(
  name: "cpu" | "webgpu",
  { exactNodes = [] }: SessionSettings,
): Ort.InferenceSession.ExecutionProviderConfig {
  // The library refuses an empty list.
  return name === "webgpu" && exactNodes.length > 0 ? { name, forceCpuNodeNames: exactNodes } : name;
}

function optionsOf(
  threads: number,
  { externalFolder, externalData, kept }: SessionSettings,
): Ort.InferenceSession.SessionOptions {
  return {
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
        // Products of dequantised weights stay as they are written: its fusions would round activations again.
        disable_quant_qdq: "1",
        ...(externalFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: externalFolder }),
      },
    },
    ...(kept === undefined ? {} : { preferredOutputLocation: "gpu-buffer" }),
    ...(externalData ? { externalData: externalData.map((entry) => ({ ...entry })) } : {}),
  };
}
