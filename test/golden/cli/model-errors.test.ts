/** Files that are no models, through the command line: exit code 1, a message that names the problem and the file, the same as JSON. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  DataType,
  node,
  serializeModel,
  tensorRaw,
  valueInfo,
} from "../../../src/engine/model/runtime/protobuf-writer.ts";
import { expectFailure } from "../../support/cli/cli-failure.ts";
import { buildOnce, fixture, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

const folder = temporaryFolder();
const gguf = fixture("gguf_llama__F32") ?? fixture("gguf_llama__F16");
const onnx = fixture("llama__past");
const external = fixture("llama__extdata");
for (const [name, found] of Object.entries({
  gguf_llama__F32: gguf,
  llama__past: onnx,
  llama__extdata: external,
})) {
  if (found === null) console.warn(`SKIPPED: the fixture ${name} is not on this machine.`);
}
const ggufFile = gguf === null ? "" : path.join(gguf, "model.gguf");

beforeAll(buildOnce);

const sweepOf = (model: string): string[] => [
  ...[
    "sweep",
    "--model",
    model,
    "--target",
    "The capital of France is",
    "--swap",
    "France",
    "--with",
    "capital",
  ],
];

/** A copy of a fixture that may be damaged. */
function copyOf(fixtureFolder: string, name: string): string {
  const copy = path.join(folder, name);
  fs.cpSync(fixtureFolder, copy, { recursive: true });
  return copy;
}

function write(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  return file;
}

describe("files", () => {
  test("a missing file", async () => {
    await expectFailure(
      sweepOf("/nowhere/model.gguf"),
      "file-not-found",
      /no file or folder.*nowhere.model\.gguf/,
    );
  });

  test("a file that is no model", async () => {
    await expectFailure(sweepOf(write("notes.txt", "hello")), "not-a-model", /notes\.txt/);
  });

  test("a file that only its name calls GGUF", async () => {
    await expectFailure(sweepOf(write("web-page.gguf", "<html>")), "not-a-model", /web-page\.gguf.*GGUF/);
  });

  test("a folder without a model", async () => {
    const empty = path.join(folder, "empty");
    fs.mkdirSync(empty);
    await expectFailure(sweepOf(empty), "not-a-model", /empty.*holds no model/);
  });

  test("a graph that a folder has not", async () => {
    const empty = path.join(folder, "no-such-graph");
    fs.mkdirSync(empty);
    await expectFailure(
      [...sweepOf(empty), "--file", "onnx/model_q4.onnx"],
      "file-not-found",
      /model_q4\.onnx/,
    );
  });

  test("a folder of several models with no ordinary name is listed", async () => {
    const several = path.dirname(write("several/onnx/a.onnx", "x"));
    write("several/onnx/b.onnx", "x");
    await expectFailure(sweepOf(path.dirname(several)), "not-a-model", /a\.onnx.*b\.onnx/);
  });

  test("a missing prompt file", async () => {
    const args = ["sweep", "--target-file", "/nowhere/prompt.txt", "--swap", "a", "--with", "b"];
    await expectFailure(args, "file-not-found", /nowhere.prompt\.txt/);
  });
});

describe("ONNX files", () => {
  test.skipIf(onnx === null)("a truncated graph", async () => {
    const copy = copyOf(onnx!, "truncated-onnx");
    const file = path.join(copy, "onnx/model.onnx");
    fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2));
    await expectFailure(sweepOf(copy), "truncated-file", /truncated-onnx.onnx.model\.onnx/);
  });

  test.skipIf(external === null)("missing external data", async () => {
    const copy = copyOf(external!, "no-data");
    fs.rmSync(path.join(copy, "onnx/model.onnx_data"));
    await expectFailure(sweepOf(copy), "missing-external-data", /model\.onnx_data/);
  });

  test.skipIf(onnx === null)("a missing tokenizer", async () => {
    const copy = copyOf(onnx!, "no-tokenizer");
    fs.rmSync(path.join(copy, "tokenizer.json"));
    await expectFailure(sweepOf(copy), "tokenizer-missing", /no-tokenizer/);
  });

  test.skipIf(onnx === null)("an encoder", async () => {
    const copy = copyOf(onnx!, "encoder");
    fs.writeFileSync(path.join(copy, "onnx/model.onnx"), embeddingsOnly("input_ids", "last_hidden_state"));
    fs.writeFileSync(
      path.join(copy, "config.json"),
      JSON.stringify({ model_type: "bert", architectures: ["BertModel"] }),
    );
    await expectFailure(sweepOf(copy), "not-a-decoder", /encoder.onnx.model\.onnx/);
  });

  test.skipIf(onnx === null)("a graph that reads no tokens", async () => {
    const copy = copyOf(onnx!, "no-language-model");
    fs.writeFileSync(path.join(copy, "onnx/model.onnx"), embeddingsOnly("pixel_index", "logits"));
    await expectFailure(sweepOf(copy), "not-a-decoder", /no-language-model.onnx.model\.onnx/);
  });

  test.skipIf(onnx === null)("a file of other bytes", async () => {
    const copy = copyOf(onnx!, "garbage");
    fs.writeFileSync(path.join(copy, "onnx/model.onnx"), Buffer.alloc(4096, 0xff));
    await expectFailure(sweepOf(copy), "not-a-model", /garbage.onnx.model\.onnx/);
  });
});

describe.skipIf(gguf === null)("GGUF files", () => {
  test("a truncated file", async () => {
    const bytes = fs.readFileSync(ggufFile);
    const file = write("truncated.gguf", bytes.subarray(0, Math.floor(bytes.length / 2)));
    await expectFailure(sweepOf(file), "truncated-file", /truncated\.gguf/);
  });

  test("a file cut inside its header", async () => {
    const file = write("header.gguf", fs.readFileSync(ggufFile).subarray(0, 100));
    await expectFailure(sweepOf(file), "truncated-file", /header\.gguf/);
  });

  test("an unknown architecture", async () => {
    const bytes = fs.readFileSync(ggufFile);
    const at = bytes.indexOf("llama", bytes.indexOf("general.architecture") + 20);
    bytes.write("klama", at, "latin1");
    const error = await expectFailure(
      sweepOf(write("klama.gguf", bytes)),
      "unsupported-architecture",
      /klama/,
    );
    expect(error.message).toContain("klama.gguf");
  });

  test("an unknown tensor type", async () => {
    const bytes = fs.readFileSync(ggufFile);
    const name = "blk.0.attn_q.weight";
    const afterName = bytes.indexOf(name) + name.length;
    const dimensions = bytes.readUInt32LE(afterName);
    bytes.writeUInt32LE(99, afterName + 4 + 8 * dimensions);
    const error = await expectFailure(sweepOf(write("type99.gguf", bytes)), "unsupported-tensor-type", /99/);
    expect(error.message).toContain("type99.gguf");
  });

  test("a missing tokenizer", async () => {
    const bytes = fs.readFileSync(ggufFile);
    const at = bytes.indexOf("tokenizer.ggml.tokens");
    bytes.write("tokenizer.ggml.tokenz", at, "latin1");
    await expectFailure(
      sweepOf(write("untold.gguf", bytes)),
      "tokenizer-missing",
      /untold\.gguf.*no tokenizer/,
    );
  });
});

test("without --json an error leaves stdout empty", async () => {
  const run = await runCli(sweepOf("/nowhere/model.gguf"));
  expect(run.stdout).toBe("");
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/^error: There is no file or folder .*\n {7}\S.*\n$/);
});

describe("places to write", () => {
  test("a folder that does not exist is refused before the model opens", async () => {
    const args = [...sweepOf("/nowhere/model.gguf"), "-o", path.join(folder, "absent/result.json")];
    await expectFailure(args, "write-failed", /absent.*does not exist/);
  });

  test("a folder instead of a file", async () => {
    await expectFailure([...sweepOf("/nowhere/model.gguf"), "-o", folder], "write-failed", /is a folder/);
  });
});

/** A graph with one Gather between its input and its output: valid ONNX, and no decoder. */
function embeddingsOnly(input: string, output: string): Uint8Array {
  const table = new Float32Array(128 * 8).fill(0.5);
  return serializeModel({
    nodes: [node("Gather", ["table", input], [output])],
    initializers: [tensorRaw("table", DataType.float, [128, 8], new Uint8Array(table.buffer))],
    inputs: [valueInfo(input, DataType.int64, ["batch", "sequence"])],
    outputs: [valueInfo(output, DataType.float, ["batch", "sequence", 8])],
    opsets: [{ domain: "", version: 14 }],
    irVersion: 8,
  });
}
