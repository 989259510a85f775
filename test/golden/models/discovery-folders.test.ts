/** Models in folders of LM Studio, llama.cpp, workspaces and the user's own: shards, links, loops, what cannot be read; what is found is run. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openModel } from "../../../src/engine/open.ts";
import { findModels } from "../../../src/engine/discovery/find-models.ts";
import type { FoundModel, Place } from "../../../src/engine/discovery/found-model.ts";
import {
  find,
  fixtures,
  gguf,
  homePlaces,
  hubFiles,
  opensAndAnswers,
  put,
  sha256,
} from "../../support/models/discovery-layouts.ts";
import { splitGguf } from "../../support/gguf/gguf-split.ts";
import { TEST_RUNTIME } from "../../support/runtime.ts";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-discovery-"));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]): string => path.join(root, ...parts);

describe("folders of GGUF files", () => {
  it("of LM Studio and llama.cpp are found, without projectors of images", async () => {
    put(gguf, at("home/.lmstudio/models/owner/repo/tiny-Q8_0.gguf"));
    put(gguf, at("home/.lmstudio/models/owner/repo/mmproj-tiny-f16.gguf"));
    put(
      path.join(fixtures, "gguf_llama__Q4_0/model.gguf"),
      at("home/.cache/llama.cpp/owner_repo_tiny-Q4_0.gguf"),
    );
    const found = await find(homePlaces(root));
    expect(found.map(({ name, place, quantisation }) => [name, place, quantisation])).toEqual([
      ["tiny-Q8_0", "lm-studio", "Q8_0"],
      ["owner_repo_tiny-Q4_0", "llama-cpp", "Q4_0"],
    ]);
  });

  it("give shards as one entry that opens and runs, and say when one is missing", async () => {
    const folder = at("chosen");
    fs.mkdirSync(folder);
    const shards = splitGguf(gguf, folder, "tiny", 3);
    const places: Place[] = [{ kind: "chosen", folder }];
    const [found, another] = await find(places);
    expect(another).toBeUndefined();
    expect(found).toMatchObject({ name: "tiny", problem: null });
    expect(found!.bytes).toBe(shards.reduce((sum, name) => sum + fs.statSync(at("chosen", name)).size, 0));
    await opensAndAnswers(found!, "gguf_llama__Q8_0");
    // The folder alone stands for them too.
    await opensAndAnswers({ ...found!, path: folder }, "gguf_llama__Q8_0");
    fs.rmSync(at("chosen", shards[1]!));
    expect((await find(places))[0]!.problem).toEqual({ code: "shards", there: 2, of: 3 });
    await expect(
      openModel({ path: found!.path, file: null, threads: 1, runtime: TEST_RUNTIME }),
    ).rejects.toThrow(/one of 3 shards and shard 2 \(tiny-00002-of-00003\.gguf\) is not beside it/);
  });

  it("give shards behind the links of a hub cache", async () => {
    const blobs = at("hub/models--a--b/blobs");
    const snapshot = at("hub/models--a--b/snapshots", "b".repeat(40));
    fs.mkdirSync(blobs, { recursive: true });
    fs.mkdirSync(snapshot, { recursive: true });
    for (const name of splitGguf(gguf, blobs, "tiny", 2)) {
      const hash = sha256(path.join(blobs, name));
      fs.renameSync(path.join(blobs, name), path.join(blobs, hash));
      fs.symlinkSync(`../../blobs/${hash}`, path.join(snapshot, name));
    }
    const found = await find(homePlaces(root, { HF_HUB_CACHE: at("hub") }));
    expect(found).toHaveLength(1);
    await opensAndAnswers(found[0]!, "gguf_llama__Q8_0");
  });

  it("that the user chose are looked into for files without an ending", async () => {
    put(gguf, at("chosen/deep/blob"));
    put(gguf, at("chosen/deep/notes.txt"));
    fs.writeFileSync(at("chosen/deep/LICENSE"), "Apache");
    expect((await find([{ kind: "chosen", folder: at("chosen") }])).map(({ name }) => name)).toEqual([
      "blob",
    ]);
    expect(await find([{ kind: "workspace", folder: at("chosen") }])).toEqual([]);
  });

  it("say what they cannot be: another architecture, no GGUF at all", async () => {
    const other = fs.readFileSync(gguf);
    other.write("llamb", other.indexOf("llama"));
    fs.mkdirSync(at("w"));
    fs.writeFileSync(at("w/other.gguf"), other);
    fs.writeFileSync(at("w/page.gguf"), "<html>");
    fs.writeFileSync(at("w/short.gguf"), "GGUF");
    const found = await find([{ kind: "workspace", folder: at("w") }]);
    expect(found.map(({ name, problem }) => [name, problem])).toEqual([
      ["other", { code: "architecture", architecture: "llamb" }],
      ["page", { code: "unreadable" }],
      ["short", { code: "unreadable" }],
    ]);
  });
});

describe("a workspace", () => {
  it("gives graphs with a tokenizer only: others are no language models", async () => {
    put(path.join(fixtures, "llama__past/onnx/model.onnx"), at("w/vision/model.onnx"));
    put(path.join(fixtures, "gpt2__nopast/model.onnx"), at("w/gpt2/model.onnx"));
    for (const name of hubFiles) put(path.join(fixtures, "gpt2__nopast", name), at("w/gpt2", name));
    put(gguf, at("w/node_modules/x/tiny.gguf"));
    const found = await find([{ kind: "workspace", folder: at("w") }]);
    expect(found.map(({ name, architecture }) => [name, architecture])).toEqual([["gpt2", "gpt2"]]);
    await opensAndAnswers(found[0]!, "gpt2__nopast");
  });

  it("is walked once around a loop, over broken links, and past folders that may not be read", async () => {
    put(gguf, at("w/a/tiny.gguf"));
    put(path.join(fixtures, "gguf_llama__Q4_0/model.gguf"), at("w/closed/in.gguf"));
    put(path.join(fixtures, "gguf_llama__Q4_1/model.gguf"), at("w/z/last.gguf"));
    fs.symlinkSync(at("w"), at("w/a/loop"));
    fs.symlinkSync("self", at("w/a/self"));
    fs.symlinkSync("nowhere", at("w/a/broken.gguf"));
    fs.symlinkSync(at("w/a/tiny.gguf"), at("w/a/same.gguf"));
    fs.chmodSync(at("w/closed"), 0o000);
    fs.chmodSync(root, 0o755);
    // The super-user may read everything: look with other eyes.
    const wasRoot = process.getuid?.() === 0;
    if (wasRoot) process.seteuid?.(65534);
    try {
      const found = await find([{ kind: "workspace", folder: at("w") }]);
      expect(found.map(({ name }) => name)).toEqual(["same", "last"]);
    } finally {
      if (wasRoot) process.seteuid?.(0);
      fs.chmodSync(at("w/closed"), 0o755);
    }
  });

  it("inside another place gives its models once, as the first place has them", async () => {
    put(gguf, at("w/models/tiny.gguf"));
    const found = await find([
      { kind: "workspace", folder: at("w") },
      { kind: "chosen", folder: at("w/models") },
    ]);
    expect(found.map(({ place }) => place)).toEqual(["workspace"]);
  });

  it("without end is left in time, and at once when nobody waits any more", async () => {
    for (let i = 0; i < 300; i++) fs.mkdirSync(at("w", String(i), "x", "y"), { recursive: true });
    put(gguf, at("w/tiny.gguf"));
    const late: FoundModel[] = [];
    const signal = new AbortController().signal;
    for await (const model of findModels([{ kind: "workspace", folder: at("w") }], { signal, placeMs: -1 })) {
      late.push(model);
    }
    expect(late).toEqual([]);
    const abort = new AbortController();
    const seen: FoundModel[] = [];
    const places: Place[] = [
      { kind: "workspace", folder: at("w") },
      { kind: "chosen", folder: put(gguf, at("v/other.gguf")).replace("/other.gguf", "") },
    ];
    fs.appendFileSync(at("v/other.gguf"), "\0");
    for await (const model of findModels(places, { signal: abort.signal })) {
      seen.push(model);
      abort.abort();
    }
    expect(seen.map(({ name }) => name)).toEqual(["tiny"]);
  });
});

describe("the product's own cache", () => {
  it("gives only what a finished download stands for", async () => {
    const folder = at("own/tiny/llama", "c".repeat(40));
    for (const name of [...hubFiles, "onnx/model.onnx"]) {
      put(path.join(fixtures, "llama__past", name), path.join(folder, name));
    }
    expect(await find(homePlaces(root))).toEqual([]);
  });
});
