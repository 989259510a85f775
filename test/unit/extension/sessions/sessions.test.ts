/** Results as sessions and back: what ran stands in the file, and a restored result stands as it did. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { factsOfSession, verdictOfSession } from "../../../../src/extension/sessions/read-session.ts";
import { interventionOf, ranModelOf } from "../../../../src/extension/sessions/intervention-of.ts";
import { keptText, readKept } from "../../../../src/extension/sessions/kept-result.ts";
import { readingOf } from "../../../../src/extension/sessions/open-in-prompt.ts";
import { RanModels } from "../../../../src/extension/models/ran-models.ts";
import { rerunView } from "../../../../src/extension/sessions/rerun-view.ts";
import { runSession } from "../../../../src/extension/sessions/run-session.ts";
import { sessionOf } from "../../../../src/extension/sessions/session-of.ts";
import { newIntervention } from "../../../../src/extension/interventions/make-intervention.ts";
import type { Intervention, Setup, Source } from "../../../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import type { RunContext } from "../../../../src/extension/interventions/run-context.ts";
import { staleGrid, staleSweep } from "../../../../src/extension/interventions/stale.ts";
import { SwapError } from "../../../../src/shared/errors.ts";
import { compareSessions } from "../../../../src/shared/session/compare.ts";
import { sessionPanel } from "../../../../src/shared/session/session-panel.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { gridExperiment } from "../../../../src/shared/session/session.ts";
import { Bench, TARGET, put, reading, setupOf } from "../../../support/extension-support.ts";
import { withoutIdentity } from "../../../support/session/session-files.ts";

const bench = new Bench();
const choice = { path: bench.model, embedded: true };
const ranModels = new RanModels(bench.supervisor, { current: choice }, () => undefined);
let source: Source;
let target: ReadPrompt;

/** The session of an intervention, as Save Session makes it. */
async function saved(intervention: Intervention): Promise<Session> {
  const model = await ranModels.hashed((intervention.sweep ?? intervention.grid)!.model!);
  const session = sessionOf(intervention, () => model, new Date(0));
  if (!session) throw new Error("no session");
  return session;
}

/** A session as its file gives it back. */
function reread(session: Session): Session {
  return parseSession(serializeSession(session));
}

/** Everything that can stand beside a swap. */
async function wholeSwap(): Promise<Intervention> {
  const intervention = put(bench, target, ["France"], source);
  await bench.runner.sweep([intervention]);
  await bench.runner.grid(bench.shown);
  await bench.runner.controls(bench.shown, false);
  await bench.runner.continuation(bench.shown, 3, 4);
  await bench.runner.attention(bench.shown);
  bench.store.update(intervention.id, () => ({ k: 5, cell: { position: 2, k: 5 } }));
  return bench.shown;
}

function restored(session: Session): Intervention {
  return interventionOf(session, {
    newId: () => bench.store.newId(),
    targetId: null,
    sourceId: null,
    model: ranModelOf(session),
    reading: (prompt) => readingOf(prompt, reading.modelKey, reading),
  });
}

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
afterAll(() => {
  ranModels.dispose();
  bench.supervisor.dispose();
});

describe("a saved result", () => {
  it("of a part of a grid is complete, and asks for that part again", async () => {
    await bench.runner.sweep([put(bench, target, ["France"], source)]);
    await bench.runner.grid(bench.shown, { align: null, positions: [3, 21], layers: { from: 4, to: 9 } });
    const session = reread(await saved(bench.shown));
    expect(session.grid).toMatchObject({ state: "complete", asked: [3, 21] });
    expect(gridExperiment(session)).toMatchObject({ positions: [3, 21], layers: { from: 4, to: 9 } });
    expect(restored(session).grid).toMatchObject({ state: "complete", asked: [3, 21] });
    expect(() => reread({ ...session, grid: { ...session.grid!, asked: [3, 4, 21] } })).toThrow(
      /missing column/,
    );
    expect(() => reread({ ...session, grid: { ...session.grid!, asked: [21, 3] } })).toThrow(/ascending/);
  });

  it("holds sweep, grid, controls, continuations, attention and what was looked at, and reads back the same", async () => {
    const session = await saved(await wholeSwap());
    expect(reread(session)).toEqual(session);
    expect(session.model).toMatchObject({ name: "countries-2m", embedded: true, blocks: 12 });
    expect(session.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(session.sweep?.controls?.map(({ name }) => name)).toEqual(["identity", "random", "unrelated"]);
    expect(session.sweep?.controls?.[2]?.source?.text).toBe("A large wooden table");
    expect(session.sweep?.continuations?.rows.map(({ k }) => k)).toEqual([3]);
    expect(session.grid?.targetPositions).toEqual(session.chosen.pairs.map((pair) => pair.target));
    expect(session.attention?.weights ?? session.attention?.note).toBeTruthy();
    expect(session.view).toEqual({ k: 5, cell: { position: 2, k: 5 } });
    expect(verdictOfSession(session)).toBe(`flip ${session.sweep!.flip!.k}/12`);
    expect(session.model.identity).toMatchObject({ template: null });
    const { sha256, identity } = session.model;
    expect(factsOfSession(session)).toContain(`weights ${identity!.weights.slice(0, 12)}`);
    expect(factsOfSession(withoutIdentity(session))).toContain(`sha256 ${sha256!.slice(0, 12)}`);
  });

  it("shows in the read-only panel what the live panel showed", async () => {
    const intervention = await wholeSwap();
    const panel = bench.panel();
    const shown = sessionPanel(reread(await saved(intervention)));
    for (const part of [
      "source",
      "target",
      "sentence",
      "sweep",
      "grid",
      "k",
      "cell",
      "answers",
      "layers",
    ] as const) {
      // What the editor's own selection covers is no part of a result.
      const live = panel[part];
      const expected =
        typeof live === "object" && live !== null && "selected" in live
          ? { label: live.label, tokens: live.tokens, positions: live.positions }
          : live;
      expect(shown[part], part).toEqual(expected);
    }
  });

  it("is of what ran, not of what was chosen since", async () => {
    const ran = put(bench, target, ["France"], source);
    await bench.runner.sweep([ran]);
    const before = await saved(bench.shown);
    const { id, source: from, setup, align, sweep, grid, attention } = bench.shown;
    const other = newIntervention({
      id,
      target,
      targets: [{ from: 3, to: 3, text: "x" }],
      source: from,
      align,
      setup,
    });
    const chosenOtherwise: Setup = setupOf({ kind: "random", seeds: 3 });
    bench.store.update(id, () => ({ ...other, setup: chosenOtherwise, sweep, grid, attention }));
    const after = await saved(bench.shown);
    expect(after.sweep).toEqual(before.sweep);
    expect(after.setup).toEqual(before.setup);
    expect(after.chosen.pairs).toEqual(before.chosen.pairs);
    expect(after.chosen.targets).toEqual(before.chosen.targets);
    expect(reread(after)).toEqual(after);
  });

  it("leaves out a grid of another prompt or source, which one session cannot hold", async () => {
    await wholeSwap();
    const { id } = bench.shown;
    const spain = await bench.read("The country Spain");
    const other: Source = { read: spain, span: { from: 2, to: 2, text: " Spain" }, word: null };
    bench.store.update(id, ({ targets, align, setup, grid }) => ({
      ...newIntervention({ id, target, targets, source: other, align, setup }),
      grid,
    }));
    await bench.runner.sweep([bench.shown]);
    const session = await saved(bench.shown);
    expect(session.grid).toBeNull();
    expect(session.source?.text).toBe("The country Spain");
    expect(reread(session)).toEqual(session);
  });

  it.each([
    ["noise with seeds", setupOf({ kind: "random", seeds: 3 }), []],
    ["freeze at chosen tokens", setupOf({ kind: "freeze", where: "chosen" }), ["France"]],
    ["skip attention", setupOf({ kind: "skip-attention" }), []],
    [
      "whole answers",
      { ...INITIAL_SETUP, answers: { ...INITIAL_SETUP.answers, scoring: "likelihood", tokens: 2 } },
      ["France"],
    ],
    [
      "named answers",
      { ...INITIAL_SETUP, answers: { ...INITIAL_SETUP.answers, target: " Paris", source: " Rome" } },
      ["France"],
    ],
  ] as const)("of %s reads back the same and runs again to the same numbers", async (_, setup, words) => {
    await bench.runner.sweep([put(bench, target, words, source, setup)]);
    expect(bench.errors).toEqual([]);
    const session = await saved(bench.shown);
    expect(reread(session)).toEqual(session);
    const again = await rerun(reread(session));
    const comparison = compareSessions(session, again);
    expect(comparison.isSameExperiment).toBe(true);
    expect(comparison.cells).toEqual([]);
    expect(comparison.compared).toBeGreaterThanOrEqual(11);
  });

  it("is partial when its run was ended, with the rows that came", async () => {
    // Beside a whole result, that would be shown.
    bench.store.clear();
    const running = bench.runner.sweep([
      put(bench, target, [], null, setupOf({ kind: "random", seeds: 50 })),
    ]);
    await new Promise<void>((resolve) => {
      const listener = bench.store.changed.on(({ interventions }) => {
        if ((interventions.at(-1)?.sweep?.rows.length ?? 0) < 5) return;
        listener.dispose();
        resolve();
      });
    });
    bench.runner.cancel();
    await running;
    const session = await saved(bench.shown);
    expect(session.sweep?.state).toBe("partial");
    expect(session.sweep?.expectedRows).toBe(600);
    expect(session.sweep?.rows.length).toBeGreaterThanOrEqual(5);
    expect(reread(session)).toEqual(session);
    expect(verdictOfSession(session)).toMatch(/^incomplete, \d+ of 600$/);
  });
});

describe("a restored result", () => {
  it("stands as it did: nothing of it is out of date, and it saves as the same session", async () => {
    const session = await saved(await wholeSwap());
    const back = restored(reread(session));
    expect(staleSweep(back, back.sweep!, () => null, reading)).toBeNull();
    expect(staleGrid(back, back.grid!, () => null, reading)).toBeNull();
    ranModels.set(back.sweep!.model!, session.model);
    expect(await saved(back)).toEqual(session);
  });

  it("is out of date when another model is chosen", async () => {
    const back = restored(reread(await saved(await wholeSwap())));
    const now = { ...reading, modelKey: "/other" };
    expect(staleSweep(back, back.sweep!, () => null, now)).toBe("model-changed");
  });

  it("of an ended run is incomplete, not lost from view", async () => {
    const whole = await saved(await wholeSwap());
    const partial: Session = {
      ...whole,
      sweep: {
        ...whole.sweep!,
        state: "partial",
        rows: whole.sweep!.rows.slice(0, 4),
        flip: null,
        lens: null,
        controls: null,
        continuations: null,
      },
    };
    const { sweep } = restored(reread(partial));
    expect(sweep).toMatchObject({ state: "partial", total: 12 });
    expect(sweep?.rows).toHaveLength(4);
  });

  it("comes back from what was kept, with where it stood", async () => {
    const session = await saved(await wholeSwap());
    const kept = {
      keptAt: 7,
      target: { uri: "file:///a.txt", line: 2 },
      source: null,
      reading,
      file: { uri: "file:///a.swap.json", text: "{}" },
      session,
    };
    expect(readKept(keptText(kept))).toEqual(kept);
    expect(() => readKept(keptText(kept).slice(0, -40))).toThrow();
    expect(() => readKept("{}")).toThrow();
  });
});

describe("a session that is run again", () => {
  it("says that nothing differs, and by how little", async () => {
    const session = reread(await saved(await wholeSwap()));
    const view = rerunView(compareSessions(session, await rerun(session)), session);
    expect(view.isSame).toBe(true);
    expect(view.lines).toEqual([]);
    expect(view.summary).toMatch(
      /^Nothing differs beyond 1e-3: \d+ rows and cells compared, the largest difference is /,
    );
  });

  it("is the same to the last bit in another engine, on other numbers of threads", async () => {
    const session = reread(await saved(await wholeSwap()));
    for (const threads of [2, 4]) {
      const other = new Bench(bench.model, threads);
      onTestFinished(() => {
        other.supervisor.dispose();
      });
      const again = reread(await rerun(session, other));
      expect({ ...again.sweep, runMs: 0 }).toEqual({ ...session.sweep, runMs: 0 });
      expect(again.grid).toEqual(session.grid);
    }
  });

  it("lists each value that differs, where it stands, and how many rows that is", async () => {
    const session = reread(await saved(await wholeSwap()));
    const rows = session.sweep!.rows.map((row) =>
      row.k === 4 ? { ...row, targetLogprob: row.targetLogprob - 1 } : row,
    );
    const columns = session.grid!.columns.map((column) =>
      column?.position === 2 ? { ...column, outcome: column.outcome.map(() => "neither" as const) } : column,
    );
    const edited: Session = {
      ...session,
      sweep: { ...session.sweep!, rows },
      grid: { ...session.grid!, columns },
    };
    const view = rerunView(compareSessions(edited, await rerun(session)), edited);
    expect(view.isSame).toBe(false);
    expect(view.lines.find(({ place }) => place === "sweep, k = 4")?.quantity).toBe("log p(target)");
    expect(
      view.lines.some(
        ({ place, quantity, stored }) =>
          /^grid, .* @2, k = 0$/.test(place) && quantity === "outcome" && stored === "neither",
      ),
    ).toBe(true);
    expect(view.summary).toMatch(/^\d+ of \d+ rows and cells differ beyond 1e-3/);
  });
});

/** Runs a session with a bench's engine. */
async function rerun(session: Session, { store, supervisor } = bench): Promise<Session> {
  const context: RunContext = {
    store,
    supervisor,
    signal: new AbortController().signal,
    progress: () => undefined,
    expect: () => undefined,
  };
  // It knows the engines that were started after it.
  const models =
    supervisor === bench.supervisor
      ? ranModels
      : new RanModels(supervisor, { current: choice }, () => undefined);
  const info = await supervisor.open();
  const model = await models.hashed(info);
  if (model.sha256 === null) throw new SwapError("internal", "no hash");
  return runSession(context, session, model);
}
