/** Where ONNX weights may stand: beside the model, behind the hub cache's symlinks, never outside the model's folder. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxDecoder } from "../../../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../../../support/runtime.ts";
import {
  bytesOf,
  DataType,
  node,
  serializeModel,
  tensorExternal,
  tensorRaw,
  valueInfo,
} from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { naiveRun } from "../../../../support/properties/naive-oracle.ts";

const fixture = path.resolve(import.meta.dirname, "../../../../fixtures/llama__extdata");
const config = JSON.parse(fs.readFileSync(path.join(fixture, "config.json"), "utf8")) as Record<
  string,
  unknown
>;
const IDS = [5, 9, 30, 7];
let folder: string;
let expected: Float32Array;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-weights-"));
  expected = await logitsOf(path.join(fixture, "onnx/model.onnx"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

async function logitsOf(file: string): Promise<Float32Array> {
  const decoder = await openOnnxDecoder({ file, config, runtime: testRuntime(1) });
  const { logits } = await naiveRun(decoder, IDS);
  await decoder.close();
  return logits;
}

function modelReferringTo(location: string): string {
  const file = path.join(folder, "refers.onnx");
  const bytes = serializeModel({
    nodes: [
      node("Gather", ["table", "input_ids"], ["h"]),
      node("Softmax", ["h"], ["a"]),
      node("Add", ["h", "a"], ["out"]),
      node("MatMul", ["out", "table"], ["logits"]),
    ],
    initializers: [tensorExternal("table", DataType.float, [4, 4], location, 0, 64)],
    inputs: [valueInfo("input_ids", DataType.int64, ["b", "s"])],
    outputs: [valueInfo("logits", DataType.float)],
    opsets: [{ domain: "", version: 18 }],
    irVersion: 9,
  });
  fs.writeFileSync(file, bytes);
  return file;
}

describe("external data", () => {
  it("is found behind the symlinks of the Python hub cache", async () => {
    const blobs = path.join(folder, "blobs");
    const snapshot = path.join(folder, "snapshots/main/onnx");
    fs.mkdirSync(blobs);
    fs.mkdirSync(snapshot, { recursive: true });
    for (const name of ["model.onnx", "model.onnx_data"]) {
      fs.copyFileSync(path.join(fixture, "onnx", name), path.join(blobs, `sha-${name}`));
      fs.symlinkSync(path.join(blobs, `sha-${name}`), path.join(snapshot, name));
    }
    expect(await logitsOf(path.join(snapshot, "model.onnx"))).toEqual(expected);
  });

  it("is found when model and data are linked from different real folders", async () => {
    const [a, b, c] = ["a", "b/deep", "c"].map((name) => path.join(folder, name)) as [string, string, string];
    for (const directory of [a, b, c]) fs.mkdirSync(directory, { recursive: true });
    fs.copyFileSync(path.join(fixture, "onnx/model.onnx"), path.join(a, "one"));
    fs.copyFileSync(path.join(fixture, "onnx/model.onnx_data"), path.join(b, "two"));
    fs.symlinkSync(path.join(a, "one"), path.join(c, "model.onnx"));
    fs.symlinkSync(path.join(b, "two"), path.join(c, "model.onnx_data"));
    expect(await logitsOf(path.join(c, "model.onnx"))).toEqual(expected);
  });

  it("that is missing is named, with its folder", async () => {
    const lonely = path.join(folder, "lonely");
    fs.mkdirSync(lonely);
    fs.copyFileSync(path.join(fixture, "onnx/model.onnx"), path.join(lonely, "model.onnx"));
    const opened = openOnnxDecoder({
      file: path.join(lonely, "model.onnx"),
      config,
      runtime: testRuntime(1),
    });
    await expect(opened).rejects.toMatchObject({ code: "missing-external-data" });
    await expect(opened).rejects.toThrow(/model\.onnx_data/);
    await expect(opened).rejects.toThrow(lonely);
  });

  it("that is cut short is said to be", async () => {
    const short = path.join(folder, "short");
    fs.mkdirSync(short);
    fs.copyFileSync(path.join(fixture, "onnx/model.onnx"), path.join(short, "model.onnx"));
    const data = fs.readFileSync(path.join(fixture, "onnx/model.onnx_data"));
    fs.writeFileSync(path.join(short, "model.onnx_data"), data.subarray(0, data.length - 100));
    const opened = openOnnxDecoder({
      file: path.join(short, "model.onnx"),
      config,
      runtime: testRuntime(1),
    });
    await expect(opened).rejects.toMatchObject({ code: "truncated-file" });
  });

  it.each(["/etc/hostname", "../secret", "sub/../../secret", "C:\\secret"])(
    "outside the folder (%s) is refused",
    async (location) => {
      const opened = openOnnxDecoder({
        file: modelReferringTo(location),
        config: null,
        runtime: testRuntime(1),
      });
      await expect(opened).rejects.toMatchObject({ code: "unsupported-model" });
      await expect(opened).rejects.toThrow(/outside its own folder/);
    },
  );
});

describe("what is not a decoder", () => {
  it("says so when it sees later tokens", async () => {
    // One block whose "attention" is a softmax over all positions: an encoder by behaviour, whatever its names.
    const file = path.join(folder, "encoder.onnx");
    const table = Float32Array.from({ length: 64 * 4 }, (_, i) => Math.sin(i));
    const bytes = serializeModel({
      nodes: [
        node("Gather", ["table", "input_ids"], ["h"]),
        node("Transpose", ["h"], ["ht"], { perm: [0, 2, 1] }),
        node("MatMul", ["h", "ht"], ["scores"]),
        node("Softmax", ["scores"], ["shares"]),
        node("MatMul", ["shares", "h"], ["mixed"]),
        node("Add", ["h", "mixed"], ["out"]),
        node("MatMul", ["out", "head"], ["logits"]),
      ],
      initializers: [rawTensor("table", [64, 4], table), rawTensor("head", [4, 64], table)],
      inputs: [valueInfo("input_ids", DataType.int64, ["b", "s"])],
      outputs: [valueInfo("logits", DataType.float)],
      opsets: [{ domain: "", version: 18 }],
      irVersion: 9,
    });
    fs.writeFileSync(file, bytes);
    const opened = openOnnxDecoder({ file, config: null, runtime: testRuntime(1) });
    await expect(opened).rejects.toMatchObject({ code: "not-a-decoder" });
    await expect(opened).rejects.toThrow(/later token/);
  });
});

function rawTensor(name: string, dims: number[], data: Float32Array): ReturnType<typeof tensorExternal> {
  return tensorRaw(name, DataType.float, dims, bytesOf(data));
}
