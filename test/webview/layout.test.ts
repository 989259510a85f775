/** The verdict first: what is in sight without scrolling, measured in a real browser at the widths of a side bar. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import {
  DEMO_STATE,
  MANY_STATE,
  RUNS_STATE,
  STORED_STATE,
  STREAMING_STATE,
} from "../support/panel/snapshots.ts";
import { violations } from "../support/axe.ts";
import { canRun, outputFolder, THEMES, usePanels } from "./harness.ts";
import type { Panel } from "./harness.ts";
import { brokenWords, cutNumbers, overflowing } from "./overflow.ts";

const CHOSEN: PanelState = { ...DEMO_STATE, k: 24, cell: null };

/** Answers that are sentences. */
const LONG_ANSWERS: PanelState = longAnswers(DEMO_STATE);

function longAnswers({ sweep, grid, ...rest }: PanelState): PanelState {
  const { target, source } = sweep!.answers!;
  const answers = {
    target: { ...target, text: " Paris, on the Seine, the city of light" },
    source: { ...source!, text: " the eternal city of Rome, which was not built in a day" },
  };
  const rows = sweep!.rows.map((row) => ({
    ...row,
    top: row.top.map((token, i) =>
      i === 0 ? { ...token, text: answers[row.outcome === "source" ? "source" : "target"].text } : token,
    ),
  }));
  return { ...rest, sweep: { ...sweep!, answers, rows }, grid: { ...grid!, answers } };
}

interface Edges {
  readonly top: number;
  readonly bottom: number;
}

async function edges(panel: Panel, selector: string): Promise<Edges> {
  const box = await panel.page.locator(selector).first().boundingBox();
  expect(box, selector).not.toBeNull();
  return { top: box!.y, bottom: box!.y + box!.height };
}

describe.skipIf(!canRun())("the panel's first screen", () => {
  const open = usePanels();

  it.each([250, 300, 470])("ends its verdict within 200 px at a width of %d", async (width) => {
    const panel = await open({ width, height: 740, state: CHOSEN });
    await panel.page.screenshot({ path: join(outputFolder, `first-screen-dark-${width}.png`) });
    const verdict = await edges(panel, ".verdict");
    expect(verdict.bottom).toBeLessThanOrEqual(200);
    expect(await panel.page.locator(".verdict").innerText()).toMatch(
      /^Flips at layer 24 of 30\s+◆ Rome k.0–23\s+★ Paris k.24–29/,
    );
    expect((await edges(panel, ".model-line")).bottom - (await edges(panel, ".model-line")).top).toBeLessThan(
      34,
    );
    expect(await overflowing(panel)).toEqual([]);
  });

  it.each(THEMES)(
    "shows model, swap, verdict, strip, curve, map and answers at 300 × 740 in %s",
    async (theme) => {
      const panel = await open({ theme, width: 300, height: 740, state: CHOSEN });
      await panel.page.screenshot({ path: join(outputFolder, `first-screen-${theme}-300.png`) });
      const foot = await edges(panel, ".foot");
      expect(foot.bottom).toBeLessThanOrEqual(740);
      const inOrder = [".model-line", ".setup-row", ".verdict", ".strip", ".curve", ".heat", ".answers ol"];
      let above = 0;
      for (const selector of inOrder) {
        const { top, bottom } = await edges(panel, selector);
        expect(top, selector).toBeGreaterThanOrEqual(above);
        expect(bottom, selector).toBeLessThanOrEqual(foot.top);
        above = top;
      }
      // At least seven rows of the map, and the ★ row among them.
      const heat = await edges(panel, ".heat");
      expect(heat.bottom - heat.top).toBeGreaterThan(7 * 15 + 20);
      const star = await edges(panel, ".heat-label.chosen");
      expect(star.bottom).toBeLessThanOrEqual(heat.bottom - 20);
      expect(await panel.page.evaluate(() => window.scrollY)).toBe(0);
    },
  );

  it("has every row of the map in sight at 300 × 740: those that change nothing are folded", async () => {
    const panel = await open({ width: 300, height: 740, state: CHOSEN });
    const heat = panel.page.locator(".heat");
    expect(await heat.evaluate((map) => map.scrollHeight - map.clientHeight)).toBe(0);
    expect((await heat.boundingBox())!.y + (await heat.boundingBox())!.height).toBeLessThan(740);
  });

  it.each([250, 300, 470])("cuts no name of a metric in its closed list at a width of %d", async (width) => {
    const columns = DEMO_STATE.grid!.columns.map((column) => ({
      ...column!,
      klToBaseline: column!.argmax.map(() => 1),
    }));
    const panel = await open({ width, state: { ...CHOSEN, grid: { ...DEMO_STATE.grid!, columns } } });
    for (const name of ["Metric of the curve", "Metric of the heatmap"]) {
      const list = panel.page.getByRole("combobox", { name });
      const count = await list.locator("vscode-option").count();
      expect(count).toBeGreaterThan(4);
      for (let i = 0; i < count; i++) {
        await list.press(i === 0 ? "Home" : "ArrowDown");
        const cut = await list.evaluate((element) => {
          const shown = element.shadowRoot!.querySelector<HTMLElement>(".selected-value")!;
          return shown.scrollWidth - shown.clientWidth;
        });
        expect(cut, `${name}, ${i}`).toBeLessThanOrEqual(0);
      }
    }
  });

  it.each([250, 300])("keeps the next run on one line at a width of %d", async (width) => {
    const condition = {
      ...DEMO_STATE.condition,
      choice: { ...DEMO_STATE.condition.choice, kind: "skip-attention" as const },
    };
    const sweep = { ...DEMO_STATE.sweep!, kind: "skip-attention" as const };
    const panel = await open({ width, state: { ...CHOSEN, condition, sweep } });
    const { top, bottom } = await edges(panel, ".setup-row");
    expect(bottom - top).toBeLessThan(38);
    expect(await overflowing(panel)).toEqual([]);
  });

  it("has one main button where a notice has one, and at most two buttons against an error", async () => {
    const error = {
      code: "engine-crashed" as const,
      message: "The engine process ended unexpectedly.",
      hint: "Run it again.",
    };
    for (const state of [STORED_STATE, { ...CHOSEN, error }]) {
      const panel = await open({ width: 300, height: 740, state });
      expect(await panel.page.locator('vscode-button[appearance="primary"]').count()).toBe(1);
    }
    const panel = await open({ width: 300, height: 740, state: { ...CHOSEN, error } });
    await panel.page.screenshot({ path: join(outputFolder, "error-dark-300.png") });
    const tops = await panel.page
      .locator(".notice.error vscode-button")
      .evaluateAll((all) => all.map((button) => button.getBoundingClientRect().y));
    expect(tops).toHaveLength(2);
    expect(new Set(tops).size).toBe(1);
  });

  it("leaves the set-up closed where a state was just copied: the next step is in the editor", async () => {
    const copied = { text: "␣Spain", label: "notes.md:9" };
    const panel = await open({
      width: 300,
      state: { ...DEMO_STATE, sweep: null, grid: null, cell: null, copied },
    });
    expect(await panel.page.locator("#setup").isVisible()).toBe(false);
    await panel.page.locator(".setup-toggle").click();
    expect(await panel.page.locator("#setup").isVisible()).toBe(true);
  });

  it.each([
    ["result", CHOSEN],
    ["runs", RUNS_STATE],
    ["many", MANY_STATE],
    ["unrun", { ...DEMO_STATE, sweep: null, grid: null, cell: null }],
  ] as const)("holds all of itself at a zoom of 150 % in a view of 300 px, $0", async (name, state) => {
    const panel = await open({ width: 200, height: 493, ratio: 1.5, state });
    await panel.page.screenshot({ path: join(outputFolder, `zoom-150-${name}.png`), fullPage: true });
    expect(await overflowing(panel)).toEqual([]);
    expect(await brokenWords(panel)).toEqual([]);
    expect(await cutNumbers(panel)).toEqual([]);
  });

  it("puts the answers under the map in two columns from 800 px on", async () => {
    const panel = await open({ width: 800, height: 900, state: CHOSEN });
    await panel.page.screenshot({ path: join(outputFolder, "first-screen-dark-800.png") });
    const [map, answers] = [panel.page.locator(".section-grid"), panel.page.locator(".section-answers")];
    const [above, below] = [(await map.boundingBox())!, (await answers.boundingBox())!];
    expect(below.x).toBe(above.x);
    expect(below.x).toBeGreaterThan(300);
    expect(below.y).toBeGreaterThanOrEqual(above.y + above.height - 1);
  });

  it.each([250, 300])("shows the whole word that changes a model of a long name at %d px", async (width) => {
    const model = { ...DEMO_STATE.model, name: "SmolLM2-135M-Instruct.Q4_1", status: "closed" as const };
    const panel = await open({ state: { ...DEMO_STATE, model }, width });
    const change = panel.page.locator(".change-model");
    expect(await change.evaluate((button) => button.scrollWidth - button.clientWidth)).toBe(0);
    expect(await overflowing(panel)).toEqual([]);
  });

  it("has one button that runs, whose word says what", async () => {
    const panel = await open({ width: 300, state: { ...DEMO_STATE, sweep: null, grid: null, cell: null } });
    const button = panel.page.locator(".setup-row vscode-button");
    const { condition } = DEMO_STATE;
    const random = { ...condition, choice: { ...condition.choice, kind: "random" as const } };
    expect(await button.innerText()).toBe("Run");
    await button.click();
    await panel.send(DEMO_STATE);
    expect(await button.innerText()).toBe("Run Again");
    await panel.send({ ...DEMO_STATE, condition: random });
    expect(await button.innerText()).toBe("Run Random");
    await panel.send(STREAMING_STATE);
    await expect.poll(() => button.innerText()).toBe("Cancel");
    expect(await panel.page.getByRole("button", { name: "Cancel" }).count()).toBe(1);
    await button.click();
    expect(await panel.newIntents()).toEqual([
      { type: "command", command: "runSweep" },
      { type: "command", command: "cancel" },
    ]);
  });

  it("opens the set-up until the first result, and on demand", async () => {
    const panel = await open({ width: 300, state: { ...DEMO_STATE, sweep: null, grid: null, cell: null } });
    const chips = panel.page.locator(".chips");
    expect(await chips.count()).toBe(2);
    await panel.send(DEMO_STATE);
    expect(await chips.count()).toBe(0);
    await panel.page.locator(".setup-toggle").click();
    expect(await chips.count()).toBe(2);
    await panel.page.screenshot({ path: join(outputFolder, "setup-dark-300.png"), fullPage: true });
    // Whoever runs wants to see what comes of it.
    await panel.page.getByRole("button", { name: "Run Again" }).click();
    expect(await chips.count()).toBe(0);
  });

  it.each(THEMES)("shows a copied state at once, the result below it aside, in %s", async (theme) => {
    const copied = { text: "␣Spain", label: "notes.md:9" };
    const panel = await open({ theme, width: 300, height: 740, state: { ...CHOSEN, copied } });
    await panel.page.screenshot({ path: join(outputFolder, `copied-${theme}-300.png`) });
    expect(await panel.page.locator(".notice.copied").innerText()).toMatch(
      /^◆ ␣Spain copied from notes.md:9. Select a token, then Swap State Here/,
    );
    expect(await panel.page.locator(".setup-words").innerText()).toMatch(/◆␣Spain\s*→\s*select a word/);
    expect(await panel.page.locator(".strip").evaluate((strip) => getComputedStyle(strip).opacity)).toBe(
      "0.45",
    );
    expect(await violations(panel.page)).toEqual([]);
  });

  it("says whose the result is while another file is looked at, and shows its prompt on demand", async () => {
    const elsewhere = { file: "notes.md", label: "capitals.txt:3" };
    const panel = await open({ width: 300, height: 740, state: { ...DEMO_STATE, elsewhere } });
    await panel.page.screenshot({ path: join(outputFolder, "elsewhere-dark-300.png") });
    const notice = panel.page.locator(".notice.elsewhere");
    expect(await notice.innerText()).toBe("No result in notes.md yet. Below is that of capitals.txt:3");
    expect(await panel.page.locator(".strip").evaluate((strip) => getComputedStyle(strip).opacity)).toBe(
      "0.45",
    );
    await notice.getByRole("button").click();
    expect(await panel.newIntents()).toEqual([{ type: "reveal", side: "target", position: 21 }]);
    await panel.send(DEMO_STATE);
    expect(await notice.count()).toBe(0);
  });

  it("closes the list of conditions on a choice, and shows what it does", async () => {
    const panel = await open({ width: 300, state: DEMO_STATE });
    await panel.page.locator(".condition-line").click();
    await panel.page.screenshot({ path: join(outputFolder, "conditions-dark-300.png") });
    await panel.page.getByRole("radio", { name: /^Freeze/ }).click();
    expect(await panel.page.getByRole("radiogroup").count()).toBe(0);
    const { condition } = DEMO_STATE;
    await panel.send({
      ...DEMO_STATE,
      condition: { ...condition, choice: { ...condition.choice, kind: "freeze" } },
    });
    expect(await panel.page.locator(".sentence").isVisible()).toBe(true);
    await panel.page.locator(".condition-line").click();
    await panel.page.keyboard.press("ArrowRight");
    expect(await panel.page.getByRole("radiogroup").count()).toBe(1);
    await panel.page.keyboard.press("Escape");
    expect(await panel.page.getByRole("radiogroup").count()).toBe(0);
    expect(await panel.page.evaluate(() => document.activeElement!.className)).toContain("condition-line");
  });

  it.each([250, 300, 420])(
    "keeps long answers on their lines, each number whole, at a width of %d",
    async (width) => {
      const panel = await open({ width, height: 1400, state: LONG_ANSWERS });
      await panel.page.screenshot({ path: join(outputFolder, `long-answers-${width}.png`) });
      const lines = await panel.page
        .locator(
          ".facts dt, .facts dd, .legend-item, .answer code, .answer-number, .curve-labels > span, .cell-line p",
        )
        .evaluateAll((all) =>
          all.map((one) => [one.textContent, one.getBoundingClientRect().height] as const),
        );
      expect(lines.length).toBeGreaterThan(20);
      expect(lines.filter(([, height]) => height > 24)).toEqual([]);
      const cut = await panel.page
        .locator(".answer-number, .facts div:nth-child(-n+4) dd")
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
        );
      expect(cut, "numbers that are cut").toEqual([]);
      expect(await panel.page.locator(".facts dt").first().getAttribute("title")).toContain(
        "built_in_a_day".replaceAll("_", "␣"),
      );
      expect(await overflowing(panel)).toEqual([]);
    },
  );

  it.each([250, 300])("shows what tells runs of like names apart at a width of %d", async (width) => {
    const names = [
      "Random seed 7",
      "Random seed 8",
      "Random ×5",
      "◆ A large wooden table",
      "◆ A large wooden chair",
    ];
    const runs = RUNS_STATE.runs.map((run, i) => ({ ...run, name: names[i]! }));
    const { page } = await open({ width, height: 740, state: { ...RUNS_STATE, runs } });
    await page.screenshot({ path: join(outputFolder, `runs-alike-${width}.png`) });
    const own = page.locator(".run-words");
    expect(await own.allInnerTexts()).toEqual(["7", "8", "×5", "table", "chair"]);
    const cut = await own.evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    );
    expect(cut).toEqual([]);
  });
});
