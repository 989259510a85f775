/** The engine where no native library loads: its bundle alone, in a folder without packages, as an installation has it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { EngineClient } from "../../../../../src/engine/client/engine-client.ts";
import { openModel } from "../../../../../src/engine/open.ts";
import {
  DataType,
  node,
  serializeModel,
  tensorExternal,
  valueInfo,
} from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import type { RuntimeChoice } from "../../../../../src/shared/experiment/runtime.ts";
import type { ModelInfo } from "../../../../../src/shared/protocol/engine.ts";
import { buildOnce, temporaryFolder } from "../../../../support/cli/cli-support.ts";

const root = path.resolve(import.meta.dirname, "../../../../..");
const model = path.join(root, "media/models/countries-2m");
const folder = path.join(temporaryFolder(), "Erweiterung é");

beforeAll(async () => {
  await buildOnce();
  fs.mkdirSync(folder);
  fs.copyFileSync(path.join(root, "dist/engine.mjs"), path.join(folder, "engine.mjs"));
  fs.cpSync(path.join(root, "dist/ort"), path.join(folder, "ort"), { recursive: true });
});

/** Puts another machine's library where an installation has its own, until the test ends. */
function withLibraryOf(machine: string): void {
  const native = path.join(folder, "native");
  fs.mkdirSync(native);
  const from = path.join(root, "node_modules/onnxruntime-node/bin/napi-v6", machine.replace("-", "/"));
  fs.copyFileSync(path.join(from, "onnxruntime_binding.node"), path.join(native, "onnxruntime_binding.node"));
  onTestFinished(() => {
    fs.rmSync(native, { recursive: true });
  });
}

async function open(runtime: RuntimeChoice, threads = 1): Promise<ModelInfo> {
  const client = await EngineClient.start({
    script: path.join(folder, "engine.mjs"),
    execPath: process.execPath,
    onLog: () => undefined,
  });
  onTestFinished(() => client.stop());
  return client.request("open", { path: model, file: null, threads, runtime });
}

describe("an engine without a native library", () => {
  it.each([1, 2])("runs on WebAssembly by itself, on %i threads, and says why", async (threads) => {
    const { runtime, selfTest } = await open("auto", threads);
    expect(runtime).toMatchObject({
      name: "wasm",
      asked: "auto",
      fault: { runtime: "native", code: "missing", builtFor: null },
    });
    expect(selfTest.passed).toBe(true);
  });

  it("refuses native in words, with what to do", async () => {
    await expect(open("native")).rejects.toMatchObject({
      code: "runtime-unavailable",
      message: expect.stringMatching(
        /^The files of the runtime native are not there\. Install the build of State Swap for /,
      ) as string,
      hintCode: "choose-runtime",
    });
  });

  it("notices the build for another machine, and which one it is for", async () => {
    const other = process.platform === "darwin" ? "linux-x64" : "darwin-arm64";
    withLibraryOf(other);
    const { name, fault } = (await open("auto")).runtime;
    expect(name).toBe("wasm");
    expect(fault).toMatchObject({ code: "wrong-machine", builtFor: other });
  });

  it("says so when there is no runtime at all", async () => {
    const ort = path.join(folder, "ort");
    fs.renameSync(ort, `${ort}-away`);
    onTestFinished(() => {
      fs.renameSync(`${ort}-away`, ort);
    });
    const refused = open("auto");
    await expect(refused).rejects.toMatchObject({ code: "runtime-unavailable" });
    await expect(refused).rejects.toThrow(
      /^No model can be opened.*runtime native are not there.*runtime WebAssembly are not there\. Install the build of State Swap for [\w-]+\.$/,
    );
  });
});

it("a model larger than WebAssembly's memory is refused before any of it is read", async () => {
  const large = temporaryFolder();
  const rows = 20_000_000;
  const graph = serializeModel({
    nodes: [node("Gather", ["table", "input_ids"], ["logits"])],
    initializers: [tensorExternal("table", DataType.float, [rows, 64], "table.bin", 0, rows * 64 * 4)],
    inputs: [valueInfo("input_ids", DataType.int64, [null, null])],
    outputs: [valueInfo("logits", DataType.float, [null, null, 64])],
    opsets: [{ domain: "", version: 17 }],
    irVersion: 8,
  });
  const file = path.join(large, "model.onnx");
  fs.writeFileSync(file, graph);
  // A file with a hole takes no room on the disk.
  fs.writeFileSync(path.join(large, "table.bin"), "");
  fs.truncateSync(path.join(large, "table.bin"), rows * 64 * 4);
  const opened = openModel({ path: file, file: null, threads: 1, runtime: "wasm" });
  await expect(opened).rejects.toMatchObject({ code: "not-enough-memory" });
  await expect(opened).rejects.toThrow(/would take about 5\.3 GB .* holds at most 4\.0 GB/);
});
