/** Runs of one prompt are kept beside each other: what begins, ends, breaks off, is shown, pinned or removed, on the real engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pinning, removing, restored, showing } from "../../../../src/extension/interventions/runs.ts";
import type { Intervention, Setup, Source } from "../../../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import { MOST_RUNS } from "../../../../src/shared/experiment/kept-runs.ts";
import { interventionOf, ranModelOf } from "../../../../src/extension/sessions/intervention-of.ts";
import type { KeptResult } from "../../../../src/extension/sessions/kept-result.ts";
import { keptText, readKept } from "../../../../src/extension/sessions/kept-result.ts";
import { keptRuns, withKeptRuns } from "../../../../src/extension/sessions/kept-runs.ts";
import { readingOf } from "../../../../src/extension/sessions/open-in-prompt.ts";
import { sessionOf } from "../../../../src/extension/sessions/session-of.ts";
import { RanModels } from "../../../../src/extension/models/ran-models.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import type { PanelRun } from "../../../../src/shared/protocol/panel-runs.ts";
import { Bench, put, reading, setupOf, TARGET } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner } = bench;
const ranModels = new RanModels(
  bench.supervisor,
  { current: { path: bench.model, embedded: true } },
  () => undefined,
);
let source: Source;
let target: ReadPrompt;

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
beforeEach(() => {
  store.clear();
});
afterAll(() => {
  ranModels.dispose();
  bench.supervisor.dispose();
});

function swap(from = source): Promise<void> {
  return runner.sweep([put(bench, target, ["France"], from)]);
}

/** Runs another condition on the shown intervention, as the panel does. */
function condition(choice: Partial<Setup["choice"]>): Promise<void> {
  store.choose({ choice: { ...bench.shown.setup.choice, ...choice } });
  return runner.sweep([bench.shown]);
}

function rows(): string[] {
  return bench
    .panel()
    .runs.map(({ name, verdict, isShown }: PanelRun) => `${isShown ? "> " : ""}${name}: ${verdict}`);
}

function fail(error: unknown): never {
  throw error;
}

function change(part: (now: Intervention) => Partial<Intervention>): void {
  store.update(bench.shown.id, part);
}

function numberOf(name: string): number {
  return bench.panel().runs.find((run) => run.name === name)!.run;
}

async function cancelledAfterRows(running: Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const listener = store.changed.on(() => {
      const { sweep } = store.shown!;
      if (sweep?.state !== "running" || sweep.rows.length < 5) return;
      listener.dispose();
      resolve();
    });
  });
  runner.cancel();
  await running;
}

describe("runs of a prompt", () => {
  it("stand beside each other, the newest on top; one is shown with what it was made from", async () => {
    await swap();
    const { rows: swapped, flip } = bench.shown.sweep!;
    await condition({ kind: "random", seeds: 3 });
    await condition({ kind: "zero" });
    expect(rows()).toEqual([
      expect.stringMatching(/^> Zero: /),
      expect.stringMatching(/^Random ×3: /),
      "Swap: flip 8/12",
    ]);
    change((now) => showing(now, numberOf("Swap")));
    expect(rows()[2]).toBe("> Swap: flip 8/12");
    const panel = bench.panel();
    expect(panel.sweep).toMatchObject({ rows: swapped, flip, standing: { kind: "fresh" } });
    expect(panel.condition.choice.kind).toBe("swap");
    expect(panel.target!.positions).toEqual([21]);
    expect(panel.runs.map(({ standing }) => standing.kind)).toEqual(["fresh", "fresh", "fresh"]);
  });

  it("of the same question take each other's place, unless pinned; of another source they have its name", async () => {
    await swap();
    await swap();
    expect(rows()).toEqual(["> Swap: flip 8/12"]);
    change((now) => pinning(now, bench.shown.sweep!.run, true));
    await swap();
    expect(bench.panel().runs.map(({ isPinned }) => isPinned)).toEqual([false, true]);
    const spain = await bench.read("The country Spain");
    await swap({ read: spain, span: { from: 2, to: 2, text: " Spain" }, word: null });
    expect(rows().map((row) => row.split(":")[0])).toEqual(["> ◆ Spain", "◆ Italy", "◆ Italy"]);
  });

  it("that broke off leave the last result standing, and rows that came can be looked at", async () => {
    await swap();
    const { sweep } = bench.shown;
    await cancelledAfterRows(condition({ kind: "random", seeds: 50 }));
    expect(bench.shown.sweep).toBe(sweep);
    expect(bench.panel().sweep).toMatchObject({ state: "complete", flip: { k: 8, of: 12 } });
    expect(bench.panel().condition.choice.kind, "what was chosen stays chosen").toBe("random");
    const [broken] = bench.panel().runs;
    expect(broken).toMatchObject({ state: "partial", standing: { kind: "partial", reason: "cancelled" } });
    change((now) => showing(now, broken!.run));
    expect(bench.panel().sweep).toMatchObject({ kind: "random", standing: { kind: "partial" } });
    // Of a question that has a whole result nothing is kept.
    await condition({ kind: "zero" });
    const count = bench.panel().runs.length;
    const again = runner.sweep([bench.shown]);
    runner.cancel();
    await again;
    expect(bench.panel().runs).toHaveLength(count);
    expect(bench.panel().sweep).toMatchObject({ kind: "zero", state: "complete" });
  });

  it("whose engine dies leave the last result standing too", async () => {
    await swap();
    const listener = store.changed.on(() => {
      if ((store.shown?.sweep?.rows.length ?? 0) < 5 || store.shown?.sweep?.state !== "running") return;
      listener.dispose();
      process.kill(bench.supervisor.pid!, "SIGKILL");
    });
    await condition({ kind: "random", seeds: 50 });
    expect(bench.errors).toHaveLength(1);
    expect(store.state.error).toMatchObject({ code: "engine-crashed" });
    expect(bench.panel().sweep).toMatchObject({ kind: "swap", state: "complete" });
  });

  it("are bounded; the oldest make room, pinned ones stay", async () => {
    await swap();
    change((now) => pinning(now, now.sweep!.run, true));
    for (let seed = 0; seed <= MOST_RUNS; seed++) await condition({ kind: "random", seeds: 1, seed });
    const { runs } = bench.panel();
    expect(runs.filter(({ isPinned }) => !isPinned)).toHaveLength(MOST_RUNS);
    expect(runs.at(-1)).toMatchObject({ name: "Swap", isPinned: true });
    expect(runs.map(({ name }) => name)).not.toContain("Random seed 0");
  });

  it("are removed, and brought back where they stood", async () => {
    await swap();
    await condition({ kind: "zero" });
    const before = rows();
    change((now) => removing(now, numberOf("Zero")));
    expect(rows()).toEqual(["> Swap: flip 8/12"]);
    expect(bench.panel()).toMatchObject({ removed: "Zero", condition: { choice: { kind: "swap" } } });
    change(restored);
    expect(rows()).toEqual(before);
    expect(bench.panel().removed).toBeNull();
    change((now) => removing(now, numberOf("Zero")));
    change((now) => removing(now, numberOf("Swap")));
    expect(bench.panel()).toMatchObject({ sweep: null, runs: [], removed: "Swap" });
    change(restored);
    expect(rows()).toEqual(["> Swap: flip 8/12"]);
  });

  it("keep the map of their own swap", async () => {
    await swap();
    await runner.grid(bench.shown);
    const italy = bench.shown.grid;
    const spain = await bench.read("The country Spain");
    await swap({ read: spain, span: { from: 2, to: 2, text: " Spain" }, word: null });
    await runner.grid(bench.shown);
    expect(bench.shown.grid).not.toBe(italy);
    change((now) => showing(now, numberOf("◆ Italy")));
    expect(bench.panel().grid).toMatchObject({
      put: " Italy",
      standing: { kind: "fresh" },
      sweepPosition: 21,
    });
  });

  it("come back in the next window as they stood", async () => {
    await swap();
    await condition({ kind: "random", seeds: 3 });
    await condition({ kind: "zero" });
    change((now) => pinning(now, numberOf("Swap"), true));
    change((now) => showing(now, numberOf("Random ×3")));
    const before = bench.panel();
    const { shown } = bench;
    const session = sessionOf(shown, (model) => ranModels.of(model), new Date(0))!;
    const runs = keptRuns({ ranModels }, shown, new WeakMap(), () => null)!;
    const kept: KeptResult = { keptAt: 1, target: null, source: null, reading, file: null, session, runs };
    const back = readKept(keptText(kept));
    const made = (one: Session): Intervention => {
      const model = ranModelOf(one);
      ranModels.set(model, one.model);
      return interventionOf(one, {
        newId: () => store.newId(),
        targetId: null,
        sourceId: null,
        reading: (prompt) => readingOf(prompt, reading.modelKey, reading),
        model,
      });
    };
    store.clear();
    store.put(withKeptRuns(back.runs!, () => made(back.session), made, fail));
    const after = bench.panel();
    const unnumbered = (list: readonly PanelRun[]): unknown[] => list.map((run) => ({ ...run, run: 0 }));
    expect(unnumbered(after.runs)).toEqual(unnumbered(before.runs));
    expect(after.sweep).toEqual(before.sweep);
  });
});

describe("what was chosen for one prompt", () => {
  it("about its answers is no other's: neither their names nor how they count", async () => {
    const other = await bench.read("The capital of Spain is");
    await swap();
    store.choose({ answers: { target: "Paris", source: "Rome", scoring: "likelihood", tokens: 3 } });
    expect(store.setupFor(target).answers.scoring).toBe("likelihood");
    expect(store.setupFor(other).answers).toEqual(INITIAL_SETUP.answers);
  });

  it("while none was shown is the next one's, and only that one's", async () => {
    store.choose({ answers: { ...INITIAL_SETUP.answers, scoring: "likelihood", tokens: 2 } });
    const setup = store.setupFor(target);
    expect(setup.answers).toMatchObject({ scoring: "likelihood", tokens: 2 });
    put(bench, target, ["France"], source, setup);
    expect(store.setupFor(target).answers.scoring).toBe("likelihood");
    expect(store.setupFor(await bench.read("The capital of Spain is")).answers).toEqual(
      INITIAL_SETUP.answers,
    );
  });
});

describe("a copied state", () => {
  it("shows in the panel at once, the result beside it, until something runs", async () => {
    await swap();
    const spain = await bench.read("The country Spain");
    store.copy({ read: spain, span: { from: 2, to: 2, text: " Spain" }, word: null });
    expect(bench.panel()).toMatchObject({
      copied: { text: "␣Spain", label: "a.txt:1" },
      sweep: { state: "complete", standing: { kind: "fresh" } },
    });
    await runner.sweep([bench.shown]);
    expect(bench.panel().copied).toBeUndefined();
  });
});

describe("a text that the demonstration model does not know", () => {
  const isHinted = async (text: string, condition: Setup["choice"]["kind"] = "zero"): Promise<boolean> => {
    const prompt = await bench.read(text);
    await runner.sweep([put(bench, prompt, [], null, setupOf({ kind: condition }))]);
    return bench.panel().sweep!.notes.some(({ code }) => code === "unknown-text");
  };

  it.each([
    "When Mary and John went to the store, John gave a drink to",
    "def add(a, b): return",
    "法国的首都是",
  ])("is said to be that: %s", async (text) => {
    expect(await isHinted(text)).toBe(true);
  });

  it.each([TARGET, "The capital of France is", "The country Italy"])(
    "is not what it was made for: %s",
    async (text) => {
      expect(await isHinted(text)).toBe(false);
    },
  );
});
