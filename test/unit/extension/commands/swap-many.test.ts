/** Swap State Here over many prompts, on the real engine: a row equals the single run, a failed one keeps its reason. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commandHandlers } from "../../../../src/extension/commands/handlers.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { openRow, tableAct } from "../../../../src/extension/panel/many-intents.ts";
import type { PanelModule } from "../../../../src/extension/panel/module.ts";
import type { SessionActions } from "../../../../src/extension/sessions/module.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import type { PanelMany } from "../../../../src/shared/protocol/panel.ts";
import { PlaceholderValues } from "../../../../src/extension/prompt/placeholder-values.ts";
import { quickInputs } from "../../../support/quick-input.ts";
import { Bench, put, reading } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor } = bench;
const LINES = ["France", "Spain", "Germany"].map((country) => `The capital of ${country} is`);
let text = "";
let fileName = "a.txt";
let selected: [number, number] = [0, 0];
let answers: string[] = [];
let asked: string[][] = [];
let said: string[] = [];
let copied = "";
let typed: string[] = [];
let inputsShown = 0;

const inputs = quickInputs(() => {
  inputsShown++;
  return typed.shift();
});
const values = new PlaceholderValues({ get: () => undefined, update: () => Promise.resolve() });

const positionAt = (offset: number): { line: number } => ({
  line: text.slice(0, offset).split("\n").length - 1,
});
const document = {
  get uri() {
    return { toString: () => `file:///${fileName}`, path: `/${fileName}` };
  },
  languageId: "plaintext",
  getText: () => text,
  offsetAt: (offset: number) => offset,
  positionAt,
};
const editor = {
  document,
  get selection() {
    return { start: selected[0], end: selected[1], active: selected[1] };
  },
  get selections() {
    return [this.selection];
  },
  revealRange: () => undefined,
  set selections(_) {
    // The panel selects tokens.
  },
};
const host = {
  vs: {
    window: {
      activeTextEditor: editor,
      visibleTextEditors: [editor],
      showQuickPick: (items: readonly { readonly label: string }[]) => {
        asked.push(items.map(({ label }) => label));
        const label = answers.shift();
        return Promise.resolve(items.find((item) => item.label === label));
      },
      showInputBox: () => Promise.resolve(answers.shift()),
      createInputBox: inputs.createInputBox,
      createQuickPick: inputs.createQuickPick,
    },
    QuickInputButtons: inputs.QuickInputButtons,
    workspace: { textDocuments: [document] },
    env: {
      clipboard: {
        writeText: (written: string) => {
          copied = written;
          return Promise.resolve();
        },
      },
    },
    Selection: Object,
    TextEditorRevealType: {},
  },
  chosen: { resolve: () => Promise.resolve(), current: { path: bench.model, embedded: true } },
  settings: () => ({ promptScope: "auto" }),
  notices: { hint: (sentence: string) => said.push(sentence) },
  prompts: new PromptRegister(values),
  values,
  reading: () => reading,
  store,
  runner,
  supervisor,
} as unknown as Host;
const handlers = commandHandlers(host, {} as SessionActions, {} as PanelModule);

function table(): PanelMany {
  return bench.panel((id) => host.prompts.get(id)).many!;
}

beforeAll(() => supervisor.open());
beforeEach(async () => {
  store.clear();
  store.set({ source: await bench.source() });
  host.prompts.keepOnly(new Set());
  bench.errors.length = 0;
  text = LINES.join("\n");
  fileName = "a.txt";
  selected = [0, text.length];
  [answers, asked, said, copied] = [[], [], [], ""];
});
afterAll(() => {
  supervisor.dispose();
});

describe("Swap State Here on selected lines", () => {
  it("runs each line as a prompt; a row equals the single run of its prompt", async () => {
    answers = ["Where They Differ"];
    await handlers.swapStateHere();
    expect(asked).toEqual([
      ["Where They Differ", "A Word of Each…", "The Last Token of Each", "The Selected Tokens"],
    ]);
    const { rows, blocks } = table();
    expect(blocks).toBe(12);
    expect(rows.map(({ label, target, state }) => [label, target, state])).toEqual([
      ["a.txt:1", " France", "complete"],
      ["a.txt:2", " Spain", "complete"],
      ["a.txt:3", " Germany", "complete"],
    ]);
    const sweeps = store.state.many!.entries.map(({ sweep }) => sweep!);
    for (const [i, line] of LINES.entries()) {
      const word = ["France", "Spain", "Germany"][i]!;
      await runner.sweep([put(bench, await bench.read(line), [word], await bench.source())]);
      const single = bench.shown.sweep!;
      expect(single.state).toBe("complete");
      expect(sweeps[i]!.rows).toEqual(single.rows);
      expect(rows[i]).toMatchObject({
        flip: single.flip,
        targetAnswer: single.answers!.target.text,
        sourceAnswer: single.answers!.source!.text,
        outcomes: single.rows.map(({ outcome }) => outcome),
      });
    }
    expect(table().rows, "what runs on a prompt later leaves the table as it is").toEqual(rows);
    expect(bench.errors).toEqual([]);
  });

  it("asks once for a placeholder of all of them, and finds the tokens in what the model reads", async () => {
    text = ["France", "Spain"].map((country) => `In {year} the capital of ${country} is`).join("\n");
    selected = [0, text.length];
    answers = ["Where They Differ"];
    typed = ["Give Values…", "the year of 1990"];
    inputsShown = 0;
    await handlers.swapStateHere();
    expect(inputsShown).toBe(2);
    expect(store.state.many!.entries.map((entry) => entry.text)).toEqual([
      "In the year of 1990 the capital of France is",
      "In the year of 1990 the capital of Spain is",
    ]);
    expect(table().rows.map(({ target, state }) => [target, state])).toEqual([
      [" France", "complete"],
      [" Spain", "complete"],
    ]);
    await handlers.swapStateHere();
    expect(inputsShown, "the workspace remembers it").toBe(2);
  });

  it("takes a word that is written once; a line without it keeps its reason, and the others run", async () => {
    text = [...LINES.slice(0, 2), "Nothing of it", "France and France"].join("\n");
    selected = [0, text.length];
    answers = ["A Word of Each…", "France"];
    await handlers.swapStateHere();
    const { rows } = table();
    expect(rows.map(({ state }) => state)).toEqual(["complete", "failed", "failed", "failed"]);
    expect(rows[1]!.failure!.code).toBe("text-not-found");
    expect(rows[3]!.failure!.code).toBe("text-ambiguous");
    await tableAct(host, "copy");
    expect(copied.split("\n")[2]).toContain(rows[1]!.failure!.message);
    expect(said.at(-1)).toBe("The table is copied: 4 prompts.");
  });

  it("means the tokens of one prompt where that is what is chosen, or where no whole lines are selected", async () => {
    answers = ["The Selected Tokens", "Last"];
    await handlers.swapStateHere();
    expect(store.state.many).toBeNull();
    expect(bench.shown.target.text).toBe(text);
    selected = [text.indexOf("Spain"), text.indexOf("Spain") + 5];
    asked = [];
    await handlers.swapStateHere();
    expect(asked).toEqual([]);
  });

  it("that is cancelled keeps whole rows, and runs the rest when it is asked to", async () => {
    answers = ["Where They Differ"];
    const listening = store.changed.on(({ many }) => {
      if (many?.entries[0]?.state === "complete" && many.entries[1]?.state === "running") runner.cancel();
    });
    await handlers.swapStateHere();
    listening.dispose();
    expect(table().rows.map(({ state }) => state)).toEqual(["complete", "cancelled", "cancelled"]);
    const [first] = store.state.many!.entries;
    await tableAct(host, "runRest");
    expect(table().rows.map(({ state }) => state)).toEqual(["complete", "complete", "complete"]);
    expect(store.state.many!.entries[0]!.sweep).toBe(first!.sweep);
    await tableAct(host, "close");
    expect(store.state.many).toBeNull();
  });

  it("shows a row's own result when it is opened, whatever ran on its prompt since", async () => {
    answers = ["Where They Differ"];
    await handlers.swapStateHere();
    const [, second] = store.state.many!.entries;
    await openRow(host, second!.id);
    expect(bench.shown.id).toBe(second!.made!.id);
    expect(table().shown).toBe(second!.id);
    store.put({ ...bench.shown, id: store.newId(), sweep: null });
    expect(table().shown).toBeNull();
    await openRow(host, second!.id);
    expect(bench.shown.sweep).toBe(second!.sweep);
  });
});

describe("Swap State Here in a table with a header", () => {
  it("runs all rows without a selection, with each row's own target, source and answers", async () => {
    fileName = "pairs.csv";
    text = [
      "prompt,target,source,source_token,source_answer",
      "The capital of France is,France,,,",
      "The capital of Spain is,@-2,The capital of Germany is,Germany,Berlin",
      "The capital of Spain is,Norway,,,",
    ].join("\n");
    selected = [60, 60];
    await handlers.swapStateHere();
    expect(asked).toEqual([]);
    const { rows } = table();
    expect(rows.map(({ target, source, state }) => [target, source, state])).toEqual([
      [" France", " Italy", "complete"],
      [" Spain", " Germany", "complete"],
      ["", "", "failed"],
    ]);
    expect(rows[1]!.sourceAnswer.trim()).toBe("Berlin");
    expect(rows.map(({ label }) => label)).toEqual(["pairs.csv:2", "pairs.csv:3", "pairs.csv:4"]);
  });

  it("runs the selected rows alone", async () => {
    fileName = "pairs.csv";
    text = ["prompt,target", ...LINES.map((line) => `${line},@-2`)].join("\n");
    selected = [text.indexOf(LINES[1]!), text.length];
    await handlers.swapStateHere();
    expect(table().rows.map(({ target }) => target)).toEqual([" Spain", " Germany"]);
  });
});
