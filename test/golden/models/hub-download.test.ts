/** Downloads by the real process from a hub on this machine: whole, broken off, wrong, refused; and what came is opened and run. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askHub, fetchFromHub } from "../../../src/engine/hub/hub-client.ts";
import { MARKER_NAME, readMarker, requireComplete, revisionFolder } from "../../../src/engine/hub/marker.ts";
import { SwapError } from "../../../src/shared/errors.ts";
import type { HubGraph, HubPlan } from "../../../src/shared/protocol/hub.ts";
import { opensAndAnswers } from "../../support/models/discovery-layouts.ts";
import type { FakeHub } from "../../support/models/fake-hub.ts";
import { startFakeHub } from "../../support/models/fake-hub.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const fixture = (name: string): string => path.join(root, "test/fixtures", name);
const log: string[] = [];
const hubProcess = {
  script: path.join(root, "dist/hub.mjs"),
  execPath: process.execPath,
  onLog: (text: string) => void log.push(text),
};

let hub: FakeHub;
let cache: string;
beforeEach(async () => {
  log.length = 0;
  hub = await startFakeHub();
  hub.add("tiny/llama", fixture("llama__past"), "apache-2.0");
  hub.add("tiny/extdata", fixture("llama__extdata"));
  hub.add("tiny/genai", fixture("llama__genai_fp32"));
  hub.add("tiny/gguf", fixture("gguf_llama__Q4_0"), "mit");
  cache = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-hub-"));
});
afterEach(async () => {
  await hub.stop();
  fs.rmSync(cache, { recursive: true, force: true });
});

const ask = (id: string, host = hub.host): Promise<HubPlan> =>
  askHub(hubProcess, host, id, new AbortController().signal);

function get(
  plan: HubPlan,
  graph: HubGraph,
  part: { signal?: AbortSignal; onProgress?: (file: string, done: number, total: number) => void } = {},
): Promise<string> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = part;
  return fetchFromHub(hubProcess, { host: hub.host, cache, plan, graph, signal, onProgress });
}

async function failure(work: Promise<unknown>): Promise<SwapError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SwapError);
  return error as SwapError;
}

/** Every file below the cache, relative to it. */
function filesInCache(): string[] {
  return fs
    .readdirSync(cache, { recursive: true, encoding: "utf8" })
    .filter((name) => fs.statSync(path.join(cache, name)).isFile());
}

/** A file of the cache is whole, opens, and answers as a fixture does. */
async function wholeAndAnswers(file: string, fixtureName: string): Promise<void> {
  await requireComplete(cache, file);
  await opensAndAnswers({ path: file }, fixtureName);
}

describe("asking", () => {
  it("tells commit, licence, and each graph with sizes and hashes, and fetches no file", async () => {
    const plan = await ask("tiny/extdata");
    expect(plan.licence).toBeNull();
    expect(plan.graphs.map(({ file, files }) => [file, files.map(({ path: name }) => name)])).toEqual([
      ["onnx/model.onnx", ["onnx/model.onnx", "onnx/model.onnx_data"]],
    ]);
    const size = fs.statSync(path.join(fixture("llama__extdata"), "onnx/model.onnx_data")).size;
    expect(plan.graphs[0]!.files[1]).toMatchObject({
      bytes: size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(hub.requests).toEqual(["/api/models/tiny/extdata"]);
    expect((await ask("tiny/llama")).licence).toBe("apache-2.0");
  });

  it("refuses what the hub does not have, without saying that it exists", async () => {
    const error = await failure(ask("tiny/none"));
    expect(error.code).toBe("hub-refused");
    expect(error.message).toContain("tiny/none");
    expect(error.hint).toContain("HF_TOKEN");
  });

  it("refuses names that lead elsewhere, before the network is touched", async () => {
    for (const id of ["../etc", "a/../b", "noslash", "a/b/c", "a b/c", "https://x/y"]) {
      expect((await failure(ask(id))).code, id).toBe("usage");
    }
    expect(hub.requests).toEqual([]);
  });

  it("says so when the hub is not there", async () => {
    await hub.stop();
    const error = await failure(ask("tiny/llama"));
    expect(error.code).toBe("hub-unreachable");
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
    hub = await startFakeHub();
  });
});

describe("a download", () => {
  it("brings a model that opens and answers as PyTorch does, and goes through the library's cache", async () => {
    const plan = await ask("tiny/llama");
    const steps: number[] = [];
    let whole = 0;
    const file = await get(plan, plan.graphs[0]!, {
      onProgress: (_name, done, total) => {
        steps.push(done);
        whole = total;
      },
    });
    expect(file).toBe(path.join(cache, "tiny/llama", plan.revision, "onnx/model.onnx"));
    expect(steps.at(-1)).toBe(whole);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    const marker = await readMarker(revisionFolder(cache, plan));
    expect(marker?.files.map(({ path: name }) => name).sort()).toEqual(
      [
        "config.json",
        "generation_config.json",
        "onnx/model.onnx",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
      ].sort(),
    );
    // What the library cannot fetch would be fetched around it, with a line in the log.
    expect(log).toEqual([]);
    await wholeAndAnswers(file, "llama__past");
  });

  it("brings external data by the library's names and by those of other exporters", async () => {
    for (const [id, name] of [
      ["tiny/extdata", "llama__extdata"],
      ["tiny/genai", "llama__genai_fp32"],
    ] as const) {
      const plan = await ask(id);
      await wholeAndAnswers(await get(plan, plan.graphs[0]!), name);
    }
  });

  it("brings an architecture that the library does not know", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-unknown-"));
    fs.cpSync(fixture("llama__past"), folder, { recursive: true });
    const config = JSON.parse(fs.readFileSync(path.join(folder, "config.json"), "utf8")) as object;
    const unknown = { ...config, model_type: "unheard_of", architectures: ["UnheardOfForCausalLM"] };
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify(unknown));
    hub.add("tiny/unknown", folder);
    fs.rmSync(folder, { recursive: true });
    const plan = await ask("tiny/unknown");
    await wholeAndAnswers(await get(plan, plan.graphs[0]!), "llama__past");
    expect(log.join("")).toContain("unheard_of");
  });

  it("brings a GGUF, which needs nothing beside it", async () => {
    const plan = await ask("tiny/gguf");
    const file = await get(plan, plan.graphs[0]!);
    await wholeAndAnswers(file, "gguf_llama__Q4_0");
    expect(filesInCache().filter((name) => name.endsWith(".json"))).toEqual([
      path.join("tiny/gguf", plan.revision, MARKER_NAME),
    ]);
  });

  it("that is cancelled at half leaves nothing that can be opened; started again, it fetches only what is missing", async () => {
    const plan = await ask("tiny/extdata");
    const graph = plan.graphs[0]!;
    const abort = new AbortController();
    hub.faults.slowMs = 40;
    const error = await failure(
      get(plan, graph, {
        signal: abort.signal,
        onProgress: (_name, done, total) => {
          if (done > total / 2) abort.abort();
        },
      }),
    );
    expect(error.code).toBe("cancelled");
    const file = path.join(revisionFolder(cache, plan), ...graph.file.split("/"));
    expect(filesInCache().filter((name) => name.includes(".tmp"))).toEqual([]);
    expect(filesInCache().filter((name) => name.endsWith(MARKER_NAME))).toEqual([]);
    expect((await failure(requireComplete(cache, file))).code).toBe("download-incomplete");
    hub.faults.slowMs = 0;
    const kept = filesInCache().map((name) => name.split(path.sep).slice(3).join("/"));
    expect(kept).toContain("config.json");
    const before = hub.requests.length;
    await wholeAndAnswers(await get(plan, graph), "llama__extdata");
    const again = hub.requests.slice(before).filter((one) => !one.endsWith("#range"));
    for (const name of kept) expect(again.filter((one) => one.endsWith(`/${name}`))).toEqual([]);
  });

  for (const name of [
    "onnx/model.onnx",
    "onnx/model.onnx_data",
    "tokenizer.json",
    "special_tokens_map.json",
  ]) {
    it(`with a wrong ${name} deletes it, says so, and works the next time`, async () => {
      const plan = await ask("tiny/extdata");
      hub.faults.corrupt.add(name);
      const error = await failure(get(plan, plan.graphs[0]!));
      expect(error.code).toBe("download-damaged");
      expect(error.message).toContain(name);
      expect(error.message).toContain("hash");
      expect(filesInCache().filter((file) => file.endsWith(name) || file.includes(".tmp"))).toEqual([]);
      expect(filesInCache().filter((file) => file.endsWith(MARKER_NAME))).toEqual([]);
      hub.faults.corrupt.clear();
      await wholeAndAnswers(await get(plan, plan.graphs[0]!), "llama__extdata");
    });
  }

  it("whose hub changed since it was asked is refused: the hash of the consent counts", async () => {
    const plan = await ask("tiny/llama");
    const [first, ...others] = plan.graphs[0]!.files;
    const changed = { ...plan.graphs[0]!, files: [{ ...first!, sha256: "0".repeat(64) }, ...others] };
    expect((await failure(get(plan, changed))).code).toBe("download-damaged");
  });

  it("whose connection is cut says so and leaves no part", async () => {
    const plan = await ask("tiny/extdata");
    hub.faults.cutAfter["onnx/model.onnx_data"] = 20_000;
    const error = await failure(get(plan, plan.graphs[0]!));
    expect(error.code).toBe("hub-unreachable");
    expect(filesInCache().filter((name) => /\.tmp|onnx_data$|state-swap/.test(name))).toEqual([]);
  });

  it("that the hub refuses in the middle says which file and why", async () => {
    const plan = await ask("tiny/extdata");
    for (const status of [401, 404, 503]) {
      hub.faults.status = { "model.onnx_data": status };
      const error = await failure(get(plan, plan.graphs[0]!));
      expect(error.code, String(status)).toBe("hub-refused");
      expect(error.message).toContain(String(status));
    }
  });

  it("without a hub says so", async () => {
    const plan = await ask("tiny/llama");
    await hub.stop();
    expect((await failure(get(plan, plan.graphs[0]!))).code).toBe("hub-unreachable");
    hub = await startFakeHub();
  });

  it("is not opened when a file of it was cut or lost afterwards", async () => {
    const plan = await ask("tiny/llama");
    const file = await get(plan, plan.graphs[0]!);
    await requireComplete(cache, file);
    fs.truncateSync(file, 1000);
    expect((await failure(requireComplete(cache, file))).code).toBe("download-incomplete");
    // Files of the user's own are not the cache's business.
    await requireComplete(cache, path.join(fixture("llama__past"), "onnx/model.onnx"));
  });
});
