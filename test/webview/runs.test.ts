/** The list of runs in a real browser: one shown, one compared, by pointer and by keys; pin, remove and undo. */
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { RUNS_STATE } from "../support/panel/snapshots.ts";
import { violations } from "../support/axe.ts";
import { canRun, outputFolder, THEMES, usePanels } from "./harness.ts";
import type { Panel } from "./harness.ts";
import { overflowing } from "./overflow.ts";

/** As the host answers when another run is shown. */
function showing(run: number): PanelState {
  return { ...RUNS_STATE, runs: RUNS_STATE.runs.map((one) => ({ ...one, isShown: one.run === run })) };
}

function row(panel: Panel, name: RegExp): Locator {
  return panel.page.getByRole("radio", { name });
}

describe.skipIf(!canRun())("runs of a prompt", () => {
  const open = usePanels();

  it("are rows that say what came of each, the newest on top; the verdict stays above them", async () => {
    const panel = await open({ width: 300, height: 740, state: RUNS_STATE });
    const names = await panel.page
      .getByRole("radiogroup", { name: "Runs of this prompt" })
      .getByRole("radio")
      .evaluateAll((rows) => rows.map((one) => one.getAttribute("aria-label")));
    expect(names).toEqual([
      expect.stringMatching(/^Random seed 7, Incomplete. The run was cancelled., /),
      expect.stringMatching(/^Random ×5, flip 2\d\/30, /),
      expect.stringMatching(/^Random seed 0, /),
      expect.stringMatching(/^◆ A large wooden table, .*Out of date. The prompt was edited., /),
      "Swap, flip 24/30, pinned, Swap, before layer k",
    ]);
    const verdict = (await panel.page.locator(".verdict").boundingBox())!;
    expect(verdict.y + verdict.height).toBeLessThanOrEqual(200);
    expect(await row(panel, /^Swap,/).getAttribute("aria-checked")).toBe("true");
    // All four in one plot with the shown one; the newest whole one is compared with it unless another is chosen.
    expect(await panel.page.locator(".curve-other").count()).toBe(4);
    expect(await panel.page.locator(".run-row.compared .run-name").textContent()).toBe("Random\u00a0×5");
  });

  it.each([250, 300, 470])("fit a width of %d, with strips and curves on one axis", async (width) => {
    const panel = await open({ width, height: 740, state: RUNS_STATE });
    await panel.page.screenshot({ path: join(outputFolder, `runs-dark-${width}.png`) });
    expect(await overflowing(panel)).toEqual([]);
    const edges = await panel.page
      .locator(".run-strip .strip, .curve, .heat canvas")
      .evaluateAll((plots) => plots.map((plot) => plot.getBoundingClientRect().x));
    expect(Math.max(...edges) - Math.min(...edges)).toBeLessThanOrEqual(1);
    const flips = RUNS_STATE.runs.map(({ flip }) => (flip ? String(flip.k) : "–"));
    expect(await panel.page.locator(".run-row .flip-column").allInnerTexts()).toEqual(flips);
    // No number of the axis lies on another.
    const numbers = await panel.page
      .locator(".layers .axis > *")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).sort((a, b) => a.x - b.x));
    for (const [i, { x }] of numbers.entries())
      if (i > 0) expect(x).toBeGreaterThanOrEqual(numbers[i - 1]!.right);
  });

  it.each(THEMES)("can be told apart in %s, one compared with the shown one", async (theme) => {
    const panel = await open({ theme, width: 470, height: 740, state: RUNS_STATE });
    await row(panel, /^Random seed 0/).click({ modifiers: ["Control"] });
    expect(await panel.page.locator(".run-comparison").innerText()).toMatch(/^Both flip at k 24\. /);
    await row(panel, /^Random ×5/).click({ modifiers: ["Control"] });
    await panel.page.screenshot({ path: join(outputFolder, `runs-${theme}-470.png`) });
    expect(await panel.page.locator(".run-comparison").innerText()).toMatch(
      /^Swap flips at k 24, Random ×5 at k 2\d: \d layers (later|earlier)\. The same outcome at \d+ of 30 layers, another at k [\d–, ]+\.$/,
    );
    expect(await panel.page.locator(".curve-other.compared").count()).toBe(1);
    expect(await panel.page.locator(".other-flip.compared").count()).toBe(1);
    expect(await panel.page.locator(".axis .flip-at").allInnerTexts()).toEqual([
      "24",
      expect.stringMatching(/^2\d$/),
    ]);
    // Noise gives no answer of a source: both have log p(★).
    expect(await panel.page.getByLabel("Metric of the curve").getAttribute("current-value")).toBe("logprob");
    expect(await panel.newIntents()).toEqual([]);
    expect(await violations(panel.page)).toEqual([]);
  });

  it("are shown by a click on name or strip; what was compared changes places with what was shown", async () => {
    const panel = await open({ width: 470, state: RUNS_STATE });
    await panel.page.locator(".run-row").filter({ hasText: "Random seed 0" }).locator(".run-strip").click();
    expect(await panel.newIntents()).toEqual([{ type: "run", run: 3, action: "show" }]);
    await panel.send(showing(3));
    await row(panel, /^Swap/).click({ modifiers: ["Control"] });
    await row(panel, /^Swap/).click();
    await panel.send(showing(1));
    expect(await panel.newIntents()).toEqual([{ type: "run", run: 1, action: "show" }]);
    expect(await panel.page.locator(".run-row.compared .run-name").textContent()).toBe("Random seed\u00a00");
  });

  it("are walked by arrow keys at one tab stop, removed by Delete, and brought back", async () => {
    const panel = await open({ width: 300, state: RUNS_STATE });
    await row(panel, /^Swap/).focus();
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("Home");
    await panel.page.keyboard.press("Delete");
    expect(await panel.newIntents()).toEqual([
      { type: "run", run: 2, action: "show" },
      { type: "run", run: 3, action: "show" },
      { type: "run", run: 5, action: "show" },
      { type: "run", run: 5, action: "remove" },
    ]);
    const focused = await panel.page.evaluate(() => document.activeElement!.getAttribute("aria-label"));
    expect(focused).toMatch(/^Random seed 7/);
    const stops = await panel.page.locator('.run-rows [role="radio"][tabindex="0"]').count();
    expect(stops).toBe(1);
    await panel.send({ ...RUNS_STATE, runs: RUNS_STATE.runs.slice(1), removed: "Random seed 7" });
    await panel.page.getByRole("button", { name: "Undo" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "restoreRun" }]);
  });

  it("are pinned, let go and removed by the buttons of the shown one; compared by the list", async () => {
    const panel = await open({ width: 300, state: RUNS_STATE });
    const pin = panel.page.getByRole("button", { name: "Keep Swap whatever runs again" });
    expect(await pin.getAttribute("aria-pressed")).toBe("true");
    await pin.click();
    await panel.page.getByRole("button", { name: "Remove Swap" }).click();
    expect(await panel.newIntents()).toEqual([
      { type: "run", run: 1, action: "unpin" },
      { type: "run", run: 1, action: "remove" },
    ]);
    await panel.page.getByRole("combobox", { name: "Compare with" }).click();
    await panel.page.getByRole("option", { name: "Random seed 0" }).click();
    expect(await panel.page.locator(".run-row.compared .run-name").textContent()).toBe("Random seed\u00a00");
    await panel.page.getByRole("combobox", { name: "Compare with" }).click();
    await panel.page.getByRole("option", { name: "Compare with…" }).click();
    expect(await panel.page.locator(".run-row.compared, .run-comparison").count()).toBe(0);
  });

  it("fold beyond five, but never the shown one", async () => {
    const many = [1, 2, 3, 4].flatMap((times) =>
      RUNS_STATE.runs.map((run) => ({ ...run, run: run.run + 10 * (5 - times), isShown: false })),
    );
    const state = { ...RUNS_STATE, runs: [...many, ...RUNS_STATE.runs] };
    const panel = await open({ width: 300, state });
    expect(await panel.page.locator(".run-row").count()).toBe(6);
    expect(await panel.page.locator(".run-row").last().innerText()).toContain("Swap");
    await panel.page.getByRole("button", { name: "Show all 25 runs" }).click();
    expect(await panel.page.locator(".run-row").count()).toBe(25);
  });

  it("stand where the last one was removed, with the way back", async () => {
    const panel = await open({
      width: 300,
      state: { ...RUNS_STATE, runs: [], sweep: null, removed: "Swap" },
    });
    expect(await panel.page.locator(".removed-run").innerText()).toBe("Swap was removed. Undo");
  });
});
