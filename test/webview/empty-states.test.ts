/** The panel where something is missing: each state says what to do next, in every theme; screenshots to look at. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INITIAL_CHOICE } from "../../src/shared/condition/condition-choice.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { chordLabels } from "../../webview/parts/key-label.ts";
import { DEMO_STATE, EMPTY_STATE, STORED_STATE } from "../support/panel/snapshots.ts";
import { faultsInEveryTheme } from "./every-theme.ts";
import { bundleWebview, canRun, openPanel, startBrowser } from "./harness.ts";
import type { Bundle } from "./harness.ts";

const KEYS: NonNullable<PanelState["keys"]> = {
  copyState: { key: "ctrl+k shift+c", mac: "cmd+k shift+c" },
  swapStateHere: { key: "ctrl+k shift+v", mac: "cmd+k shift+v" },
  runCondition: { key: "ctrl+k shift+x", mac: "cmd+k shift+x" },
  runAgain: { key: "ctrl+k shift+r", mac: "cmd+k shift+r" },
};
const NOTHING_RUN = { sweep: null, grid: null, k: null, cell: null } as const;
const CHOSEN: PanelState = { ...DEMO_STATE, ...NOTHING_RUN, keys: KEYS };
const NO_SOURCE: PanelState = { ...CHOSEN, source: null, sentence: [] };
const ofKind = (state: PanelState, kind: "swap" | "zero"): PanelState => ({
  ...state,
  condition: { ...state.condition, choice: { ...INITIAL_CHOICE, kind } },
});

type Command = Extract<PanelIntent, { type: "command" }>["command"];

/** A state, what it says, and its buttons with what they do. */
interface Case {
  readonly name: string;
  readonly state: PanelState;
  readonly says: readonly RegExp[];
  readonly buttons: Readonly<Record<string, Command>>;
  /** Buttons that cannot be pressed yet. */
  readonly disabled?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "nothing",
    state: { ...EMPTY_STATE, keys: KEYS },
    says: [
      /Select Italy in one prompt: ◆ Copy State Ctrl\+K\s*Shift\+C/,
      /Swap State Here Ctrl\+K\s*Shift\+V/,
    ],
    buttons: {
      "Run Demo": "runDemo",
      "Open a Prompt…": "openPrompt",
      "Open Samples…": "openSamples",
      "Show the walkthrough": "openWalkthrough",
    },
  },
  {
    name: "source-only",
    state: { ...CHOSEN, target: null, sentence: [] },
    says: [
      /Nothing to replace yet: select a word in a prompt and run Swap State Here\. Ctrl\+K\s*Shift\+V/,
      /No result yet\. A run needs a target first\./,
      /It needs a target first\./,
    ],
    buttons: {},
    disabled: ["Run", "Run Grid"],
  },
  {
    name: "no-source",
    state: NO_SOURCE,
    says: [
      /No state copied yet: select a word in a prompt and run Copy State\. Ctrl\+K\s*Shift\+C/,
      /No result yet\. A swap needs a source: Run asks for one\./,
      /It needs a source first\./,
    ],
    buttons: { "Choose Source…": "chooseSource", Run: "runSweep" },
    disabled: ["Run Grid"],
  },
  {
    name: "no-prompt-for-condition",
    state: ofKind({ ...CHOSEN, target: null, sentence: [] }, "zero"),
    says: [/No prompt yet: put the cursor in one and run Run Condition…\. Ctrl\+K\s*Shift\+X/],
    buttons: {},
    disabled: ["Run"],
  },
  {
    name: "no-results",
    state: CHOSEN,
    says: [
      /No result yet\. Run replaces the states before each layer of the range: 30 patched runs\. Ctrl\+K\s*Shift\+R/,
      /shows where the answer is decided: 780 patched runs\./,
    ],
    buttons: { Run: "runSweep", "Run Grid": "runGrid" },
  },
  {
    name: "no-grid",
    state: { ...DEMO_STATE, grid: null, cell: null },
    says: [/shows where the answer is decided: 780 patched runs\./],
    buttons: { "Run Grid": "runGrid" },
  },
  {
    name: "stored",
    state: STORED_STATE,
    says: [/Stored result of the demo\. Nothing has run on this machine yet\./],
    buttons: { "Run It Live": "runDemo" },
  },
  {
    name: "failed-model",
    state: { ...CHOSEN, model: { ...DEMO_STATE.model, name: "broken.gguf", status: "failed" } },
    says: [/broken\.gguf could not be opened\. Choose another model, or read in the log/],
    buttons: { "Select Model": "selectModel", "Show Log": "showLog" },
  },
  {
    name: "restricted",
    state: { ...EMPTY_STATE, restricted: true, keys: KEYS },
    says: [/Restricted Mode\. This workspace is not trusted: only the embedded model runs in it\./],
    buttons: { "Manage Trust…": "manageTrust", "Run Demo": "runDemo" },
  },
];

describe.skipIf(!canRun())("the panel where something is missing", () => {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each(CASES)(
    "says what to do next, and does it: $name",
    async ({ state, says, buttons, disabled = [] }) => {
      const panel = await openPanel(browser, bundle, { state });
      const text = (await panel.page.locator("main.panel").innerText()).replaceAll(/\s+/g, " ");
      for (const said of says) expect(text).toMatch(said);
      for (const [name, command] of Object.entries(buttons)) {
        await panel.page.getByRole("button", { name, exact: true }).click();
        expect(await panel.newIntents(), name).toEqual([{ type: "command", command }]);
      }
      for (const name of disabled) {
        expect(await panel.page.getByRole("button", { name, exact: true }).isDisabled(), name).toBe(true);
      }
      await panel.close();
    },
  );

  it("names no keys when the user wants none", async () => {
    const panel = await openPanel(browser, bundle, {});
    for (const { state } of CASES) {
      const without = Object.fromEntries(Object.entries(state).filter(([name]) => name !== "keys"));
      await panel.send(without as unknown as PanelState);
      expect(await panel.page.locator("kbd").count()).toBe(0);
    }
    await panel.close();
  });

  it("does not speak of a failed model twice", async () => {
    const error = { code: "not-a-model", message: "It is no model.", hint: "" } as const;
    const state: PanelState = { ...CHOSEN, model: { ...DEMO_STATE.model, status: "failed" }, error };
    const panel = await openPanel(browser, bundle, { state });
    expect(await panel.page.locator(".notice.error").count()).toBe(1);
    await panel.send({ ...state, error: null });
    expect(await panel.page.locator(".notice.error").innerText()).toContain("could not be opened");
    await panel.close();
  });

  describe.each([250, 400])("at %d px", (width) => {
    it.concurrent.each(CASES)(
      "breaks no rule of axe and cuts nothing off in any theme: $name",
      async ({ name, state }) => {
        const panel = await openPanel(browser, bundle, { width, height: 600, state });
        expect(await faultsInEveryTheme(panel, `empty/${name}-*-${width}`)).toEqual([]);
        await panel.close();
      },
    );
  });
});

describe("keys", () => {
  it("are written as the platform's menus write them", () => {
    const keys = { key: "ctrl+k shift+up", mac: "cmd+k shift+up" };
    expect(chordLabels(keys, false)).toEqual(["Ctrl+K", "Shift+Up"]);
    expect(chordLabels(keys, true)).toEqual(["⌘K", "⇧↑"]);
  });
});
