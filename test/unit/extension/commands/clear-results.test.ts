/** Clear Results takes one prompt's result away; Clear All Results takes all, and Undo brings them back. */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { AT_CURSOR } from "../../../../src/extension/ask/intervention-at-hand.ts";
import { commandHandlers } from "../../../../src/extension/commands/handlers.ts";
import type { Host } from "../../../../src/extension/host.ts";
import type { Intervention } from "../../../../src/extension/interventions/records.ts";
import { newIntervention } from "../../../../src/extension/interventions/make-intervention.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import { addressed, promptAt, toRead } from "../../../../src/extension/prompt/editor-prompts.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import { readPrompt } from "../../../../src/extension/prompt/read-prompt.ts";
import type { PanelModule } from "../../../../src/extension/panel/module.ts";
import type { SessionActions } from "../../../../src/extension/sessions/module.ts";
import { Bench, reading } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, supervisor } = bench;
const texts = {
  a: "The capital of France is\n\nThe capital of Spain is",
  b: "The capital of Italy is",
};
const documents = Object.entries(texts).map(([name, text]) => ({
  uri: { toString: () => `file:///${name}.txt`, path: `/${name}.txt` },
  languageId: "plaintext",
  getText: () => text,
  offsetAt: (offset: number) => offset,
}));
let cursor = 0;
let cancelled: (number | undefined)[] = [];
let offered: string[] = [];
let pressesUndo = false;
let prompts = new PromptRegister();

const host = {
  vs: {
    window: {
      get activeTextEditor() {
        return { document: documents[0], selection: { active: cursor } };
      },
    },
    workspace: { textDocuments: documents },
  },
  settings: () => ({ promptScope: "auto" }),
  notices: {
    offer: (text: string, action: string) => {
      offered.push(`${text} ${action}`);
      return Promise.resolve(pressesUndo);
    },
  },
  runner: { cancel: (id?: number) => cancelled.push(id), cancelAll: () => cancelled.push(undefined) },
  get prompts() {
    return prompts;
  },
  reading: () => reading,
  store,
  supervisor,
} as unknown as Host;
const handlers = commandHandlers(host, {} as SessionActions, {} as PanelModule);

/** A result on the prompt that holds a word; its sweep still runs. */
async function resultOn(at: 0 | 1, word: string): Promise<Intervention> {
  const data = addressed(documents[at] as never);
  const known = prompts.keep(data, promptAt(host, data, data.text.indexOf(word))!);
  const target = await readPrompt(toRead(known), supervisor, () => reading);
  const made = newIntervention({
    id: store.newId(),
    target,
    targets: [],
    source: null,
    align: null,
    setup: INITIAL_SETUP,
  });
  store.put({ ...made, sweep: { state: "running", failure: null } as never });
  return made;
}

beforeEach(() => {
  store.clear();
  prompts = new PromptRegister();
  [cursor, cancelled, offered, pressesUndo] = [0, [], [], false];
});
afterAll(() => {
  supervisor.dispose();
});

describe("Clear Results", () => {
  it("clears the prompt at the cursor and leaves the others, their runs and the panel's result", async () => {
    const france = await resultOn(0, "France");
    const spain = await resultOn(0, "Spain");
    const italy = await resultOn(1, "Italy");
    store.set({ tokens: [france.target, spain.target], shownId: italy.id });
    cursor = texts.a.indexOf("France");
    await handlers.clearResults(AT_CURSOR);
    expect(store.state.interventions.map(({ id }) => id)).toEqual([spain.id, italy.id]);
    expect(store.state.tokens).toEqual([spain.target]);
    expect(store.state.shownId).toBe(italy.id);
    expect(cancelled, "only its own run").toEqual([france.id]);
    expect(prompts.in("file:///a.txt").map(({ id }) => id)).toEqual([spain.target.promptId]);
  });

  it("by its keys says so where the cursor is on nothing of its own; from the panel it clears what is shown", async () => {
    const italy = await resultOn(1, "Italy");
    expect(() => handlers.clearResults(AT_CURSOR)).toThrow(/prompt at the cursor/);
    expect(store.state.interventions).toHaveLength(1);
    await handlers.clearResults(italy.id);
    expect(store.state.interventions).toEqual([]);
  });
});

describe("Clear All Results", () => {
  it("clears all and, undone, brings everything back where its prompts are; a run that was ended is cancelled", async () => {
    const france = await resultOn(0, "France");
    await resultOn(1, "Italy");
    await handlers.clearAllResults();
    expect(store.state.interventions).toEqual([]);
    expect(prompts.all).toEqual([]);
    expect(offered).toEqual(["All results are cleared. Undo"]);

    const spain = await resultOn(0, "Spain");
    pressesUndo = true;
    const many = { run: 1, entries: [] };
    store.set({ many });
    await handlers.clearAllResults();
    expect(store.state.many).toBe(many);
    expect(store.state.interventions.map(({ id }) => id)).toEqual([spain.id]);
    expect(store.state.interventions[0]!.sweep).toMatchObject({
      state: "partial",
      failure: { code: "cancelled" },
    });
    expect(prompts.get(spain.target.promptId!)!.current!.text).toBe("The capital of Spain is");
    expect(france.target.promptId).not.toBeNull();
  });
});
