/** Prompts with placeholders: what the user is asked once, what the model reads, and where its tokens stand. */
import { afterAll, beforeEach, expect, it } from "vitest";
import { commandHandlers } from "../../../../src/extension/commands/handlers.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { carryOut } from "../../../../src/extension/panel/intents.ts";
import { PlaceholderValues } from "../../../../src/extension/prompt/placeholder-values.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import { tokenPlaces } from "../../../../src/extension/prompt/token-places.ts";
import type { PanelModule } from "../../../../src/extension/panel/module.ts";
import type { SessionActions } from "../../../../src/extension/sessions/module.ts";
import { Bench, reading } from "../../../support/extension-support.ts";
import type { Shown } from "../../../support/quick-input.ts";
import { BACK, quickInputs } from "../../../support/quick-input.ts";

const bench = new Bench();
const { store, runner, supervisor } = bench;
let text = 'ask(f"The capital of {country} is\\n{city}")\nask("one {country}")';
let selection = { start: 0, end: 0, active: 0 };
let answers: (string | undefined)[] = [];
let shown: Shown[] = [];

const inputs = quickInputs((input) => {
  shown.push(input);
  return answers.shift();
});
const document = {
  uri: { toString: () => "file:///prompts.py", path: "/prompts.py" },
  languageId: "python",
  getText: () => text,
  offsetAt: (offset: number) => offset,
};
const values = new PlaceholderValues({ get: () => undefined, update: () => Promise.resolve() });
const prompts = new PromptRegister(values);
const host = {
  vs: {
    QuickInputButtons: inputs.QuickInputButtons,
    workspace: { textDocuments: [document] },
    window: {
      createInputBox: inputs.createInputBox,
      createQuickPick: inputs.createQuickPick,
      get activeTextEditor() {
        return { document, selection, selections: [selection] };
      },
    },
  },
  chosen: { resolve: () => Promise.resolve() },
  settings: () => ({ promptScope: "auto" }),
  notices: { hint: () => undefined },
  reading: () => reading,
  prompts,
  values,
  store,
  runner,
  supervisor,
} as unknown as Host;
const handlers = commandHandlers(host, {} as SessionActions, {} as PanelModule);

function select(part: string): void {
  const start = text.indexOf(part);
  selection = { start, end: start + part.length, active: start };
}

/** What the copied tokens are, and the stretch of the document that is marked for them. */
function copied(): { text: string; prompt: string; marked: string } {
  const { read, span } = store.state.source!;
  const known = prompts.get(read.promptId!)!;
  const places = [span.from, span.to].map((position) => tokenPlaces(read, known)(position)!);
  return {
    text: span.text.trim(),
    prompt: read.text,
    marked: text.slice(places[0]!.start, places[1]!.end).trim(),
  };
}

beforeEach(() => {
  answers = [];
  shown = [];
});
afterAll(() => {
  supervisor.dispose();
});

it("asks for values once, with a way back, and copies the state of a value", async () => {
  select("{country}");
  answers = ["Give Values…", "Spain", BACK, "Italy", ""];
  await handlers.copyState();
  expect(shown.map(({ title }) => title)).toEqual(
    ["(1/3)", "(2/3)", "(3/3)", "(2/3)", "(3/3)"].map((step) => `Placeholders of prompts.py:1 ${step}`),
  );
  expect(copied()).toEqual({
    text: "Italy",
    prompt: "The capital of Italy is\n{city}",
    marked: "{country}",
  });
  expect(bench.panel((id) => prompts.get(id)).source!.writing).toEqual({
    form: "string",
    text: "The capital of Italy is\n{city}",
    placeholders: [
      { name: "{country}", value: "Italy" },
      { name: "{city}", value: null },
    ],
  });
  await handlers.copyState();
  expect(shown, "nothing is asked twice").toHaveLength(5);
});

it("copies nothing when the user leaves, and takes a text as written when told so", async () => {
  store.clear();
  select("one");
  answers = [undefined];
  await handlers.copyState();
  expect(store.state.source).toBeNull();
  answers = ["Take as Written"];
  await handlers.copyState();
  expect(copied()).toMatchObject({ text: "one", prompt: "one {country}" });
  await handlers.copyState();
  expect(shown).toHaveLength(2);
});

it("asks again for a template that was edited, and proposes what stood for it", async () => {
  text = text.replace("The capital", "A capital");
  select("capital");
  answers = ["Give Values…", undefined];
  await handlers.copyState();
  expect(shown[1]).toMatchObject({ value: "Italy" });
});

it("makes a copied state out of date when another value is set from the panel", async () => {
  text = text.replace("A capital", "The capital");
  select("The");
  await handlers.copyState();
  expect(shown).toEqual([]);
  answers = ["Give Values…", "Kenya", "Nairobi"];
  await carryOut(host, { type: "setValues", side: "source" });
  const { read } = store.state.source!;
  expect(prompts.get(read.promptId!)!.current!.text).toBe("The capital of Kenya is\nNairobi");
  expect(bench.panel((id) => prompts.get(id)).source!.writing, "not of what was read").toBeUndefined();
});

it("has nothing to set where no placeholder is", async () => {
  text = 'ask("one")';
  select("one");
  await expect(handlers.setValues()).rejects.toThrow(/no placeholder/);
});
