/** onnxruntime's WebGPU provider: Vulkan, Metal or Direct3D 12. Its adapter is asked for at loading, so that a reason is known early. */
import * as fs from "node:fs";
import type { RuntimeFault } from "../../../shared/experiment/runtime.ts";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { machineName } from "./machine.ts";
import type { NativeLibrary } from "./native.ts";
import { INSTALLED, loadLibrary } from "./native.ts";
import { DataType, node, serializeModel, valueInfo } from "./protobuf-writer.ts";
import type { Session } from "./runtime.ts";

/** Without kernels there: they would run on the CPU, and their inputs and outputs be copied. */
const LACKS = new Set(["Attention", "FusedMatMul"]);

/** What Direct3D's shaders are compiled by; the packed extension leaves it out. */
const SHADER_COMPILER = "dxcompiler.dll";

/** onnxruntime's WebGPU kernels. */
export const WEBGPU: RuntimeDescriptor = {
  name: "webgpu",
  peer: "native",
  load: async () => {
    const library = await loadLibrary();
    const machine = machineName();
    const fail = (code: RuntimeFault["code"], cause?: unknown): never => {
      // ONNX Runtime's own, in English whatever the language; what failed stands in its last line.
      const raw = cause instanceof Error ? cause.message : "";
      const detail = raw.trim().split("\n").at(-1)!;
      throw new RuntimeUnavailable({ runtime: "webgpu", code, machine, builtFor: null, detail }, cause);
    };
    if (!library.has("webgpu")) fail("no-build");
    if (lacksShaderCompiler()) fail("no-shader-compiler");
    const read = await readerOf(library).catch((error: unknown) => fail(codeOf(error), error));
    return (threads) => ({
      name: "onnxruntime WebGPU",
      mapsFiles: true,
      // However many rows there are, they are one product; a single one alone takes another kernel.
      productRows: Infinity,
      isBatchInvariant: false,
      lacks: LACKS,
      keepsOutputs: true,
      createSession: (model, settings) => library.createSession("webgpu", threads, model, settings, read),
    });
  },
};

/** The process's session that reads outputs on the device. */
let reader: Session | null = null;

/** Its graph is the smallest there is, so that a missing adapter shows: all later sessions share its device. */
async function readerOf(library: NativeLibrary): Promise<Session> {
  const model = serializeModel({
    nodes: [node("Identity", ["x"], ["y"])],
    initializers: [],
    inputs: [valueInfo("x", DataType.float)],
    outputs: [valueInfo("y", DataType.float)],
    opsets: [{ domain: "", version: 23 }],
    irVersion: 10,
  });
  return (reader ??= await library.createSession("webgpu", 1, model, {}));
}

function codeOf(error: unknown): RuntimeFault["code"] {
  const text = error instanceof Error ? error.message : "";
  return text.includes("Failed to get a WebGPU adapter") ? "no-adapter" : "failed";
}

/** Only an installed engine can lack it; the package that sources run from has it. */
function lacksShaderCompiler(): boolean {
  if (process.platform !== "win32" || !fs.existsSync(INSTALLED)) return false;
  return !fs.existsSync(new URL(SHADER_COMPILER, INSTALLED));
}
