/** When an engine is to be ended, by what it says of itself. */
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { listen } from "../../../../src/engine/client/heartbeat.ts";
import type { SwapError } from "../../../../src/shared/errors.ts";

/** The faults that beats give, and the bytes that were heard of. */
async function heard(...beats: object[]): Promise<{ faults: SwapError[]; bytes: number[] }> {
  const stream = new PassThrough();
  const faults: SwapError[] = [];
  const bytes: number[] = [];
  const stop = listen(stream, {
    silenceMs: 20_000,
    onBytes: (residentBytes) => bytes.push(residentBytes),
    onFault: (reason) => faults.push(reason),
  });
  for (const beat of beats) stream.write(`${JSON.stringify(beat)}\n`);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  stop();
  return { faults, bytes };
}

const quiet = { silentMs: 0, allowedMs: 0, residentBytes: 1e8, activity: null };
const opening = { what: "opening /m.gguf", takenMs: 1000 };

describe("an engine", () => {
  it("that answers is left alone, whatever else comes through its channel", async () => {
    const { faults, bytes } = await heard(quiet, { nonsense: true }, { ...quiet, residentBytes: 2e8 });
    expect(faults).toEqual([]);
    expect(bytes).toEqual([1e8, 2e8]);
  });

  it("whose main thread is silent is ended with what it was doing, once", async () => {
    const silent = { ...quiet, silentMs: 20_000, activity: opening };
    const { faults } = await heard(silent, silent);
    expect(faults.map(({ code, message }) => [code, message])).toEqual([
      ["engine-timeout", "The engine did not answer for 20 s while it was opening /m.gguf, and was ended."],
    ]);
  });

  it("is not ended while a kernel of known length runs, and is when that is over", async () => {
    const running = { ...quiet, silentMs: 60_000, allowedMs: 50_000 };
    expect((await heard(running)).faults).toEqual([]);
    expect((await heard({ ...running, silentMs: 70_000 })).faults).toHaveLength(1);
  });

  it("is ended when opening takes more time or memory than it may", async () => {
    const slow = { ...quiet, activity: { ...opening, takenMs: 301_000, mostMs: 300_000 } };
    const large = { ...quiet, residentBytes: 2e9, activity: { ...opening, mostBytes: 1.2e9 } };
    const { faults } = await heard(slow);
    expect(faults[0]).toMatchObject({ code: "engine-timeout", hintCode: "opening-budget" });
    expect(faults[0]!.message).toContain("opening /m.gguf: it took longer than 5 minutes");
    expect((await heard(large)).faults[0]).toMatchObject({ code: "not-enough-memory" });
    expect((await heard({ ...large, activity: opening })).faults).toEqual([]);
  });
});
