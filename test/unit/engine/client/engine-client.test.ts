/** The engine process through its client: the real bundle, started, asked, cancelled, killed, hung and confused. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { EngineClient } from "../../../../src/engine/client/engine-client.ts";
import type { Experiment, Prompt } from "../../../../src/shared/experiment/experiment.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const script = path.join(root, "dist/engine.mjs");
const model = path.join(root, "test/fixtures/llama__past");
const open: EngineClient[] = [];
let folder: string;

beforeAll(() => {
  if (!fs.existsSync(script)) spawnSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: root });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-engine-"));
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.stop();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

async function start(options: Partial<Parameters<typeof EngineClient.start>[0]> = {}): Promise<EngineClient> {
  const client = await EngineClient.start({
    script,
    execPath: process.execPath,
    onLog: () => undefined,
    ...options,
  });
  open.push(client);
  return client;
}

/** A program that stands in for the engine's bundle, to see what the client makes of a bad one. */
function impostor(name: string, code: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, code);
  return file;
}

function prompt(ids: readonly number[]): Prompt {
  return { text: null, ids, tokens: ids.map(String), bos: { policy: "off", added: false } };
}

/** Long enough that a kill or a cancel meets it running. */
const longSweep: Experiment = {
  target: prompt(Array.from({ length: 120 }, (_, i) => 4 + (i % 100))),
  source: prompt([5, 6, 7]),
  condition: {
    kind: "swap",
    align: null,
    pairs: [{ target: 60, source: [2] }],
    sourceLayer: null,
    strength: 1,
  },
  layers: { from: 0, to: 3 },
  answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
  top: 10,
  lens: false,
};

describe("a running engine", () => {
  it("opens a model and answers typed requests, streaming what it has", async () => {
    const client = await start();
    const info = await client.request("open", { path: model, file: null, threads: 1, runtime: "auto" });
    expect(info).toMatchObject({ blocks: 4, width: 64, selfTest: { passed: true } });
    const kinds: string[] = [];
    const reply = await client.request("sweep", longSweep, { onProgress: ({ kind }) => kinds.push(kind) });
    expect(reply.rows.map((row) => row.k)).toEqual([0, 1, 2, 3]);
    // A slow machine hears of the steps between, too.
    expect(kinds.filter((kind) => kind !== "step")).toEqual(["baseline", "row", "row", "row", "row"]);
    const states = await client.request("states", { ids: [4, 5, 6] });
    expect(states.data).toBeInstanceOf(Float32Array);
    expect(states.data).toHaveLength(5 * 3 * 64);
  });

  it("sends errors with code, sentence and hint", async () => {
    const client = await start();
    const opened = client.request("open", {
      path: path.join(folder, "none"),
      file: null,
      threads: 1,
      runtime: "auto",
    });
    await expect(opened).rejects.toMatchObject({
      code: "file-not-found",
      hint: expect.stringMatching(/path/) as string,
    });
    await expect(client.request("tokenize", { text: "a", bos: "auto" })).rejects.toMatchObject({
      code: "engine-failed",
    });
  });

  it("refuses malformed requests by the protocol, naming the field", async () => {
    const client = await start();
    const request = client.request("open", { path: model, file: null, threads: 0, runtime: "auto" });
    await expect(request).rejects.toThrow(/threads/);
  });

  it.each(["native", "wasm"] as const)(
    "stops a run on %s that is cancelled and goes on answering",
    async (runtime) => {
      const client = await start();
      await client.request("open", { path: model, file: null, threads: 1, runtime });
      const abort = new AbortController();
      const run = client.request("grid", gridOf(longSweep), {
        signal: abort.signal,
        onProgress: ({ kind }) => {
          if (kind === "column") abort.abort();
        },
      });
      await expect(run).rejects.toMatchObject({ code: "cancelled" });
      expect((await client.request("sweep", longSweep)).rows).toHaveLength(4);
    },
  );

  it("that is killed in a run ends the run with a clear error, at once and for good", async () => {
    const client = await start();
    await client.request("open", { path: model, file: null, threads: 1, runtime: "auto" });
    const run = client.request("grid", gridOf(longSweep), {
      onProgress: ({ kind }) => {
        if (kind === "column") process.kill(client.pid!, "SIGKILL");
      },
    });
    await expect(run).rejects.toMatchObject({ code: "engine-crashed" });
    await expect(run).rejects.toThrow(/SIGKILL/);
    await expect(client.request("ping", {})).rejects.toMatchObject({ code: "engine-crashed" });
  });

  it.skipIf(process.platform === "win32")(
    "that is stopped is noticed and ended, and who cancels meanwhile has an answer at once",
    async () => {
      const client = await start({ hangTimeoutMs: 8_000 });
      await client.request("open", { path: model, file: null, threads: 1, runtime: "auto" });
      // More than its time of quiet ends nothing.
      await new Promise((resolve) => setTimeout(resolve, 9_000));
      process.kill(client.pid!, "SIGSTOP");
      const stoppedAt = performance.now();
      const abort = new AbortController();
      const cancelled = client.request("sweep", longSweep, { signal: abort.signal });
      abort.abort();
      await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
      expect(performance.now() - stoppedAt).toBeLessThan(4_000);
      expect(await client.gone).toMatchObject({ code: "engine-timeout" });
      expect(performance.now() - stoppedAt).toBeLessThan(12_000);
    },
    60_000,
  );
});

function gridOf(experiment: Experiment): Parameters<typeof EngineClient.prototype.request<"grid">>[1] {
  const { target, source, layers, answers } = experiment;
  const put = { sourcePositions: [2], sourceLayer: null, strength: 1, targetPositions: [60] };
  return { target, source: source!, ...put, layers, answers };
}

describe("a client whose engine", () => {
  it("never speaks gives up after its time", async () => {
    const silent = impostor("silent.mjs", "setInterval(() => {}, 1000);");
    const started = start({ script: silent, startTimeoutMs: 300 });
    await expect(started).rejects.toMatchObject({ code: "engine-timeout" });
  });

  it("ends at its start says so", async () => {
    const started = start({ script: impostor("ends.mjs", "process.exit(3);") });
    await expect(started).rejects.toThrow(/exit code 3/);
  });

  it("speaks another protocol refuses it", async () => {
    const hello = `{ jsonrpc: "2.0", method: "hello", params: { protocol: 99, version: "9" } }`;
    const other = impostor("other.mjs", `process.send(${hello}); setInterval(() => {}, 1000);`);
    await expect(start({ script: other })).rejects.toThrow(/protocol 99/);
  });

  it("hangs kills it and says so", async () => {
    const hello = `{ jsonrpc: "2.0", method: "hello", params: { protocol: 1, version: "0" } }`;
    const hung = impostor("hung.mjs", `process.send(${hello}, () => { for (;;) {} });`);
    const client = await start({ script: hung, hangTimeoutMs: 400 });
    await expect(client.request("ping", {})).rejects.toMatchObject({ code: "engine-timeout" });
  });

  it("prints its environment shows no token, key, password or proxy", async () => {
    const secrets = {
      HF_TOKEN: "s1",
      AWS_SECRET_ACCESS_KEY: "s2",
      OPENAI_API_KEY: "s3",
      HTTPS_PROXY: "http://u:s4@p",
      NODE_OPTIONS: "--no-warnings",
    };
    for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
    const hello = `{ jsonrpc: "2.0", method: "hello", params: { protocol: 1, version: "0" } }`;
    const printing = impostor(
      "printing.mjs",
      `console.log(JSON.stringify(process.env)); process.send(${hello}); setInterval(() => {}, 1000);`,
    );
    let log = "";
    await start({ script: printing, onLog: (text) => (log += text) });
    vi.unstubAllEnvs();
    await expect.poll(() => log).toContain("PATH");
    expect(Object.keys(JSON.parse(log) as object).filter((name) => name in secrets)).toEqual([]);
    expect(log).not.toMatch(/"s[1-3]"|s4/);
  });

  it("replies nonsense drops the reply, with the field named", async () => {
    const liar = impostor(
      "liar.mjs",
      `process.on("message", (m) => { if (m.id !== undefined) process.send({ jsonrpc: "2.0", id: m.id, result: { residentBytes: "many" } }); });
       process.send({ jsonrpc: "2.0", method: "hello", params: { protocol: 1, version: "0" } });`,
    );
    const client = await start({ script: liar });
    await expect(client.request("ping", {})).rejects.toThrow(/residentBytes/);
  });

  it("cannot be started says which program failed", async () => {
    const started = start({ execPath: path.join(folder, "no-node") });
    await expect(started).rejects.toMatchObject({ code: "engine-failed" });
  });
});
