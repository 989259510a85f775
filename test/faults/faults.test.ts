/**
 * Damaged files and ended processes: each ends in a right result, an error in words, or an engine that is ended and recovered.
 * FAULTS_FROM and FAULTS_COUNT choose the mutants of each kind; each can be made again by its number.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineClient } from "../../src/engine/client/engine-client.ts";
import { sessionFromExport } from "../../src/shared/export/carry.ts";
import { parseVectors } from "../../src/shared/condition/vectors-file.ts";
import { SwapError } from "../../src/shared/errors.ts";
import { parseSession } from "../../src/shared/session/parse.ts";
import { serializeSession } from "../../src/shared/session/serialize.ts";
import { damagedText, MODEL_KINDS } from "./kinds.ts";
import { FAULTS, GOOD_MODEL, startEngine, TrialEngine } from "./trial.ts";

const FROM = Number(process.env.FAULTS_FROM ?? 0);
/** By default what takes three minutes on two cores. */
const COUNT = Number(process.env.FAULTS_COUNT ?? 15);
const TEXTS = 20 * COUNT;
const KILLS = Math.max(2, Math.round(COUNT / 5));

let folder: string;
const engine = new TrialEngine();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-faults-"));
});
afterAll(async () => {
  await engine.stop();
  fs.rmSync(folder, { recursive: true });
});

const numbers = (once: readonly number[]): readonly number[] => [
  ...new Set([...once, ...Array.from({ length: COUNT }, (_, i) => FROM + i)]),
];

describe.each(MODEL_KINDS)("damaged: $name", ({ name, make, onceFailed }) => {
  it(`${COUNT} mutants from ${FROM} on end well`, async () => {
    const counts: Record<string, number> = {};
    const faults: string[] = [];
    for (const number of numbers(onceFailed)) {
      const own = path.join(folder, `${name}-${number}`);
      fs.mkdirSync(own);
      const { open, what } = make(number, own);
      const { outcome, message } = await engine.outcomeOf(open);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (FAULTS.includes(outcome)) faults.push(`${name} ${number} (${what}): ${outcome} ${message}`);
      fs.rmSync(own, { recursive: true });
    }
    console.log(`${name}: ${JSON.stringify(counts)}`);
    expect(faults).toEqual([]);
  });
});

describe("damaged texts", () => {
  const session = fs.readFileSync(
    path.resolve(import.meta.dirname, "../golden/sessions/v1-random-seeds.swap.json"),
    "utf8",
  );
  const page = `<!doctype html><script id="state-swap-session" type="application/json">${session.replaceAll("<", "\\u003c")}</script>`;
  const svg = page.replace("<!doctype html>", "").replaceAll("script", "session").replaceAll('"v', "&#x22;v");
  const vectors = JSON.stringify([{ k: 1, positions: [1], vectors: [[0.5, 1]] }]);

  it.each([
    ["session", 11, session, true, parseSession],
    ["exported page", 12, page, false, sessionFromExport],
    ["exported picture", 13, svg, false, sessionFromExport],
    ["vectors", 14, vectors, true, (text: string) => parseVectors(text, "v.json")],
  ] as const)("%s: read, or refused in words", (_, id, base, isJson, read) => {
    const faults: string[] = [];
    for (let number = FROM; number < FROM + TEXTS; number++) {
      const [text, what] = damagedText(id, number, base, isJson);
      try {
        const result = read(text);
        if (id === 11) serializeSession(result as ReturnType<typeof parseSession>);
      } catch (error) {
        if (!(error instanceof SwapError)) faults.push(`${number} (${what}): ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
    expect(Object.keys({})).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("an engine", () => {
  const IDS = [5, 9, 30, 7];
  const goodStates = async (client: EngineClient): Promise<readonly number[]> => {
    await client.request("open", { path: GOOD_MODEL, file: null, threads: 1, runtime: "native" });
    return [...(await client.request("states", { ids: IDS })).data];
  };

  it(`that is killed ${KILLS} times at any moment is followed by one that gives the same`, async () => {
    const first = await startEngine();
    const expected = await goodStates(first);
    await first.stop();
    for (let i = 0; i < KILLS; i++) {
      const client = await startEngine();
      setTimeout(() => process.kill(client.pid!, "SIGKILL"), (i * 331) % 1500);
      const error: unknown = await (async () => {
        for (;;) await goodStates(client);
      })().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "engine-crashed" });
      const next = await startEngine();
      expect(await goodStates(next)).toEqual(expected);
      await next.stop();
    }
  });

  it.skipIf(process.platform === "win32")("that is stopped is noticed within 20 s", async () => {
    const client = await startEngine();
    await goodStates(client);
    process.kill(client.pid!, "SIGSTOP");
    const stoppedAt = performance.now();
    expect(await client.gone).toMatchObject({ code: "engine-timeout" });
    // And the kernel's own time to end it, on a busy machine.
    expect(performance.now() - stoppedAt).toBeLessThan(22_000);
  });

  it.skipIf(process.platform !== "linux")("without memory ends in words", async () => {
    for (const kilobytes of [500_000, 1_500_000]) {
      const limited = path.join(folder, `node-${kilobytes}`);
      fs.writeFileSync(limited, `#!/bin/sh\nulimit -v ${kilobytes}\nexec "${process.execPath}" "$@"\n`, {
        mode: 0o755,
      });
      const error: unknown = await startEngine(limited)
        .then(async (client) => {
          await goodStates(client);
          await client.stop();
          return null;
        })
        .catch((thrown: unknown) => thrown);
      if (error !== null) expect(error).toBeInstanceOf(SwapError);
    }
  });
});
