/** The panel's box of notes: what is so, what helps, and the button that leaves one BOS token. */
import { describe, expect, it } from "vitest";
import type { Note } from "../../src/shared/experiment/notes.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { SessionView } from "../../src/shared/protocol/session-page.ts";
import { keepOneBosLabel, noteAdvice, noteParts } from "../../src/shared/words/notes.ts";
import { textOf } from "../../src/shared/words/parts.ts";
import { DEMO_STATE, STREAMING_STATE } from "../support/panel/snapshots.ts";
import { violations } from "../support/axe.ts";
import type { Panel } from "./harness.ts";
import { canRun, usePanels } from "./harness.ts";

const TWO_BOS: Note = { code: "two-bos", side: "target", token: "<s>" };
const LENGTHS: Note = {
  code: "lengths-differ",
  side: "target",
  answer: "Paris and Rome",
  tokens: 3,
  found: 1,
};
const NOT_GIVEN: Note = { code: "target-answer-not-baseline", answer: "Lyon", baseline: " Paris" };

function noted(state: PanelState, sweep: readonly Note[], grid: readonly Note[] = []): PanelState {
  return { ...state, sweep: { ...state.sweep!, notes: sweep }, grid: { ...state.grid!, notes: grid } };
}

describe.skipIf(!canRun())("notes", () => {
  const open = usePanels();
  const show = (state: PanelState): Promise<Panel> => open({ state });
  const boxes = ({ page }: Panel): ReturnType<Panel["page"]["locator"]> => page.getByRole("note");
  const keepOne = ({ page }: Panel): ReturnType<Panel["page"]["locator"]> =>
    page.locator("vscode-button, button", { hasText: keepOneBosLabel() });

  it("take no room where there are none", async () => {
    const panel = await show(DEMO_STATE);
    expect(await panel.page.locator(".notes").count()).toBe(0);
    expect(await keepOne(panel).count()).toBe(0);
  });

  it("stand one a paragraph with what helps, answers in the colour of their side", async () => {
    const notes = [LENGTHS, NOT_GIVEN];
    const panel = await show(noted(DEMO_STATE, notes));
    const said = await boxes(panel).locator("p").allInnerTexts();
    expect(said.map((text) => text.trim())).toEqual(
      notes.map((note) => `${textOf(noteParts(note))} ${noteAdvice(note)}`.trim()),
    );
    expect(await boxes(panel).locator(".target-text").first().innerText()).toBe("'Paris␣and␣Rome'");
    expect(await keepOne(panel).count()).toBe(0);
    expect(await violations(panel.page)).toEqual([]);
  });

  it("of a grid stand with the grid", async () => {
    const panel = await show(noted(DEMO_STATE, [], [NOT_GIVEN]));
    expect(await panel.page.locator(".section-grid .notes").innerText()).toBe(textOf(noteParts(NOT_GIVEN)));
    expect(await boxes(panel).count()).toBe(1);
  });

  it("offer to keep one BOS token where there are two, by one click", async () => {
    const panel = await show(noted(DEMO_STATE, [TWO_BOS, LENGTHS]));
    await keepOne(panel).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "keepOneBos" }]);
  });

  it("offer nothing while something runs", async () => {
    const panel = await show(noted(STREAMING_STATE, [TWO_BOS]));
    await keepOne(panel).click({ force: true });
    expect(await panel.newIntents()).toEqual([]);
    await panel.send(noted(DEMO_STATE, [TWO_BOS]));
    await keepOne(panel).click();
    expect(await panel.newIntents()).toHaveLength(1);
  });

  it("of a stored session say what is so, and offer nothing", async () => {
    const panel = await open({ width: 1000, view: "session" });
    const view: SessionView = {
      file: "noted.swap.json",
      panel: noted(DEMO_STATE, [TWO_BOS, LENGTHS]),
      facts: [],
      damage: null,
      rerun: null,
      progress: null,
      error: null,
    };
    await panel.sendMessage({ type: "session", view });
    const said = await boxes(panel).locator("p").allInnerTexts();
    expect(said.map((text) => text.trim())).toEqual(
      [TWO_BOS, LENGTHS].map((note) => textOf(noteParts(note))),
    );
    expect(await keepOne(panel).count()).toBe(0);
  });
});
