/** Commands in an editor that stands in for VS Code's, with the real owners and the real engine behind them. */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { AT_CURSOR } from "../../../../src/extension/ask/intervention-at-hand.ts";
import { commandHandlers } from "../../../../src/extension/commands/handlers.ts";
import type { PanelModule } from "../../../../src/extension/panel/module.ts";
import type { SessionActions } from "../../../../src/extension/sessions/module.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { COMMAND_IDS } from "../../../../src/extension/ids.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import { CONDITION_KINDS, descriptorOf } from "../../../../src/shared/condition/condition.ts";
import { INITIAL_CHOICE } from "../../../../src/shared/condition/condition-choice.ts";
import type { Shown } from "../../../support/quick-input.ts";
import { BACK, quickInputs } from "../../../support/quick-input.ts";
import { Bench, put, reading, setupOf, TARGET } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor, errors } = bench;

interface Pick {
  readonly label: string;
  readonly detail?: string;
}

/** What the user answers, in the order of the questions; undefined: leaves. */
let answers: (string | undefined)[] = [];
let asked: string[] = [];
/** What the last list offered. */
let offered: readonly Pick[] = [];
let executed: string[] = [];
let selection = { start: 0, end: 0, active: 0 };

const uri = { toString: () => "file:///a.txt", path: "/a.txt" };
const document = {
  uri,
  languageId: "plaintext",
  getText: () => TARGET,
  offsetAt: (offset: number) => offset,
};
/** What inputs of wizards showed. */
let shown: Shown[] = [];
const inputs = quickInputs((input) => {
  shown.push(input);
  return answer(input.title);
});
const answer = (title: string | undefined): string | undefined => {
  asked.push(title ?? "");
  return answers.shift();
};
const host = {
  vs: {
    QuickInputButtons: inputs.QuickInputButtons,
    window: {
      createInputBox: inputs.createInputBox,
      createQuickPick: inputs.createQuickPick,
      get activeTextEditor() {
        return {
          document,
          selection: { ...selection, isEmpty: selection.start === selection.end },
          selections: [selection],
        };
      },
      showQuickPick: (items: readonly Pick[], { title }: { title?: string }) => {
        const label = answer(title);
        offered = items;
        return Promise.resolve(items.find((item) => item.label === label));
      },
      showInputBox: ({
        title,
        validateInput,
      }: {
        title?: string;
        validateInput?: (text: string) => unknown;
      }) => {
        const text = answer(title);
        if (text !== undefined) expect(validateInput?.(text) ?? null).toBeNull();
        return Promise.resolve(text);
      },
    },
    commands: {
      executeCommand: (id: string) => {
        executed.push(id);
        return Promise.resolve();
      },
    },
  },
  chosen: { resolve: () => Promise.resolve() },
  settings: () => ({ promptScope: "file" }),
  notices: { hint: () => undefined },
  prompts: new PromptRegister(),
  reading: () => reading,
  store,
  runner,
  supervisor,
} as unknown as Host;
const handlers = commandHandlers(host, {} as SessionActions, {} as PanelModule);

function select(word: string | null): void {
  const start = word === null ? 3 : TARGET.lastIndexOf(word);
  selection = { start, end: start + (word?.length ?? 0), active: start };
}

beforeEach(() => {
  answers = [];
  asked = [];
  shown = [];
  executed = [];
});
afterAll(() => {
  supervisor.dispose();
});

describe("Run Condition…", () => {
  it("offers every condition with its sentence and runs the picked one on all tokens but the last", async () => {
    select(null);
    answers = ["Zero"];
    await handlers.runCondition();
    expect(asked).toEqual(["Run Condition"]);
    expect(offered.map(({ label }) => label)).toEqual(
      CONDITION_KINDS.map((kind) => descriptorOf(kind).name()),
    );
    expect(offered.map(({ detail }) => detail)).toEqual(
      CONDITION_KINDS.map((kind) => descriptorOf(kind).sentence()),
    );
    expect(errors).toEqual([]);
    const { sweep } = bench.shown;
    expect(sweep).toMatchObject({ state: "complete", inputs: { source: null } });
    expect(sweep!.inputs.condition).toMatchObject({ kind: "zero", strength: 1 });
    expect(bench.panel().target!.positions).toHaveLength(25);
    expect(store.state.setup.choice).toMatchObject({ kind: "zero", where: "all-but-last" });
  });

  it("runs on the selected tokens", async () => {
    select("France");
    answers = ["Mean"];
    await handlers.runCondition();
    expect(bench.shown.sweep!.inputs.condition).toMatchObject({ kind: "mean", positions: [21] });
    expect(store.state.interventions, "one intervention a prompt").toHaveLength(1);
  });

  it("takes the condition from a key binding, and does nothing when the user leaves", async () => {
    select(null);
    await handlers.runCondition("identity");
    expect(asked).toEqual([]);
    expect(bench.shown.sweep!.inputs.condition.kind).toBe("identity");
    const { run } = bench.shown.sweep!;
    await handlers.runCondition();
    expect(bench.shown.sweep!.run).toBe(run);
  });
});

describe("Run Again", () => {
  it("asks for what the chosen condition still needs, and for nothing when it has it", async () => {
    select("France");
    await handlers.runCondition("zero");
    store.choose({ choice: { ...INITIAL_CHOICE } });
    // The source: another word in the same prompt.
    answers = ["$(replace) Replacement Word…", "Italy"];
    await handlers.runAgain(bench.shown.id);
    expect(errors).toEqual([]);
    expect(bench.shown.sweep!.inputs).toMatchObject({
      condition: { kind: "swap" },
      source: { word: "Italy" },
    });
    asked = [];
    await handlers.runAgain(bench.shown.id);
    expect(asked).toEqual([]);
  });
});

describe("Choose Source…", () => {
  it("is for the selection first, whatever result is at hand", async () => {
    select("Spain");
    answers = ["$(replace) Replacement Word…", "Italy"];
    await handlers.chooseSource();
    expect(errors).toEqual([]);
    expect(bench.shown.targets.map(({ text }) => text.trim())).toEqual(["Spain"]);
    expect(bench.shown.sweep).toMatchObject({ state: "complete", inputs: { source: { word: "Italy" } } });
    select("France");
    answers = ["$(replace) Replacement Word…", "Italy"];
    await handlers.chooseSource();
  });
});

describe("a command by its keys", () => {
  it("acts on the prompt at the cursor, or says that it has no result, though the panel shows another", async () => {
    const { interventions, shownId } = store.state;
    store.set({ interventions: [], shownId: null });
    const elsewhere = put(bench, await bench.read(TARGET), ["France"], null, setupOf({ kind: "zero" }));
    select("France");
    for (const command of ["runAgain", "runGrid", "stepLayerUp"] as const) {
      await expect((async () => handlers[command](AT_CURSOR))()).rejects.toThrow(/prompt at the cursor/);
    }
    await handlers.runAgain();
    expect(store.intervention(elsewhere.id)!.sweep).toMatchObject({ state: "complete" });
    store.set({ interventions, shownId });
  });
});

describe("Set Answers…", () => {
  it("asks for both answers and how they count, and runs again with them", async () => {
    const { run } = bench.shown.sweep!;
    answers = ["Rome", "Paris", "Whole Answer"];
    await handlers.setAnswers();
    expect(asked).toEqual(["Set Answers (1/3)", "Set Answers (2/3)", "Set Answers (3/3)"]);
    expect(shown[2]!.active).toBe("By Default");
    const { sweep } = bench.shown;
    expect(sweep!.run).not.toBe(run);
    expect(sweep!.answers!.source!.text).toBe(" Rome");
    expect(sweep!.inputs.setup.answers.scoring).toBe("likelihood");
  });

  it("asks for the length where an answer is to be found, and changes nothing when the user leaves", async () => {
    const { setup } = bench.shown;
    answers = ["", "", "Whole Answer", undefined];
    await handlers.setAnswers();
    expect(asked.slice(-2)).toEqual(["Set Answers (3/4)", "Set Answers (4/4)"]);
    expect(bench.shown.setup).toBe(setup);
  });

  it("goes back to a step, which proposes what was said there", async () => {
    answers = ["Rome", "Lyon", BACK, BACK, "Milan", "Paris", "Next Token"];
    await handlers.setAnswers();
    expect(shown.map(({ title, value }) => `${title} ${value}`)).toEqual([
      "Set Answers (1/3) Rome",
      "Set Answers (2/3) Paris",
      "Set Answers (3/3) ",
      "Set Answers (2/3) Lyon",
      "Set Answers (1/3) Rome",
      "Set Answers (2/3) Lyon",
      "Set Answers (3/3) ",
    ]);
    const { target, source, scoring } = bench.shown.setup.answers;
    expect([target, source, scoring]).toEqual(["Paris", "Milan", "next-token"]);
  });
});

describe("Run Controls, Continue Text… and Show Attention", () => {
  it("work on the result at the cursor, and show it in the panel", async () => {
    await handlers.runControls();
    expect(errors).toEqual([]);
    expect(bench.shown.sweep!.controls!.map(({ state }) => state)).toEqual([
      "complete",
      "complete",
      "complete",
    ]);
    answers = ["4"];
    await handlers.continueHere();
    expect(bench.shown.sweep!.continuations).toMatchObject({ tokens: 4 });
    await handlers.showAttention();
    expect(bench.panel((id) => host.prompts.get(id)).attention!.weights).toHaveLength(12);
    expect(executed).toEqual([COMMAND_IDS.openPanel, COMMAND_IDS.openPanel]);
  });

  it("run the sweep again first where it no longer stands", async () => {
    const { run } = bench.shown.sweep!;
    store.choose({ choice: { ...bench.shown.setup.choice, strength: 0.5 } });
    await handlers.runControls();
    const { sweep } = bench.shown;
    expect(sweep!.run).not.toBe(run);
    expect(sweep!.inputs.condition).toMatchObject({ strength: 0.5 });
    expect(sweep!.controls).toHaveLength(3);
  });

  it("need a result, except attention, which only needs a prompt", async () => {
    store.clear();
    select(null);
    await expect(handlers.runControls()).rejects.toMatchObject({ code: "usage" });
    await expect(handlers.continueHere()).rejects.toMatchObject({ code: "usage" });
    await handlers.showAttention();
    expect(bench.panel((id) => host.prompts.get(id)).attention!.weights).toHaveLength(12);
    expect(bench.shown.sweep).toBeNull();
  });
});

describe("Choose Source… for a result, with tokens selected in another prompt", () => {
  it("offers those first, and takes their state", async () => {
    const made = put(bench, await bench.read("The capital of Kenya is"), ["Kenya"], null);
    select("Spain");
    answers = ["$(selection) ◆ Spain"];
    await handlers.chooseSource(made.id);
    expect(errors).toEqual([]);
    expect(offered[0]).toMatchObject({ label: "$(selection) ◆ Spain", description: "selected in a.txt:1" });
    expect(store.intervention(made.id)!.source!.span.text.trim()).toBe("Spain");
    select(null);
    answers = [undefined];
    await handlers.chooseSource(made.id);
    expect(offered[0]!.label).not.toContain("$(selection)");
  });
});
