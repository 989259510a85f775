/** Downloads by the real process from a hub on this machine: whole, broken off, wrong, refused; and what came is opened and run. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { AutoConfig, env } from "@huggingface/transformers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FetchRequest } from "../../../src/engine/hub/hub-client.ts";
import { askHub, fetchFromHub } from "../../../src/engine/hub/hub-client.ts";
import { MARKER_NAME, readMarker, requireComplete, revisionFolder } from "../../../src/engine/hub/marker.ts";
import type { SwapError } from "../../../src/shared/errors.ts";
import type { HubGraph, HubPlan } from "../../../src/shared/protocol/hub.ts";
import { rejectionOf } from "../../support/error-of.ts";
import { opensAndAnswers } from "../../support/models/discovery-layouts.ts";
import type { FakeHub } from "../../support/models/fake-hub.ts";
import { startFakeHub } from "../../support/models/fake-hub.ts";
import { STRAIGHT } from "../../support/models/hub-access.ts";
import { HUB_LAYOUT_FILES } from "../../support/models/hub-layout.ts";

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

const ask = (id: string): Promise<HubPlan> =>
  askHub(hubProcess, { host: hub.host, access: STRAIGHT }, id, new AbortController().signal);

function get(plan: HubPlan, graph: HubGraph, part: Partial<FetchRequest> = {}): Promise<string> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = part;
  const { host } = hub;
  return fetchFromHub(hubProcess, { host, access: STRAIGHT, cache, plan, graph, signal, onProgress });
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
    const error = await rejectionOf(ask("tiny/none"));
    expect(error.code).toBe("hub-gated");
    expect(error.message).toContain(`${hub.host}/tiny/none`);
    expect(error.hintCode).toBe("hub-token");
  });

  it("refuses names that lead elsewhere, before the network is touched", async () => {
    for (const id of ["../etc", "a/../b", "noslash", "a/b/c", "a b/c", "https://x/y"]) {
      expect((await rejectionOf(ask(id))).code, id).toBe("usage");
    }
    expect(hub.requests).toEqual([]);
  });

  it("says so when the hub is not there", async () => {
    await hub.stop();
    const error = await rejectionOf(ask("tiny/llama"));
    expect(error.code).toBe("hub-unreachable");
    expect(error.message).toMatch(
      /127\.0\.0\.1:\d+ cannot be reached: nothing listens there \(ECONNREFUSED\)/,
    );
    hub = await startFakeHub();
  });
});

describe("a download", () => {
  it("brings a model that opens and answers as PyTorch does", async () => {
    const plan = await ask("tiny/llama");
    const steps: number[] = [];
    let whole = 0;
    const file = await get(plan, plan.graphs[0]!, {
      onProgress: ({ done, total }) => {
        steps.push(done);
        whole = total;
      },
    });
    expect(file).toBe(path.join(cache, "tiny/llama", plan.revision, "onnx/model.onnx"));
    expect(steps.at(-1)).toBe(whole);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    const marker = await readMarker(revisionFolder(cache, plan));
    expect(marker?.files.map(({ path: name }) => name).sort()).toEqual(HUB_LAYOUT_FILES);
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

  it("brings a GGUF, which needs nothing beside it", async () => {
    const plan = await ask("tiny/gguf");
    const file = await get(plan, plan.graphs[0]!);
    await wholeAndAnswers(file, "gguf_llama__Q4_0");
    expect(filesInCache().filter((name) => name.endsWith(".json"))).toEqual([
      path.join("tiny/gguf", plan.revision, MARKER_NAME),
    ]);
  });

  it("that is cancelled leaves nothing that can be opened; started again, it goes on where it was", async () => {
    const plan = await ask("tiny/extdata");
    const graph = plan.graphs[0]!;
    const abort = new AbortController();
    hub.faults.slowMs = 40;
    const error = await rejectionOf(
      get(plan, graph, {
        signal: abort.signal,
        onProgress: ({ file, done, total }) => {
          if (file.endsWith("onnx_data") && done > total / 2) abort.abort();
        },
      }),
    );
    expect(error.code).toBe("cancelled");
    const file = path.join(revisionFolder(cache, plan), ...graph.file.split("/"));
    expect(filesInCache().filter((name) => name.endsWith(MARKER_NAME))).toEqual([]);
    expect((await rejectionOf(requireComplete(cache, file))).code).toBe("download-incomplete");
    hub.faults.slowMs = 0;
    const before = hub.requests.length;
    await wholeAndAnswers(await get(plan, graph), "llama__extdata");
    const again = hub.requests.slice(before);
    // The hub leads to its storage: both are asked for the rest of the one file that was under way.
    expect(again.length).toBeGreaterThan(0);
    for (const request of again) expect(request).toMatch(/onnx_data#range$/);
    expect(filesInCache().filter((name) => /\.part|\.pid$/.test(name))).toEqual([]);
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
      const error = await rejectionOf(get(plan, plan.graphs[0]!));
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
    expect((await rejectionOf(get(plan, changed))).code).toBe("download-damaged");
  });

  it("whose connection is cut at 10, 50 and 99 % goes on each time, and says how often", async () => {
    const plan = await ask("tiny/extdata");
    const data = plan.graphs[0]!.files[1]!;
    hub.faults.cuts[data.path] = [0.1, 0.5, 0.99].map((part) => Math.floor(part * data.bytes));
    const before = hub.requests.length;
    let cuts = 0;
    const file = await get(plan, plan.graphs[0]!, {
      onProgress: (progress) => (cuts = progress.cuts),
    });
    await wholeAndAnswers(file, "llama__extdata");
    expect(cuts).toBe(3);
    const asked = hub.requests.slice(before).filter((one) => /cdn.*onnx_data/.test(one));
    expect(asked).toHaveLength(4);
    expect(asked.slice(2).every((one) => one.endsWith("#range"))).toBe(true);
    expect(log.join("")).toContain(`Going on with ${data.path}`);
  });

  it("that two windows want is one download: the second says that it is under way", async () => {
    const plan = await ask("tiny/extdata");
    hub.faults.slowMs = 40;
    let second: Promise<SwapError> | null = null;
    await get(plan, plan.graphs[0]!, {
      onProgress: () => {
        second ??= rejectionOf(get(plan, plan.graphs[0]!));
      },
    });
    expect((await second!).message).toMatch(/is being downloaded already, by process \d+/);
  });

  it("lies where the library of the field looks for it", async () => {
    const plan = await ask("tiny/llama");
    await get(plan, plan.graphs[0]!);
    env.cacheDir = cache;
    env.fetch = () => Promise.reject(new Error("the network was asked"));
    const { id, revision } = plan;
    expect((await AutoConfig.from_pretrained(id, { revision })).model_type).toBe("llama");
  });

  it("that the hub refuses in the middle says which file and why", async () => {
    const plan = await ask("tiny/extdata");
    for (const status of [401, 404, 503]) {
      hub.faults.status = { "model.onnx_data": status };
      const error = await rejectionOf(get(plan, plan.graphs[0]!));
      expect(error.code, String(status)).toBe(status === 401 ? "hub-gated" : "hub-refused");
      expect(error.message).toContain(String(status));
    }
  });

  it("without a hub says so", async () => {
    const plan = await ask("tiny/llama");
    await hub.stop();
    expect((await rejectionOf(get(plan, plan.graphs[0]!))).code).toBe("hub-unreachable");
    hub = await startFakeHub();
  });

  it("is not opened when a file of it was cut or lost afterwards", async () => {
    const plan = await ask("tiny/llama");
    const file = await get(plan, plan.graphs[0]!);
    await requireComplete(cache, file);
    fs.truncateSync(file, 1000);
    expect((await rejectionOf(requireComplete(cache, file))).code).toBe("download-incomplete");
    // Files of the user's own are not the cache's business.
    await requireComplete(cache, path.join(fixture("llama__past"), "onnx/model.onnx"));
  });
});
