/** Stored sessions in a browser: to be looked at and never changed, told apart when damaged, compared two at a time. */
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type {
  ComparisonView,
  DifferenceView,
  RerunView,
  SessionIntent,
  SessionView,
} from "../../src/shared/protocol/session-page.ts";
import { sessionIntentSchema } from "../../src/shared/protocol/session-page.ts";
import { violations } from "../support/axe.ts";
import { BESIDE_STATE, DEMO_STATE, RANDOM_STATE, TROUBLED_STATE } from "../support/panel/snapshots.ts";
import type { Panel, PanelOptions } from "./harness.ts";
import { canRun, outputFolder, THEMES, usePanels } from "./harness.ts";

const FACTS = ["sha256 0f1e2d3c4b5a", "24 November 2026", "State Swap 0.1.0"];

function sessionView(panel: PanelState | null, part: Partial<SessionView> = {}): SessionView {
  return {
    file: "france-italy-swap.swap.json",
    panel,
    facts: FACTS,
    damage: null,
    rerun: null,
    progress: null,
    error: null,
    ...part,
  };
}

const DAMAGE = {
  message: "Line 12, column 7: the file ends in the middle of a value.",
  hint: "Open it as text, or take an older version of it.",
};

const DIFFERING: RerunView = {
  summary: "3 of 390 values differ beyond 1e-3.",
  isSame: false,
  lines: [
    { place: "sweep, k = 17", quantity: "outcome", stored: "target", now: "source" },
    { place: "sweep, k = 17", quantity: "log p(target)", stored: "−0.412", now: "−0.911" },
  ],
  more: 1,
};

/** B − A where B is the demo with all numbers of k ≥ 10 moved by 0.5. */
function differenceOf({ grid }: PanelState): DifferenceView {
  const { columns, layers } = grid!;
  const ks = Array.from({ length: layers.to - layers.from + 1 }, (_, index) => layers.from + index);
  return {
    quantity: "Logit difference",
    towards: "source",
    layers,
    values: columns.map((_, position) => ks.map((k) => (k < 10 ? 0 : position % 2 === 0 ? 0.5 : -0.25))),
    changed: columns.map((_, position) => ks.map((k) => position === 3 && k === 12)),
    extent: 0.5,
  };
}

function comparisonView(second: PanelState | null, map: DifferenceView | null): ComparisonView {
  const isDamaged = second === null;
  return {
    files: ["file:///first.swap.json", "file:///second.swap.json"],
    sides: [
      { file: "first.swap.json", panel: DEMO_STATE, facts: FACTS, damage: null },
      { file: "second.swap.json", panel: second, facts: FACTS, damage: isDamaged ? DAMAGE : null },
    ],
    names: ["A (Swap)", "B (Random ×5)"],
    map,
    finding: map ? "The same prompt. A (Swap) flips at k 24, B (Random ×5) at k 28." : "Two prompts.",
    notes: map
      ? ["Asked the same."]
      : ["The prompts differ, so that no cell of one has its like in the other."],
  };
}

/** Presses whatever can be pressed, by mouse and by keyboard. */
async function pressEverything({ page }: Panel): Promise<void> {
  // Headings of sections only fold what is to be pressed next.
  const pressable =
    "main button:not(h2 button, .setup-row *), main vscode-button:not(.setup-row *), main .chip, main [tabindex='0']";
  await page.locator(".strip-cell").first().waitFor();
  // The elements themselves: by number they would be others as soon as a press brings one up, or takes one away.
  for (const element of await page.locator(pressable).elementHandles()) {
    if (!(await element.isVisible())) continue;
    await element.click({ force: true });
    for (const key of ["Enter", "Space", "ArrowRight", "Shift+ArrowRight", "Escape"])
      await page.keyboard.press(key);
  }
}

describe.skipIf(!canRun())("stored sessions", () => {
  const open = usePanels();
  const showSession = async (view: SessionView, options: PanelOptions = {}): Promise<Panel> => {
    const panel = await open({ width: 1000, setup: true, ...options, view: "session" });
    await panel.sendMessage({ type: "session", view });
    return panel;
  };
  const showComparison = async (view: ComparisonView, options: PanelOptions = {}): Promise<Panel> => {
    const panel = await open({ width: 1200, ...options, view: "comparison" });
    await panel.sendMessage({ type: "comparison", view });
    return panel;
  };
  const intents = async (panel: Panel): Promise<SessionIntent[]> =>
    (await panel.messages())
      .map((message) => v.parse(sessionIntentSchema, message))
      .filter(({ type }) => type !== "ready");

  it("show what the panel shows: chips, strip, lens, heatmap, answers, controls, continuations", async () => {
    const { page } = await showSession(sessionView(BESIDE_STATE));
    expect(await page.locator(".chips.target .chip.chosen").allInnerTexts()).toEqual(["★␣France"]);
    expect(
      await page.locator(".section-layers .layers > .plot-row .strip-cell").count(),
    ).toBeGreaterThanOrEqual(30);
    for (const part of [
      ".heat canvas",
      ".verdict",
      ".facts-line",
      ".answers-line",
      ".section-controls .control-run",
      ".said",
    ])
      expect(await page.locator(part).count(), part).toBeGreaterThan(0);
    expect(await page.locator(".session-head").innerText()).toContain("france-italy-swap.swap.json");
    expect(await page.locator(".session-head").innerText()).toContain("sha256 0f1e2d3c4b5a");
  });

  it.each([
    ["a swap with everything beside it", BESIDE_STATE],
    ["noise with seeds", RANDOM_STATE],
    ["an incomplete result", TROUBLED_STATE],
  ] as const)("cannot be changed: no control of %s runs or chooses anything", async (_, state) => {
    const panel = await showSession(sessionView({ ...state, error: null, progress: null }));
    const { page } = panel;
    const words = await page.locator("main button, main vscode-button").allInnerTexts();
    for (const word of words) {
      expect(word, "a button that changes or runs something").not.toMatch(
        /run|change|choose|continue|attention|dismiss/i,
      );
    }
    expect(await page.locator("vscode-text-field").count()).toBe(0);
    expect(await page.getByRole("radio").count()).toBe(0);
    expect(await page.locator(".layer-handle").count()).toBe(0);
    await pressEverything(panel);
    expect(await intents(panel)).toEqual([]);
  });

  it("differ in this from the panel, where the same presses change and run things", async () => {
    const panel = await open({ width: 1000, setup: true, state: BESIDE_STATE });
    await pressEverything(panel);
    for (const type of ["setPositions", "setLayers", "command", "stepTo"])
      await expect.poll(async () => (await panel.intents()).map((intent) => intent.type)).toContain(type);
  });

  it("are stepped through and locked without the host, and keep that when hidden", async () => {
    const view = sessionView(DEMO_STATE);
    const panel = await showSession(view);
    const { page } = panel;
    await page.locator(".section-layers .strip").first().focus();
    await page.keyboard.press("Home");
    expect(await page.getByRole("heading", { name: "Answers at k = 0" }).count()).toBe(1);
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const locked = await page.getByRole("gridcell").innerText();
    expect(locked).toContain("locked");
    await page.reload();
    await panel.sendMessage({ type: "session", view });
    expect(await page.locator(".cell-line .lock-tag").count()).toBe(1);
    expect(await intents(panel)).toEqual([]);
  });

  it("say what is wrong with a damaged file, and open it as text", async () => {
    const panel = await showSession(sessionView(null, { damage: DAMAGE, facts: [] }));
    const alert = panel.page.getByRole("alert");
    expect(await alert.innerText()).toContain(DAMAGE.message);
    expect(await alert.innerText()).toContain(DAMAGE.hint);
    expect(await panel.page.locator(".section").count()).toBe(0);
    await alert.getByRole("button", { name: "Open as Text" }).click();
    expect(await intents(panel)).toEqual([{ type: "command", command: "openAsText" }]);
    await panel.page.screenshot({ path: join(outputFolder, "session-damaged-1000.png") });
  });

  it("list what a run again gave differently, and save it only when told", async () => {
    const panel = await showSession(sessionView(DEMO_STATE, { rerun: DIFFERING }));
    const notice = panel.page.getByRole("region", { name: "Run again, compared" });
    expect(await notice.innerText()).toContain("3 of 390 values differ beyond 1e-3.");
    expect(await notice.locator("tbody tr").count()).toBe(2);
    expect(await notice.innerText()).toContain("And 1 more");
    await notice.getByRole("button", { name: "Save New Result…" }).click();
    await notice.getByRole("button", { name: "Dismiss" }).click();
    expect(await intents(panel)).toEqual([
      { type: "command", command: "saveResult" },
      { type: "command", command: "dismissResult" },
    ]);
  });

  it("are compared: both sides, one metric, and the map with numbers under the pointer", async () => {
    const panel = await showComparison(comparisonView(DEMO_STATE, differenceOf(DEMO_STATE)), {
      height: 1500,
    });
    const { page } = panel;
    expect(await page.locator(".sides .heat").count()).toBe(2);
    expect(await page.locator(".sides .strip").count()).toBe(2);
    const map = page.getByRole("grid", { name: "Difference map, tokens by k" });
    await map.focus();
    await page.keyboard.press("Control+Home");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
    expect(await map.getByRole("gridcell").innerText()).toMatch(
      /k 12, token 3, .*difference −0\.25, the answers differ/,
    );
    expect(await page.locator(".difference .cell-line").innerText()).toMatch(
      /@3 · k 12 → −0\.25 · the answers differ/,
    );
    // The same cell is pointed at on both sides.
    for (const line of await page.locator(".sides .cell-line").allInnerTexts())
      expect(line).toContain("@3 · k 12");
    await map.locator("canvas").hover({ position: { x: 5, y: 8 } });
    expect(await page.locator(".difference .cell-line").innerText()).toMatch(
      /@0 · k 0 → 0 · the same answer/,
    );
    expect(await page.locator(".difference").innerText()).toContain("1 of 780");
  });

  it("have their sweeps in one plot: strips under each other, both curves, both flips", async () => {
    const view = comparisonView(RANDOM_STATE, differenceOf(DEMO_STATE));
    const { page } = await showComparison(view, { height: 1500 });
    const both = page.getByRole("region", { name: "Both sweeps" });
    expect(await both.locator(".both-key").innerText()).toMatch(/A \(Swap\)\s+B \(Random ×5\)/);
    expect(await both.locator(".strip").count()).toBe(2);
    expect(await both.locator(".curve .curve-other.compared polyline").count()).toBe(1);
    expect(await both.locator(".curve .flip-line, .curve .other-flip.compared").count()).toBe(2);
    expect(await both.locator(".axis .flip-at").allInnerTexts()).toEqual([
      "24",
      String(RANDOM_STATE.sweep!.flip!.k),
    ]);
    expect(await page.locator(".comparison-finding").innerText()).toContain("A (Swap) flips at k 24");
    const scales = async (): Promise<string[]> => both.locator(".curve-labels .dim").allInnerTexts();
    const before = await scales();
    await both.locator("vscode-dropdown").click();
    await both.getByRole("option", { name: "Rank", exact: true }).click();
    expect(await scales()).not.toEqual(before);
    await page.screenshot({ path: join(outputFolder, "comparison-curves-1200.png") });
    const other = { ...RANDOM_STATE, sweep: { ...RANDOM_STATE.sweep!, answers: null } };
    const apart = await showComparison(comparisonView(other, null));
    expect(await apart.page.locator(".both").count(), "what measures another answer").toBe(0);
  });

  it("step through k together", async () => {
    const { page } = await showComparison(comparisonView(BESIDE_STATE, differenceOf(DEMO_STATE)));
    await page.getByRole("slider", { name: "Sweep of A, step through k" }).focus();
    await page.keyboard.press("Home");
    const values = await page
      .getByRole("slider")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-valuenow")));
    expect(values).toEqual(["0", "0"]);
  });

  it("of different prompts stand side by side with the reason why there is no map", async () => {
    const { page } = await showComparison(comparisonView(RANDOM_STATE, null));
    expect(await page.locator(".difference").count()).toBe(0);
    expect(await page.locator(".comparison-head").innerText()).toContain("The prompts differ");
  });

  it("show the sound one beside a damaged one", async () => {
    const panel = await showComparison(comparisonView(null, null));
    expect(await panel.page.locator(".sides .strip").count()).toBe(1);
    await panel.page.getByRole("button", { name: "Open as Text" }).click();
    expect(await intents(panel)).toEqual([{ type: "openSideAsText", side: 1 }]);
  });

  for (const theme of THEMES) {
    it(`breaks no accessibility rule in ${theme}`, async () => {
      const session = await showSession(sessionView(BESIDE_STATE, { rerun: DIFFERING }), {
        theme,
        height: 1400,
      });
      expect(await violations(session.page), "session").toEqual([]);
      await session.page.screenshot({ path: join(outputFolder, `session-${theme}-1000.png`) });
      const damaged = await showSession(sessionView(null, { damage: DAMAGE, facts: [] }), { theme });
      expect(await violations(damaged.page), "damaged").toEqual([]);
      const view = comparisonView(BESIDE_STATE, differenceOf(DEMO_STATE));
      const comparison = await showComparison(view, { theme, height: 1700 });
      await comparison.page.getByRole("grid", { name: "Difference map, tokens by k" }).focus();
      expect(await violations(comparison.page), "comparison").toEqual([]);
      await comparison.page.screenshot({ path: join(outputFolder, `comparison-${theme}-1200.png`) });
    });
  }

  it("fit narrow columns", async () => {
    for (const width of [300, 420, 700]) {
      const panel = await showComparison(comparisonView(BESIDE_STATE, differenceOf(DEMO_STATE)), { width });
      const over = await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, `${width}`).toBeLessThanOrEqual(0);
    }
  });
});
