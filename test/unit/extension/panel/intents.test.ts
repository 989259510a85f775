/** What the panel asks for, done: choices change what the next run does, and only the asked-for work runs. */
import { textOf } from "../../../../src/shared/words/parts.ts";
import { standingText } from "../../../../src/shared/words/standing.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Host } from "../../../../src/extension/host.ts";
import { carryOut } from "../../../../src/extension/panel/intents.ts";
import type { Source } from "../../../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import { INITIAL_CHOICE } from "../../../../src/shared/condition/condition-choice.ts";
import type { PanelIntent } from "../../../../src/shared/protocol/panel-intent.ts";
import { panelIntentSchema } from "../../../../src/shared/protocol/panel-intent.ts";
import * as v from "valibot";
import { Bench, TARGET, put } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor, errors } = bench;
let source: Source;
let target: ReadPrompt;
/** Commands that the intents ran, with their arguments. */
let commands: unknown[][] = [];
/** The file that the user picks in the next dialog. */
let picked: { readonly path: string; readonly text: string } | null = null;

const host = {
  vs: {
    commands: {
      executeCommand: (...command: unknown[]) => {
        commands.push(command);
        return Promise.resolve();
      },
    },
    window: { showOpenDialog: () => Promise.resolve(picked ? [{ path: picked.path }] : undefined) },
    workspace: { fs: { readFile: () => Promise.resolve(new TextEncoder().encode(picked?.text)) } },
  },
  prompts: { get: () => null },
  store,
  runner,
  supervisor,
} as unknown as Host;

/** Sends an intent as it arrives from the webview. */
async function send(intent: PanelIntent): Promise<void> {
  const parsed = v.parse(panelIntentSchema, intent);
  if (parsed.type !== "ready") await carryOut(host, parsed);
}

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
  await runner.sweep([put(bench, target, ["France"], source)]);
});
afterAll(() => {
  supervisor.dispose();
});
beforeEach(() => {
  commands = [];
  picked = null;
});

describe("a condition chosen in the panel", () => {
  it("does not run, makes the result out of date, and is undone by choosing the old one", async () => {
    const { run } = bench.shown.sweep!;
    const choice = { ...INITIAL_CHOICE, kind: "random" as const, seeds: 5 };
    await send({ type: "setCondition", choice });
    expect(bench.panel().condition.choice).toEqual(choice);
    expect(textOf(standingText(bench.panel().sweep!.standing))).toBe(
      "Out of date. Another condition was chosen.",
    );
    expect(bench.panel().target!.positions).toHaveLength(25);
    expect(bench.shown.sweep!.run).toBe(run);
    expect(commands).toEqual([]);
    expect(store.state.work).toBeNull();
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
    expect(bench.panel().sweep!.standing).toEqual({ kind: "fresh" });
  });

  it("is what interventions on other prompts begin with, while those there are keep theirs", async () => {
    const first = bench.shown;
    await send({ type: "setCondition", choice: { ...INITIAL_CHOICE, kind: "zero", strength: 0.5 } });
    const other = await bench.read("The capital of Italy is");
    expect(store.setupFor(other).choice).toMatchObject({ kind: "zero", strength: 0.5 });
    put(bench, other, [], null, store.setupFor(other));
    await send({ type: "setCondition", choice: { ...INITIAL_CHOICE, kind: "mean" } });
    expect(store.intervention(first.id)!.setup.choice.kind).toBe("zero");
    store.set({ shownId: first.id });
    expect(bench.panel().condition.choice.kind).toBe("zero");
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
  });

  it("keeps what one change in a row did when the next one comes", async () => {
    await send({ type: "setCondition", choice: { numbers: { angle: 45 } } });
    await send({ type: "setCondition", choice: { strength: 0.5 } });
    await send({ type: "setCondition", choice: { sourceLayer: 4 } });
    const numbers = { angle: 45 };
    const changed = { ...INITIAL_CHOICE, numbers, strength: 0.5, sourceLayer: 4 };
    expect(bench.panel().condition.choice).toEqual(changed);
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
  });

  it("gets a smallest k where its definition needs one", async () => {
    await send({ type: "setCondition", choice: { ...INITIAL_CHOICE, kind: "freeze" } });
    expect(bench.panel().layers).toEqual({ from: 1, to: 11 });
    await send({ type: "setLayers", from: 1, to: 11 });
    expect(store.state.layers).toBeNull();
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
    expect(bench.panel().layers).toEqual({ from: 0, to: 11 });
  });

  it("takes the tokens that are chosen from then on", async () => {
    await send({ type: "setCondition", choice: { ...INITIAL_CHOICE, kind: "zero" } });
    await send({ type: "setPositions", side: "target", positions: [20, 21] });
    expect(bench.panel().condition.choice).toMatchObject({ kind: "zero", where: "chosen" });
    expect(bench.panel().target!.positions).toEqual([20, 21]);
    await send({ type: "setPositions", side: "target", positions: [21] });
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
    expect(bench.panel().sweep!.standing).toEqual({ kind: "fresh" });
  });

  it("vectors comes with the file that the user picks; a bad file changes nothing", async () => {
    picked = { path: "/home/a/own.json", text: '{"k": 1, "positions": [21], "vectors": [[1]]}' };
    await send({ type: "command", command: "chooseVectors" });
    expect(bench.panel().condition).toMatchObject({ choice: { kind: "vectors" }, vectorsLabel: "own.json" });
    expect(bench.panel().target!.positions).toEqual([21]);
    picked = { path: "/home/a/bad.json", text: '{"k": 1}' };
    await expect(send({ type: "command", command: "chooseVectors" })).rejects.toMatchObject({
      code: "bad-vectors",
    });
    expect(bench.panel().condition.vectorsLabel).toBe("own.json");
    await send({ type: "setCondition", choice: INITIAL_CHOICE });
  });
});

describe("answers named in the panel", () => {
  it("do not run, make the result out of date, and belong to their prompt", async () => {
    const answers = { target: "Paris", source: "Rome", scoring: "likelihood" as const, tokens: 2 };
    await send({ type: "setAnswers", answers });
    expect(bench.panel().answers).toEqual(answers);
    expect(textOf(standingText(bench.panel().sweep!.standing))).toBe(
      "Out of date. Other answers were chosen.",
    );
    const other = await bench.read("The capital of Spain is");
    expect(store.setupFor(other).answers).toEqual(INITIAL_SETUP.answers);
    expect(store.setupFor(target).answers).toEqual(answers);
    await send({ type: "setAnswers", answers: INITIAL_SETUP.answers });
    expect(bench.panel().sweep!.standing).toEqual({ kind: "fresh" });
  });
});

describe("work asked for in the panel", () => {
  it("goes to the commands, with the shown intervention", async () => {
    const { id } = bench.shown;
    for (const command of ["runSweep", "runGrid", "runControls", "showAttention"] as const) {
      await send({ type: "command", command });
    }
    expect(commands).toEqual([
      ["stateSwap.runAgain", id],
      ["stateSwap.runGrid", id],
      ["stateSwap.runControls", id],
      ["stateSwap.showAttention", id],
    ]);
  });

  it("continues the text of the k that is named, and shows that k", async () => {
    await send({ type: "continue", k: 3, tokens: 2 });
    expect(errors).toEqual([]);
    const { sweep, k } = bench.panel();
    expect(k).toBe(3);
    expect(sweep!.continuations!.rows.map((row) => row.k)).toEqual([3]);
  });

  it("with numbers out of range is refused at the door", () => {
    const choice = { ...INITIAL_CHOICE, seeds: 51 };
    for (const intent of [
      { type: "setCondition", choice },
      { type: "setCondition", choice: { ...INITIAL_CHOICE, strength: 1.5 } },
      { type: "continue", k: 0, tokens: 101 },
      { type: "setAnswers", answers: { tokens: 0 } },
    ]) {
      expect(v.safeParse(panelIntentSchema, intent).success, JSON.stringify(intent)).toBe(false);
    }
  });
});
