/** The only file that talks to onnxruntime-web: the same kernels compiled to WebAssembly, for where no native library loads. */
import * as fs from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import type * as Ort from "onnxruntime-web";
import { pulse } from "../../pulse.ts";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { machineName } from "./machine.ts";
import { OrtSession } from "./ort-session.ts";
import { DataType, node, serializeModel, valueInfo } from "./protobuf-writer.ts";
import type { Outputs, Runtime, Session } from "./runtime.ts";
import { float32 } from "./runtime.ts";

/** Where an installed engine has the runtime's files; from source they lie in the package, where it finds them itself. */
const INSTALLED = new URL("./ort/", import.meta.url);

/** Rows that MatMulNBits takes at once. */
const PRODUCT_ROWS = 128;

/** Its addresses have 32 bits: weights, their copies and what runs share 2^32 bytes. */
const MEMORY_LIMIT = 4e9;

/** onnxruntime's CPU kernels in WebAssembly, with SIMD and threads. */
export const WASM: RuntimeDescriptor = {
  name: "wasm",
  peer: null,
  load: async () => {
    try {
      const ort = await import("onnxruntime-web");
      ort.env.logLevel = "error";
      if (fs.existsSync(INSTALLED)) ort.env.wasm.wasmPaths = INSTALLED.href;
      return (threads) => started(ort, threads);
    } catch (error) {
      throw unavailable(error);
    }
  },
};

/** The process's number of threads: the library reads it with the first session, and never again. */
let processThreads: number | null = null;

async function started(ort: typeof Ort, threads: number): Promise<Runtime> {
  processThreads ??= threads;
  ort.env.wasm.numThreads = processThreads;
  try {
    const session = await create(ort, NOTHING, {});
    await session.run({ in: float32(new Float32Array(1), [1]) });
    await session.release();
  } catch (error) {
    throw unavailable(error);
  }
  return {
    name: "onnxruntime (WebAssembly)",
    mapsFiles: false,
    memoryLimit: MEMORY_LIMIT,
    productRows: PRODUCT_ROWS,
    // Several threads share the columns of a product of quantised weights; how many do depends on the rows, and sums are cut by that.
    isBatchInvariant: processThreads === 1,
    lacks: new Set(),
    keepsOutputs: false,
    createSession: (model, { externalData }) =>
      create(ort, model, externalData ? { externalData: externalData.map((entry) => ({ ...entry })) } : {}),
  };
}

function unavailable(cause: unknown): RuntimeUnavailable {
  const { message: text } = errorOf(cause);
  const fault = {
    runtime: "wasm",
    code: /ENOENT|MODULE_NOT_FOUND|Cannot find module/.test(text) ? "missing" : "failed",
    machine: machineName(),
    builtFor: null,
    detail: text.split("\n")[0]!,
  } as const;
  return new RuntimeUnavailable(fault, cause);
}

/** A graph that does nothing: the smallest that shows whether sessions run. */
const NOTHING = serializeModel({
  nodes: [node("Identity", ["in"], ["out"])],
  initializers: [],
  inputs: [valueInfo("in", DataType.float, [1])],
  outputs: [valueInfo("out", DataType.float, [1])],
  opsets: [{ domain: "", version: 13 }],
  irVersion: 8,
});

async function create(
  ort: typeof Ort,
  model: Uint8Array,
  external: Pick<Ort.InferenceSession.SessionOptions, "externalData">,
): Promise<Session> {
  try {
    const options: Ort.InferenceSession.SessionOptions = {
      executionProviders: ["wasm"],
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      // As in native.ts.
      enableCpuMemArena: false,
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: { session: { disable_quant_qdq: "1" } },
      ...external,
    };
    const session = await pulse.preparing(() => ort.InferenceSession.create(model, options));
    return new WasmSession(ort, session);
  } catch (error) {
    throw errorOf(error);
  }
}

/** Exceptions of C++ cross the border as the number of their place in memory. */
function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`WebAssembly exception ${String(thrown)}`);
}

class WasmSession extends OrtSession {
  override async run(...args: Parameters<OrtSession["run"]>): Promise<Outputs> {
    // It runs on this thread: between two runs, the process's messages (a cancel) and its pulse have their turn.
    await turn();
    try {
      return await super.run(...args);
    } catch (error) {
      throw errorOf(error);
    }
  }
}
