/** What a path means: hub folders, single files, blobs without an ending, and everything that is no model. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { locateModel } from "../../../../src/engine/model/locate.ts";

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-locate-"));
});
afterAll(() => {
  fs.rmSync(root, { recursive: true });
});

/** Makes a folder with these files; GGUF files get their magic. */
function folder(name: string, files: readonly string[]): string {
  for (const file of files) {
    const full = path.join(root, name, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, /gguf|sha256/.test(file) ? "GGUF\u0003" : "\b\u0009");
  }
  return path.join(root, name);
}

describe("a folder", () => {
  it("in hub layout gives its graph, with the tokenizer above it", () => {
    const hub = folder("hub", ["config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model_q4.onnx"]);
    expect(locateModel(hub, null)).toEqual({
      kind: "onnx",
      file: path.join(hub, "onnx/model.onnx"),
      tokenizerFolder: hub,
    });
    expect(locateModel(hub, "onnx/model_q4.onnx")).toMatchObject({
      file: path.join(hub, "onnx/model_q4.onnx"),
    });
  });

  it("prefers exact graphs over smaller ones, and never takes dynamic int8 by itself", () => {
    const some = folder("some", ["onnx/model_q4.onnx", "onnx/model_fp16.onnx", "onnx/model_quantized.onnx"]);
    expect(locateModel(some, null)).toMatchObject({ file: path.join(some, "onnx/model_fp16.onnx") });
  });

  it("with one GGUF gives it", () => {
    const one = folder("one", ["x.Q4_K_M.gguf"]);
    expect(locateModel(one, null)).toEqual({ kind: "gguf", file: path.join(one, "x.Q4_K_M.gguf") });
  });

  it("of the Python hub cache gives its newest snapshot", () => {
    const cache = folder("models--a--b", ["snapshots/old/model.onnx", "snapshots/new/model.onnx"]);
    fs.utimesSync(path.join(cache, "snapshots/old"), 1, 1);
    expect(locateModel(cache, null)).toMatchObject({ file: path.join(cache, "snapshots/new/model.onnx") });
  });

  it("with several odd names asks for one of them", () => {
    const odd = folder("odd", ["a.gguf", "b.gguf"]);
    expect(() => locateModel(odd, null)).toThrow(/several models.*a\.gguf, b\.gguf/);
  });

  it("without a model, or without the chosen file, says what it holds", () => {
    const none = folder("none", ["readme.txt"]);
    expect(() => locateModel(none, null)).toThrow(/holds no model/);
    expect(() => locateModel(none, "onnx/x.onnx")).toThrow(/no file onnx\/x\.onnx/);
  });
});

describe("a file", () => {
  it("is a GGUF by its first bytes, whatever its name (Ollama's blobs)", () => {
    const blobs = folder("blobs", ["sha256-0123"]);
    expect(locateModel(path.join(blobs, "sha256-0123"), null)).toMatchObject({ kind: "gguf" });
  });

  it("that is an .onnx has its tokenizer beside it or above it", () => {
    const beside = folder("beside", ["model.onnx", "tokenizer.json"]);
    expect(locateModel(path.join(beside, "model.onnx"), null)).toMatchObject({ tokenizerFolder: beside });
  });

  it("that is neither is refused, and a missing one is called missing", () => {
    const other = folder("other", ["notes.txt", "fake.bin"]);
    expect(() => locateModel(path.join(other, "notes.txt"), null)).toThrow(
      /neither an \.onnx file nor a GGUF/,
    );
    expect(() => locateModel(path.join(other, "absent"), null)).toThrow(/no file or folder/);
  });
});
