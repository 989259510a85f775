/** A model's identity: each change of what answers depend on changes its part of it, and nothing else does. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ownCache } from "../../src/engine/cache-folders.ts";
import { ggufParts } from "../../src/engine/model/gguf/parts.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import type { ModelParts } from "../../src/engine/model/identity.ts";
import { identify } from "../../src/engine/model/identity.ts";
import { IdentityCache } from "../../src/engine/model/identity-cache.ts";
import { openModel } from "../../src/engine/open.ts";
import type { ModelIdentity, SweepResult } from "../../src/shared/experiment/result.ts";
import type { ModelHashes } from "../../src/shared/protocol/model-hashes.ts";
import { buildOnce, fixture, runCli, temporaryFolder } from "../support/cli/cli-support.ts";
import { tinyDecoder } from "../support/gguf/gguf-random.ts";
import type { Entry } from "../support/gguf/gguf-writer.ts";
import { gguf } from "../support/gguf/gguf-writer.ts";
import { splitGguf } from "../support/gguf/gguf-split.ts";
import { TEST_RUNTIME } from "../support/runtime.ts";

const folder = temporaryFolder();
let copies = 0;

/** A copy of a fixture that may be changed. */
function copyOf(name: string): string {
  const copy = path.join(folder, `copy-${++copies}`);
  fs.cpSync(fixture(name)!, copy, { recursive: true, dereference: true });
  for (const file of fs.readdirSync(copy, { recursive: true, withFileTypes: true }))
    fs.chmodSync(path.join(file.parentPath, file.name), file.isDirectory() ? 0o755 : 0o644);
  return copy;
}

/** Changes a JSON file of a folder. */
function changeJson(model: string, name: string, change: Readonly<Record<string, unknown>>): void {
  const file = path.join(model, name);
  const json = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
  fs.writeFileSync(file, JSON.stringify({ ...json, ...change }));
}

async function hashesOf(model: string): Promise<ModelHashes> {
  const { file, parts, decoder } = await openModel({
    path: model,
    file: null,
    threads: 1,
    runtime: TEST_RUNTIME,
  });
  try {
    return await identify(file, parts, new IdentityCache(null));
  } finally {
    await decoder.close();
  }
}

/** Names of the parts that differ. */
function differing(one: ModelHashes, other: ModelHashes): string[] {
  const parts: readonly (keyof ModelIdentity)[] = ["weights", "tokenizer", "template"];
  return parts.filter((part) => one.identity[part] !== other.identity[part]);
}

describe("an ONNX model", () => {
  beforeAll(buildOnce);

  /** A copy whose external data has one stretch of floats scaled. */
  function scaledCopy(): string {
    const copy = copyOf("llama__extdata");
    const [data = ""] = fs.readdirSync(path.join(copy, "onnx")).filter((name) => !name.endsWith(".onnx"));
    const file = path.join(copy, "onnx", data);
    const bytes = fs.readFileSync(file);
    const middle = 4 * Math.floor(bytes.length / 8);
    for (let at = middle; at < middle + 8192; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * 3, at);
    fs.writeFileSync(file, bytes);
    return copy;
  }

  test("with other external data answers otherwise: the command line's JSON says that the weights are others", async () => {
    const resultOf = async (model: string): Promise<SweepResult> => {
      const run = await runCli([
        ...["sweep", "--model", model, "--target", "The capital of France is"],
        ...["--swap", "@1", "--with", "@2", "--json"],
      ]);
      return JSON.parse(run.stdout) as SweepResult;
    };
    const before = await resultOf(fixture("llama__extdata")!);
    const after = await resultOf(scaledCopy());
    expect(after.baseline).not.toEqual(before.baseline);
    expect(after.model.sha256).toBe(before.model.sha256);
    expect(after.model.identity!.weights).not.toBe(before.model.identity!.weights);
    expect(after.model.identity).toEqual({
      ...before.model.identity,
      weights: after.model.identity!.weights,
    });
    expect((await resultOf(copyOf("llama__extdata"))).model.identity).toEqual(before.model.identity);
  });

  test("each file beside the graph changes its own part", async () => {
    const before = await hashesOf(fixture("llama__extdata")!);
    const afterChange = async (
      name: string,
      change: Readonly<Record<string, unknown>>,
    ): Promise<string[]> => {
      const copy = copyOf("llama__extdata");
      changeJson(copy, name, change);
      return differing(before, await hashesOf(copy));
    };
    expect(await afterChange("tokenizer.json", { version: "1.1" })).toEqual(["tokenizer"]);
    expect(await afterChange("tokenizer_config.json", { add_bos_token: false })).toEqual(["tokenizer"]);
    expect(await afterChange("generation_config.json", { eos_token_id: [1, 5] })).toEqual(["tokenizer"]);
    expect(await afterChange("tokenizer_config.json", { chat_template: "{{ messages }}" })).toEqual([
      "template",
    ]);
    expect(await afterChange("config.json", { sliding_window: 2 })).toEqual(["weights"]);
    expect(await afterChange("config.json", { transformers_version: "0.0.1" })).toEqual([]);
    expect(await afterChange("tokenizer_config.json", { name_or_path: "elsewhere" })).toEqual([]);
  });
});

describe("a GGUF", () => {
  const hashesOfGguf = (file: string): Promise<ModelHashes> =>
    identify(file, ggufParts(readGguf(file)), new IdentityCache(null));
  const { metadata, tensors } = tinyDecoder({ type: () => "F32" });
  const tokens: Readonly<Record<string, Entry>> = {
    "tokenizer.ggml.tokens": ["array", "string", ["<s>", "a"]],
    "tokenizer.chat_template": ["string", "{{ messages }}"],
  };
  const written = (change: Readonly<Record<string, Entry>>, data = tensors): Promise<ModelHashes> => {
    const file = path.join(folder, `${++copies}.gguf`);
    fs.writeFileSync(file, gguf({ ...metadata, ...tokens, ...change }, data));
    return hashesOfGguf(file);
  };

  test("says what of it is another's", async () => {
    const before = await written({});
    const other = { ...tensors[3]!, bytes: tensors[3]!.bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte)) };
    const changes: readonly (readonly [string[], Promise<ModelHashes>])[] = [
      [["template"], written({ "tokenizer.chat_template": ["string", "{{ messages }} and more"] })],
      [["tokenizer"], written({ "tokenizer.ggml.tokens": ["array", "string", ["<s>", "b"]] })],
      [["weights"], written({}, tensors.with(3, other))],
      [["weights"], written({ "llama.attention.layer_norm_rms_epsilon": ["f32", 0.25] })],
      [[], written({ "general.name": ["string", "A new name"] })],
    ];
    for (const [expected, change] of changes) {
      expect(differing(before, await change)).toEqual(expected);
      expect((await change).sha256).not.toBe(before.sha256);
    }
    const file = path.join(folder, "plain.gguf");
    const { "tokenizer.ggml.tokens": list } = tokens;
    fs.writeFileSync(file, gguf({ ...metadata, "tokenizer.ggml.tokens": list! }, tensors));
    expect(await hashesOfGguf(file)).toMatchObject({
      identity: { ...before.identity, template: null },
    });
  });

  test("in parts is the model that it is in one, and a changed later part is seen", async () => {
    const file = path.join(fixture("gguf_llama__Q8_0")!, "model.gguf");
    const names = splitGguf(file, folder, "parts", 3);
    const parts = await hashesOfGguf(path.join(folder, names[0]!));
    expect(differing(await hashesOfGguf(file), parts)).toEqual([]);
    expect(await hashesOfGguf(path.join(folder, names[1]!))).toMatchObject({ identity: parts.identity });
    const last = path.join(folder, names[2]!);
    const bytes = fs.readFileSync(last);
    const { offset } = [...readGguf(last).tensors.values()].find((tensor) => tensor.file === last)!;
    bytes[offset + 40]! ^= 1;
    fs.writeFileSync(last, bytes);
    const changed = await hashesOfGguf(path.join(folder, names[0]!));
    expect(changed.sha256).toBe(parts.sha256);
    expect(differing(parts, changed)).toEqual(["weights"]);
  });
});

describe("the cache", () => {
  const model = path.join(folder, "cached.bin");
  const parts: ModelParts = {
    weights: [{ name: "all", file: model, from: 0, bytes: 3 }],
    tokenizer: [],
    template: null,
  };
  const cacheFolder = path.join(folder, "cache");
  const cacheFile = path.join(cacheFolder, "model-hashes.json");
  /** As another process would. */
  const again = (): Promise<ModelHashes> => identify(model, parts, new IdentityCache(cacheFolder));

  test("knows a file by path, size, times and inode, across processes", async () => {
    fs.writeFileSync(model, "one");
    const one = await again();
    const marked = fs.readFileSync(cacheFile, "utf8").replaceAll(one.identity.weights, "f".repeat(64));
    fs.writeFileSync(cacheFile, marked);
    expect((await again()).identity.weights).toBe("f".repeat(64));
    const { mtime, atime } = fs.statSync(model);
    fs.writeFileSync(model, "two");
    fs.utimesSync(model, atime, mtime);
    const two = await again();
    expect(two.identity.weights).not.toBe(one.identity.weights);
    expect(two.identity.weights).not.toBe("f".repeat(64));
    fs.rmSync(model);
    fs.writeFileSync(model, "two");
    expect(await again()).toEqual(two);
    expect(Object.keys(JSON.parse(fs.readFileSync(cacheFile, "utf8")) as object)).toHaveLength(3);
  });

  test("that is damaged, or cannot be written, only costs time", async () => {
    fs.writeFileSync(model, "one");
    fs.writeFileSync(cacheFile, '{"a": {"sha256": 3}}');
    const one = await again();
    expect(await again()).toEqual(one);
    expect(await identify(model, parts, new IdentityCache(path.join(model, "below a file")))).toEqual(one);
  });

  test("serves the command line too, in the system's folder for caches", async () => {
    const copy = copyOf("llama__extdata");
    const home = temporaryFolder();
    const env = { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home };
    const file = path.join(ownCache({ env, home, platform: process.platform })!, "model-hashes.json");
    const weightsNow = async (at = env): Promise<string> => {
      const run = await runCli(["inspect", "--model", copy, "--json"], { env: at });
      expect(run.stderr).toBe("");
      return (JSON.parse(run.stdout) as ModelHashes).identity.weights;
    };
    const before = await weightsNow();
    const kept = fs.readFileSync(file, "utf8");
    expect(kept).not.toContain("llama");
    fs.writeFileSync(file, kept.replaceAll(before, "f".repeat(64)));
    expect(await weightsNow()).toBe("f".repeat(64));
    const data = path.join(copy, "onnx/model.onnx_data");
    fs.utimesSync(data, 1, 1);
    expect(await weightsNow()).toBe(before);
    // Where no folder can be made, a call hashes anew.
    expect(
      await weightsNow({ HOME: data, USERPROFILE: data, XDG_CACHE_HOME: data, LOCALAPPDATA: data }),
    ).toBe(before);
  });

  test("a file that is cut short is an error, not a hash", async () => {
    fs.writeFileSync(model, "o");
    const longer = { ...parts, weights: [{ name: "all", file: model, from: 0, bytes: 30 }] };
    await expect(identify(model, longer, new IdentityCache(null))).rejects.toThrow("cut short");
  });
});
