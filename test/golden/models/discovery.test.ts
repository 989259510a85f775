/** Models in the caches of Hugging Face and Ollama, laid out as those programs do; what is found is opened and run. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  find,
  fixtures,
  gguf,
  homePlaces,
  hubFiles,
  intoHubCache,
  intoOllama,
  opensAndAnswers,
  put,
} from "../../support/models/discovery-layouts.ts";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-discovery-"));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]): string => path.join(root, ...parts);

describe("a Hugging Face cache", () => {
  const hub = (): string => at("home/.cache/huggingface/hub");

  it("gives each graph by the name of its repository, through links into blobs, and they run", async () => {
    intoHubCache(hub(), "tiny/llama", "llama__past", [...hubFiles, "onnx/model.onnx"]);
    intoHubCache(hub(), "tiny/ext--data", "llama__extdata", [
      ...hubFiles,
      "onnx/model.onnx",
      "onnx/model.onnx_data",
    ]);
    const found = await find(homePlaces(root));
    expect(found.map(({ name, kind, place, architecture }) => [name, kind, place, architecture])).toEqual([
      ["ext--data", "onnx", "hugging-face", "llama"],
      ["llama", "onnx", "hugging-face", "llama"],
    ]);
    const data = fs.statSync(path.join(fixtures, "llama__extdata/onnx/model.onnx_data")).size;
    expect(found[0]!.bytes).toBeGreaterThan(data);
    await opensAndAnswers(found[0]!, "llama__extdata");
    await opensAndAnswers(found[1]!, "llama__past");
  });

  it("gives one entry for each precision, dynamic int8 among them", async () => {
    const snapshot = intoHubCache(hub(), "tiny/llama", "llama__past", [...hubFiles, "onnx/model.onnx"]);
    put(path.join(fixtures, "llama__q4/onnx/model_q4.onnx"), path.join(snapshot, "onnx/model_q4.onnx"));
    put(path.join(fixtures, "llama__fp16/onnx/model_fp16.onnx"), path.join(snapshot, "onnx/model_fp16.onnx"));
    put(
      path.join(fixtures, "llama__q4/onnx/model_q4.onnx"),
      path.join(snapshot, "onnx/model_quantized.onnx"),
    );
    put(gguf, path.join(snapshot, "onnx/decoder_with_past_model.onnx"));
    const found = await find(homePlaces(root));
    expect(found.map(({ quantisation, problem }) => [quantisation, problem !== null])).toEqual([
      [null, false],
      ["fp16", false],
      ["q4", false],
      ["int8", false],
    ]);
    expect(found[1]!.memoryBytes).toBeGreaterThan(found[1]!.bytes * 2.5);
    await opensAndAnswers(found[0]!, "llama__past");
  });

  it("is found where HF_HOME, HF_HUB_CACHE and HUGGINGFACE_HUB_CACHE say", async () => {
    intoHubCache(at("elsewhere/hub"), "tiny/llama", "llama__past", [...hubFiles, "onnx/model.onnx"]);
    expect(await find(homePlaces(root))).toEqual([]);
    for (const env of [
      { HF_HOME: at("elsewhere") },
      { HF_HUB_CACHE: at("elsewhere/hub") },
      { HUGGINGFACE_HUB_CACHE: at("elsewhere/hub") },
      { HF_HUB_CACHE: at("elsewhere/hub"), HF_HOME: at("nowhere") },
    ]) {
      expect(await find(homePlaces(root, env)), Object.keys(env).join()).toHaveLength(1);
    }
  });

  it("skips files that did not arrive: broken links and parts", async () => {
    const snapshot = intoHubCache(hub(), "tiny/llama", "llama__past", [...hubFiles, "onnx/model.onnx"]);
    fs.symlinkSync("../../../blobs/gone", path.join(snapshot, "onnx/model_q4.onnx"));
    put(gguf, path.join(hub(), "models--tiny--llama/blobs/abc.incomplete"));
    expect((await find(homePlaces(root))).map(({ path: file }) => path.basename(file))).toEqual([
      "model.onnx",
    ]);
  });
});

describe("Ollama", () => {
  it("gives blobs without an ending by their names, and they run", async () => {
    const models = at("home/.ollama/models");
    intoOllama(models, ["registry.ollama.ai", "library", "llama3.2", "1b"], gguf);
    intoOllama(
      models,
      ["registry.ollama.ai", "somebody", "tiny", "latest"],
      path.join(fixtures, "gguf_llama__Q4_0/model.gguf"),
    );
    intoOllama(
      models,
      ["hf.co", "owner", "repo", "Q4_1"],
      path.join(fixtures, "gguf_llama__Q4_1/model.gguf"),
      ":",
    );
    const found = await find(homePlaces(root));
    expect(found.map(({ name, place, architecture }) => [name, place, architecture]).sort()).toEqual([
      ["hf.co/owner/repo:Q4_1", "ollama", "llama"],
      ["llama3.2:1b", "ollama", "llama"],
      ["somebody/tiny:latest", "ollama", "llama"],
    ]);
    const model = found.find(({ name }) => name === "llama3.2:1b")!;
    expect(path.basename(model.path)).toMatch(/^sha256-[0-9a-f]{64}$/);
    await opensAndAnswers(model, "gguf_llama__Q8_0");
  });

  it("gives a blob once, whatever many tags name it, and is found where OLLAMA_MODELS says", async () => {
    const models = at("models");
    intoOllama(models, ["registry.ollama.ai", "library", "a", "latest"], gguf);
    intoOllama(models, ["registry.ollama.ai", "library", "a", "8b"], gguf);
    expect(await find(homePlaces(root, { OLLAMA_MODELS: models }))).toHaveLength(1);
  });

  it("passes over manifests that are damaged, point nowhere, out of the folder, or to no model", async () => {
    const models = at("home/.ollama/models");
    const blob = intoOllama(models, ["registry.ollama.ai", "library", "cut", "latest"], gguf);
    fs.writeFileSync(blob, "not a model");
    const manifest = (name: string, text: string): void => {
      fs.writeFileSync(path.join(models, "manifests/registry.ollama.ai/library/cut", name), text);
    };
    manifest("json", "{");
    manifest("empty", "");
    manifest("list", "[]");
    const layer = (digest: string): string =>
      JSON.stringify({ layers: [{ mediaType: "application/vnd.ollama.image.model", digest }] });
    manifest("gone", layer(`sha256:${"f".repeat(64)}`));
    manifest("out", layer("sha256:../../../../etc/passwd"));
    intoOllama(
      models,
      ["registry.ollama.ai", "library", "whole", "latest"],
      path.join(fixtures, "gguf_llama__Q4_0/model.gguf"),
    );
    expect((await find(homePlaces(root))).map(({ name }) => name)).toEqual(["whole:latest"]);
  });
});
