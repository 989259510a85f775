/** The supervisor: one engine for many requests, and how often it tries again. */
import { describe, expect, it } from "vitest";
import { EngineSupervisor } from "../../../../src/extension/engine/supervisor.ts";
import type { OpenTarget } from "../../../../src/extension/engine/open-target.ts";
import type { Engine } from "../../../../src/extension/engine/supervisor.ts";
import { SwapError } from "../../../../src/shared/errors.ts";
import type { ModelInfo } from "../../../../src/shared/protocol/engine.ts";

describe("the supervisor", () => {
  /** Engines that open anything and end when told to. */
  function harness() {
    const ends: ((reason: SwapError) => void)[] = [];
    let time = 0;
    let failure: SwapError | null = null;
    const failOpening = (error: SwapError | null): void => {
      failure = error;
    };
    const start = (): Promise<Engine> => {
      const gone = new Promise<SwapError>((resolve) => ends.push(resolve));
      const request = () =>
        failure
          ? Promise.reject(failure)
          : Promise.resolve({ path: "m", blocks: 2, runtime: { fault: null } } as unknown as ModelInfo);
      const engine = { gone, request, stop: () => Promise.resolve(), kill: () => undefined };
      return Promise.resolve({ ...engine, pid: ends.length, residentBytes: 0 } as unknown as Engine);
    };
    const target: OpenTarget = { path: "m", threads: 1, runtime: "auto" };
    const chosen = { target };
    const supervisor = new EngineSupervisor({
      start,
      target: () => Promise.resolve(chosen.target),
      log: () => undefined,
      now: () => time,
    });
    const crash = async (): Promise<void> => {
      ends.at(-1)!(new SwapError("engine-crashed", "The engine process ended unexpectedly."));
      await Promise.resolve();
      await Promise.resolve();
    };
    const pass = (ms: number): number => (time += ms);
    return { supervisor, chosen, crash, failOpening, started: () => ends.length, pass };
  }

  it("starts one engine for many requests, and none before the first", async () => {
    const { supervisor, started } = harness();
    expect(started()).toBe(0);
    await Promise.all([supervisor.open(), supervisor.open(), supervisor.request("ping", {})]);
    expect(started()).toBe(1);
  });

  it("starts another engine for another runtime or number of threads, and none for another model", async () => {
    const { supervisor, chosen, started } = harness();
    const counts: number[] = [];
    for (const change of [{}, { path: "n" }, { runtime: "wasm" }, { threads: 2 }, {}] as const) {
      chosen.target = { ...chosen.target, ...change };
      await Promise.all([supervisor.open(), supervisor.open()]);
      counts.push(started());
    }
    expect(counts).toEqual([1, 1, 2, 3, 3]);
    expect(supervisor.model.state).toBe("ready");
  });

  it("tells what is wrong with a model by the path as the user wrote it", async () => {
    const message = "There is no file or folder at /home/u/w/models/no.gguf.";
    const request = () => Promise.reject(new SwapError("file-not-found", message, "Check it."));
    const engine = { gone: new Promise(() => undefined), request, pid: 1, residentBytes: 0 };
    const supervisor = new EngineSupervisor({
      start: () => Promise.resolve(engine as unknown as Engine),
      target: () =>
        Promise.resolve({
          path: "/home/u/w/models/no.gguf",
          written: "models/no.gguf",
          threads: 1,
          runtime: "auto",
        }),
      log: () => undefined,
    });
    const said = "There is no file or folder at models/no.gguf.";
    await expect(supervisor.open()).rejects.toMatchObject({ code: "file-not-found", message: said });
    expect(supervisor.model.failure).toMatchObject({ message: said, hint: "Check it." });
  });

  it("sends a request that waited for a model to the one that was chosen meanwhile, once that is open", async () => {
    const asked: string[] = [];
    const opened: (() => void)[] = [];
    const request = (method: string, { path }: { path?: string }): Promise<unknown> => {
      asked.push(path === undefined ? method : `${method} ${path}`);
      const info = { path, blocks: 2, runtime: { fault: null } };
      return method === "open"
        ? new Promise((resolve) =>
            opened.push(() => {
              resolve(info);
            }),
          )
        : Promise.resolve({});
    };
    const engine = { gone: new Promise(() => undefined), request, pid: 1, residentBytes: 0 };
    let path = "a";
    const supervisor = new EngineSupervisor({
      start: () => Promise.resolve(engine as unknown as Engine),
      target: () => Promise.resolve({ path, threads: 1, runtime: "auto" }),
      log: () => undefined,
    });
    const waiting = supervisor.request("ping", {});
    await expect.poll(() => asked).toEqual(["open a"]);
    path = "b";
    const other = supervisor.open();
    await expect.poll(() => asked).toEqual(["open a", "open b"]);
    opened[0]!();
    await new Promise(setImmediate);
    expect(asked).toEqual(["open a", "open b"]);
    opened[1]!();
    await Promise.all([waiting, other]);
    expect(asked).toEqual(["open a", "open b", "ping"]);
  });

  it("tells each crash once and starts another engine at the next request", async () => {
    const { supervisor, crash, started } = harness();
    const reasons: SwapError[] = [];
    supervisor.crashed.on((reason) => reasons.push(reason));
    await supervisor.open();
    await crash();
    expect([reasons.length, supervisor.model.state]).toEqual([1, "closed"]);
    await supervisor.open();
    expect([started(), supervisor.model.state]).toEqual([2, "ready"]);
  });

  it("does not open a model again by itself that ended the engine, until it is restarted or another was opened", async () => {
    const { supervisor, chosen, started, failOpening } = harness();
    failOpening(new SwapError("engine-timeout", "The engine did not answer for 20 s."));
    await expect(supervisor.open()).rejects.toThrow("The engine did not answer for 20 s.");
    failOpening(null);
    const before = started();
    await expect(supervisor.open()).rejects.toMatchObject({
      code: "engine-timeout",
      message: "The engine did not answer for 20 s. The model is not opened again by itself.",
    });
    expect(started()).toBe(before);
    chosen.target = { ...chosen.target, path: "n" };
    await supervisor.open();
    chosen.target = { ...chosen.target, path: "m" };
    expect(await supervisor.open()).toMatchObject({ path: "m" });
    failOpening(new SwapError("engine-crashed", "The engine process ended unexpectedly."));
    chosen.target = { ...chosen.target, path: "n" };
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    failOpening(null);
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    expect(await supervisor.restart()).toMatchObject({ path: "m" });
  });

  it("opens a model again that was refused for what is in its file", async () => {
    const { supervisor, failOpening } = harness();
    failOpening(new SwapError("truncated-file", "The file is cut short."));
    await expect(supervisor.open()).rejects.toMatchObject({ code: "truncated-file" });
    failOpening(null);
    expect(await supervisor.open()).toMatchObject({ path: "m" });
  });

  it("stops trying after three crashes in three minutes, until the user restarts it or time has passed", async () => {
    const { supervisor, crash, started, pass } = harness();
    for (let i = 0; i < 3; i++) {
      await supervisor.open();
      await crash();
    }
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    expect(started()).toBe(3);
    await supervisor.restart();
    expect(started()).toBe(4);
    for (let i = 0; i < 3; i++) {
      await supervisor.open();
      await crash();
    }
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    pass(4 * 60_000);
    await supervisor.open();
    expect(supervisor.model.state).toBe("ready");
  });
});
