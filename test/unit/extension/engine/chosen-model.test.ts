/** Which model runs: the workspace's choice, the settings, trust; and what a workspace remembers. */
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkspaceChoice } from "../../../../src/extension/engine/chosen-model.ts";
import { ChosenModel, tokenizerFor } from "../../../../src/extension/engine/chosen-model.ts";
import { choiceName } from "../../../../src/extension/engine/model-choice.ts";
import { modelName } from "../../../../src/shared/text/model-name.ts";
import { hubHost } from "../../../../src/shared/protocol/hub.ts";
import { ModelMemory } from "../../../../src/extension/models/model-memory.ts";
import { modelPlaces } from "../../../../src/engine/discovery/places.ts";

const modelsFolder = path.resolve(import.meta.dirname, "../../../../media/models");

/** A choice whose inputs can be changed. */
function choice(start: { setting?: string; workspace?: WorkspaceChoice | null; isLimited?: boolean }) {
  const state = { setting: "", workspace: null as WorkspaceChoice | null, isLimited: false, ...start };
  const chosen = new ChosenModel({
    setting: () => state.setting,
    workspaceChoice: () => state.workspace,
    isLimited: () => state.isLimited,
    modelsFolder,
    workspaceFolder: () => "/w",
  });
  return { state, chosen };
}

describe("the chosen model", () => {
  it("is the embedded one where nothing names another", async () => {
    expect((await choice({}).chosen.resolve()).embedded).toBe(true);
  });

  it("is the workspace's choice, above the user's setting", async () => {
    const workspace = { path: "/m/a.gguf", name: "a", setting: "/m/b.gguf" };
    const { chosen } = choice({ setting: "/m/b.gguf", workspace });
    expect(await chosen.resolve()).toEqual({ path: "/m/a.gguf", embedded: false, name: "a" });
  });

  it("is the setting's again once that was changed after the workspace's choice", async () => {
    const { chosen, state } = choice({ workspace: { path: "/m/a.gguf", name: "a", setting: "" } });
    expect((await chosen.resolve()).path).toBe("/m/a.gguf");
    state.setting = "models/c.gguf";
    expect((await chosen.resolve()).path).toBe(path.resolve("/w/models/c.gguf"));
  });

  it("is the embedded one where a workspace chose it, whatever the setting says", async () => {
    const workspace = { path: "", name: "", setting: "/m/b.gguf" };
    expect((await choice({ setting: "/m/b.gguf", workspace }).chosen.resolve()).embedded).toBe(true);
  });

  it("is the embedded one alone in a workspace that is not trusted or virtual, until it is not", async () => {
    const workspace = { path: "/m/a.gguf", name: "a", setting: "/w/evil.onnx" };
    const { chosen, state } = choice({ setting: "/w/evil.onnx", workspace, isLimited: true });
    expect((await chosen.resolve()).embedded).toBe(true);
    state.workspace = null;
    expect((await chosen.resolve()).embedded).toBe(true);
    state.isLimited = false;
    expect((await chosen.resolve()).path).toBe("/w/evil.onnx");
  });
});

describe("a model's name", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  it("is that of its repository in the caches of hubs", () => {
    const cached = `/h/hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/${commit}`;
    expect(modelName(`${cached}/onnx/model_q4.onnx`)).toBe("SmolLM2-135M");
    expect(modelName(`${cached}/model.onnx`)).toBe("SmolLM2-135M");
    expect(modelName(cached)).toBe("SmolLM2-135M");
    expect(modelName("/h/hub/models--a--b--c")).toBe("b--c");
    expect(modelName(`/cache/owner/Tiny/${commit}/onnx/model.onnx`)).toBe("Tiny");
    expect(modelName(`/cache/owner/Tiny/${commit}/tiny.Q8_0.gguf`)).toBe("tiny.Q8_0");
  });

  it("is a short one for a blob, and the given one where there is one", () => {
    const blob = `/o/blobs/sha256-${"ab".repeat(32)}`;
    expect(modelName(blob)).toBe("blob abababababab");
    expect(choiceName({ path: blob, embedded: false, name: "llama3.2:1b" })).toBe("llama3.2:1b");
    expect(choiceName(null)).toBe("");
  });
});

describe("what a workspace remembers", () => {
  /** VS Code's storage, as JSON keeps it. */
  function storage(start: Readonly<Record<string, unknown>> = {}) {
    const kept = new Map<string, unknown>(Object.entries(start));
    return {
      get: (key: string): unknown => kept.get(key),
      update: (key: string, value: unknown): Promise<void> => {
        if (value === undefined) kept.delete(key);
        else kept.set(key, JSON.parse(JSON.stringify(value)));
        return Promise.resolve();
      },
    } as ConstructorParameters<typeof ModelMemory>[0];
  }

  it("is the choice and the model of each document's prompts, the latest for each", async () => {
    const kept = storage();
    const memory = new ModelMemory(kept);
    expect(memory.choice).toBeNull();
    await memory.choose({ path: "/a", name: "a", setting: "" });
    await memory.noteUse("file:///p.txt", { path: "/a", name: "a" });
    await memory.noteUse("file:///q.txt", { path: "", name: "countries-2m" });
    await memory.noteUse("file:///p.txt", { path: "/b", name: "b" });
    const again = new ModelMemory(kept);
    expect(again.choice?.path).toBe("/a");
    expect(again.usedBy("file:///p.txt")).toMatchObject({ path: "/b", name: "b" });
    expect(again.usedBy("file:///q.txt")).toMatchObject({ path: "" });
    expect(again.usedBy("file:///r.txt")).toBeNull();
    await again.choose(null);
    expect(again.choice).toBeNull();
  });

  it("is bounded, and nothing when it cannot be read", async () => {
    const memory = new ModelMemory(storage());
    for (let i = 0; i < 250; i++) await memory.noteUse(`file:///${i}`, { path: "/a", name: "a" });
    expect(memory.usedBy("file:///0")).toBeNull();
    expect(memory.usedBy("file:///249")).not.toBeNull();
    const damaged = new ModelMemory(storage({ "models.choice": 3, "models.used": [{ uri: 1 }] }));
    expect(damaged.choice).toBeNull();
    expect(damaged.usedBy("file:///1")).toBeNull();
    await damaged.noteUse("file:///1", { path: "/a", name: "a" });
    expect(damaged.usedBy("file:///1")).not.toBeNull();
  });
});

describe("the hub", () => {
  it("is another one by the environment alone", () => {
    expect(hubHost("", {})).toBe("https://huggingface.co");
    expect(hubHost("", { HF_ENDPOINT: "" })).toBe("https://huggingface.co");
    expect(hubHost("", { HF_ENDPOINT: "https://mirror.example/ " })).toBe("https://mirror.example");
    expect(hubHost("", { HF_ENDPOINT: "http://127.0.0.1:8080" })).toBe("http://127.0.0.1:8080");
    expect(hubHost("https://own.example/", { HF_ENDPOINT: "https://mirror.example" })).toBe(
      "https://own.example",
    );
    expect(hubHost("", { HF_ENDPOINT: "file:///etc" })).toBe("https://huggingface.co");
  });
});

describe("places", () => {
  const options = {
    workspaceFolders: ["/w"],
    modelFolders: ["~/models", "", "/w"],
    cache: "/own",
    env: {},
    home: "/home/u",
    platform: "linux" as const,
  };
  const folders = (part: Partial<typeof options>): string[] =>
    modelPlaces({ ...options, ...part }).map(({ folder }) => folder);

  it("are those of the programs on each system, each once", () => {
    expect(folders({})).toEqual([
      "/w",
      "/home/u/models",
      "/own",
      "/home/u/.cache/huggingface/hub",
      "/home/u/.ollama/models",
      "/usr/share/ollama/.ollama/models",
      "/var/lib/ollama/models",
      "/home/u/.lmstudio/models",
      "/home/u/.cache/lm-studio/models",
      "/home/u/.cache/llama.cpp",
    ]);
    expect(folders({ platform: "darwin" as "linux" })).toContain("/home/u/Library/Caches/llama.cpp");
    const env = { XDG_CACHE_HOME: "/c", OLLAMA_MODELS: "/o", LLAMA_CACHE: "/l" };
    expect(folders({ env })).toEqual(expect.arrayContaining(["/c/huggingface/hub", "/o", "/l"]));
  });
});

describe("the tokenizer that the settings name", () => {
  const model = { path: "/w/m/a.gguf", embedded: false };

  it("is that of the model's path, however the two are written", () => {
    expect(tokenizerFor(model, { "m/a.gguf": "tokenizers/a" }, "/w")).toBe("/w/tokenizers/a");
    expect(tokenizerFor(model, { "${workspaceFolder}/m/a.gguf": "/t/tokenizer.json" }, "/w")).toBe(
      "/t/tokenizer.json",
    );
  });

  it("is none for another model, an empty path and the embedded model", () => {
    expect(tokenizerFor(model, { "m/b.gguf": "t" }, "/w")).toBeNull();
    expect(tokenizerFor(model, { "m/a.gguf": " " }, "/w")).toBeNull();
    expect(tokenizerFor({ ...model, embedded: true }, { "m/a.gguf": "t" }, "/w")).toBeNull();
  });
});
