/** What stands beside a sweep: named answers, controls, continuations, attention; on the real engine process. */
import { textOf } from "../../../../src/shared/words/parts.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineSupervisor } from "../../../../src/extension/engine/supervisor.ts";
import type { Source, SweepRun } from "../../../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import { Runner } from "../../../../src/extension/interventions/runner.ts";
import { CONTROL_SEEDS } from "../../../../src/shared/experiment/controls.ts";
import { SwapError } from "../../../../src/shared/errors.ts";
import { Bench, TARGET, put, setupOf } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor, errors } = bench;
let source: Source;
let target: ReadPrompt;

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
afterAll(() => {
  supervisor.dispose();
});

async function sweptSwap(part: Partial<typeof INITIAL_SETUP.answers> = {}): Promise<SweepRun> {
  const answers = { ...INITIAL_SETUP.answers, ...part };
  await runner.sweep([put(bench, target, ["France"], source, setupOf({}, { answers }))]);
  expect(errors).toEqual([]);
  return bench.shown.sweep!;
}

describe("answers", () => {
  it("that the user names are the tokens with which the model would go on", async () => {
    const { answers, rows } = await sweptSwap({ target: "Paris", source: "Madrid" });
    expect(answers!.target.text).toBe(" Paris");
    expect(answers!.source!.text).toBe(" Madrid");
    expect(new Set(rows.slice(0, 6).map((row) => row.outcome))).toEqual(new Set(["neither"]));
    expect(bench.panel().answers).toMatchObject({ target: "Paris", source: "Madrid" });
  });

  it("of several tokens are scored whole, by likelihood", async () => {
    const long = { target: "Paris and Rome", source: "Rome", tokens: 3 };
    const whole = await sweptSwap({ ...long, scoring: "likelihood" });
    expect(whole.answers!.target.ids.length).toBeGreaterThanOrEqual(3);
    expect(bench.panel().sweep!.scoring).toBe("likelihood");
    expect((await sweptSwap(long)).rows).toEqual(whole.rows);
    const byToken = await sweptSwap({ ...long, scoring: "next-token" });
    expect(byToken.answers!.target.ids[0]).toBe(whole.answers!.target.ids[0]);
    whole.rows.forEach((row, i) => {
      // No text is likelier than its beginning.
      expect(row.targetLogprob).toBeLessThan(byToken.rows[i]!.targetLogprob);
      expect(row.sourceLogprob).toBeCloseTo(byToken.rows[i]!.sourceLogprob!, 3);
    });
  });
});

describe("controls", () => {
  it("stream in beside the sweep, with its answers, and say what they are for", async () => {
    const sweep = await sweptSwap();
    const seen = new Set<string>();
    const listening = store.changed.on(() => {
      for (const { name, rows, state } of bench.shown.sweep?.controls ?? []) {
        if (state === "running" && rows.length > 0) seen.add(name);
      }
    });
    await runner.controls(bench.shown, false);
    listening.dispose();
    expect(errors).toEqual([]);
    expect(bench.shown.sweep!.run).toBe(sweep.run);
    expect([...seen]).toEqual(["identity", "random", "unrelated"]);
    const [identity, random, unrelated] = bench.panel().sweep!.controls!;
    expect(identity).toMatchObject({ name: "identity", state: "complete", flip: null });
    expect(textOf(identity!.verdict)).toMatch(/as it must/);
    expect(identity!.rows.every((row) => row.outcome === "target" && row.deltaNorm === 0)).toBe(true);
    expect(random!.rows).toHaveLength(12 * CONTROL_SEEDS.length);
    expect(unrelated!.rows.map((row) => row.k)).toEqual(sweep.rows.map((row) => row.k));
    expect(unrelated!.rows[11]!.rankOfSource).toBe(sweep.rows[11]!.rankOfSource);
    expect(unrelated!.sentence).toContain("A large wooden table");
    expect(structuredClone(bench.panel())).toEqual(bench.panel());
  });

  it("run the sweep first where there is no complete one", async () => {
    const fresh = put(bench, target, [], null, setupOf({ kind: "zero" }));
    await runner.controls(fresh, true);
    expect(errors).toEqual([]);
    const { sweep } = bench.shown;
    expect(sweep).toMatchObject({ state: "complete" });
    expect(sweep!.controls!.map(({ name, state }) => [name, state])).toEqual([
      ["identity", "complete"],
      ["random", "complete"],
    ]);
  });

  it("are refused where no state is replaced", async () => {
    await runner.controls(put(bench, target, [], null, setupOf({ kind: "skip-attention" })), true);
    expect(errors.splice(0)).toMatchObject([{ code: "bad-condition" }]);
    expect(store.state.error).toMatchObject({ code: "bad-condition" });
    expect(bench.shown.sweep).toMatchObject({ state: "complete", controls: null });
  });

  it("that were cancelled are incomplete; the sweep stands", async () => {
    await sweptSwap();
    const listening = store.changed.on(() => {
      if (bench.shown.sweep?.controls?.[0]?.state === "complete") runner.cancel();
    });
    await runner.controls(bench.shown, false);
    listening.dispose();
    expect(errors).toEqual([]);
    const { sweep } = bench.panel();
    expect(sweep).toMatchObject({ state: "complete", standing: { kind: "fresh" } });
    expect(sweep!.controls!.map(({ state }) => state)).toEqual(["complete", "partial", "partial"]);
    expect(textOf(sweep!.controls![1]!.verdict)).toMatch(/^Incomplete/);
  });
});

describe("continuations", () => {
  it("stand beside the unpatched one, for each k that was asked for", async () => {
    await sweptSwap();
    await runner.continuation(bench.shown, 0, 3);
    await runner.continuation(bench.shown, 11, 3);
    expect(errors).toEqual([]);
    const { continuations } = bench.panel().sweep!;
    expect(continuations).toMatchObject({ scope: "prompt", tokens: 3 });
    expect(continuations!.rows.map(({ k, seed }) => [k, seed])).toEqual([
      [0, null],
      [11, null],
    ]);
    expect(continuations!.baseline.text).toMatch(/^ Paris/);
    expect(continuations!.rows[0]!.text).toMatch(/^ Rome/);
    expect(continuations!.rows[1]!.ids).toEqual(continuations!.baseline.ids);
    await runner.continuation(bench.shown, 4, 5);
    expect(bench.panel().sweep!.continuations!.rows.map(({ k }) => k)).toEqual([4]);
  });

  it("come for every seed", async () => {
    await runner.sweep([put(bench, target, [], null, setupOf({ kind: "random", seeds: 3, seed: 7 }))]);
    await runner.continuation(bench.shown, 2, 2);
    expect(errors).toEqual([]);
    const { rows } = bench.shown.sweep!.continuations!;
    expect(rows.map(({ k, seed }) => [k, seed])).toEqual([7, 8, 9].map((seed) => [2, seed]));
  });

  it("are refused for a k without a row", async () => {
    await runner.continuation(bench.shown, 12, 2);
    expect(errors.splice(0)).toMatchObject([{ code: "usage" }]);
  });
});

describe("attention", () => {
  it("of the last token is shown block by block, until the prompt is another", async () => {
    const shown = put(bench, target, [], null, setupOf({ kind: "zero" }));
    await runner.attention(shown);
    expect(errors).toEqual([]);
    const { weights } = bench.panel().attention!;
    expect(weights).toHaveLength(12);
    for (const row of weights!) {
      expect(row).toHaveLength(26);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3);
    }
    const other = await bench.read("Another prompt.");
    store.update(shown.id, () => ({ target: other }));
    expect(bench.panel().attention).toBeNull();
  });

  it("that a model's file does not give is a note with the reason, no error", async () => {
    const reason = "This model's file gives no attention weights.";
    // None of the fixtures is such a model: its engine's refusal stands in.
    const refusing: Pick<EngineSupervisor, "open" | "request"> = {
      open: () => supervisor.open(),
      request: () => Promise.reject(new SwapError("unsupported-model", reason)),
    };
    const failed: unknown[] = [];
    const other = new Runner(store, refusing, (error) => failed.push(error));
    await other.attention(put(bench, target, [], null, setupOf({ kind: "zero" })));
    expect(failed).toEqual([]);
    expect(bench.panel().attention).toEqual({ weights: null, note: reason });
  });
});
