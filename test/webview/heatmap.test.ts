/** The heatmap in a real browser: pixels, preview, lock, keyboard, table, themes. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OUTCOME_HUES } from "../../src/shared/figure/hues.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { DEMO_STATE, largeState, STREAMING_STATE } from "../support/panel/snapshots.ts";
import { canRun, openFolds, outputFolder, usePanels } from "./harness.ts";
import type { Panel, PanelOptions } from "./harness.ts";

/** Pixel of the source's full colour. */
function ofSource(kind: "dark" | "light"): number[] {
  const hue = OUTCOME_HUES[kind].source;
  return [...[1, 3, 5].map((at) => Number.parseInt(hue.slice(at, at + 2), 16)), 255];
}

/** Colour in the middle of a cell, as [red, green, blue, alpha] on the transparent canvas. */
async function pixel(panel: Panel, row: number, column: number, columns = 30): Promise<number[]> {
  return panel.page.evaluate(
    ({ row, column, columns }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".heat canvas")!;
      const ratio = window.devicePixelRatio;
      const x = Math.floor(((column + 0.5) * canvas.width) / columns);
      const y = Math.floor(row * 15 * ratio + 4 * ratio);
      return [...canvas.getContext("2d")!.getImageData(x, y, 1, 1).data];
    },
    { row, column, columns },
  );
}

async function cellPoint(panel: Panel, row: number, column: number, columns = 30): Promise<[number, number]> {
  const plot = panel.page.locator(".heat-plot");
  await plot.scrollIntoViewIfNeeded();
  const box = (await plot.boundingBox())!;
  return [box.x + ((column + 0.5) * box.width) / columns, box.y + row * 15 + 7];
}

describe.skipIf(!canRun())("the heatmap", () => {
  const open = usePanels();
  const folded = (options: PanelOptions = {}): Promise<Panel> =>
    open({
      state: { ...DEMO_STATE, k: null, cell: null },
      ...options,
    });
  /** Each token in a row of its own. */
  const show = async (options: PanelOptions = {}): Promise<Panel> => {
    const panel = await folded(options);
    await openFolds(panel.page);
    return panel;
  };
  const line = (panel: Panel): Promise<string | null> => panel.page.locator(".cell-line").textContent();
  const spoken = async (panel: Panel): Promise<string | null> => {
    const id = await panel.page.getByRole("grid").getAttribute("aria-activedescendant");
    return panel.page.locator(`[id="${id!}"]`).textContent();
  };

  it("paints outcomes in the theme's own colours, the unpatched one faint", async () => {
    const panel = await show();
    expect(await pixel(panel, 21, 5)).toEqual(ofSource("dark"));
    const [, , , calm] = await pixel(panel, 1, 5);
    expect(calm).toBeLessThan(100);
  });

  it("tells neither from target by a mark, not by hue alone, in the small cells of a side bar", async () => {
    for (const theme of ["dark", "light"] as const) {
      const panel = await show({ width: 250, theme });
      const [neither, target] = [
        [11, 3],
        [1, 5],
      ] as const;
      const marked = async ([row, column]: readonly [number, number]): Promise<boolean> =>
        String(await pixel(panel, row + 3 / 15, column)) !== String(await pixel(panel, row, column));
      expect(await marked(neither), `neither in ${theme}`).toBe(true);
      expect(await marked(target), `target in ${theme}`).toBe(false);
      await panel.page.screenshot({ path: join(outputFolder, `marks-${theme}-250.png`) });
    }
  });

  it("repaints when the theme changes", async () => {
    const panel = await show();
    await panel.setTheme("light");
    expect(await pixel(panel, 21, 5)).toEqual(ofSource("light"));
  });

  it.each([1, 1.25, 2])("draws device pixels, not stretched ones, at a ratio of %d", async (ratio) => {
    const panel = await show({ ratio });
    const sizes = await panel.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".heat canvas")!;
      const box = canvas.getBoundingClientRect();
      return [canvas.width - box.width * devicePixelRatio, canvas.height - box.height * devicePixelRatio];
    });
    for (const off of sizes) expect(Math.abs(off)).toBeLessThanOrEqual(0.51);
    expect(await pixel(panel, 21, 5)).toEqual(ofSource("dark"));
  });

  it("previews under the pointer, dims what the cell cannot reach, and forgets on leaving", async () => {
    const panel = await show({ height: 1150 });
    const before = await pixel(panel, 21, 5);
    await panel.page.mouse.move(...(await cellPoint(panel, 18, 8)));
    expect(await line(panel)).toContain("␣the @18 · k 8 → ◆ ␣Rome");
    expect(await line(panel)).toMatch(
      /p\(Rome\)p ◆0\.\d+p\(Paris\)p ★0\.\d+logit differenceΔ logit[+−]\d+\.\drank of Parisrank ★\d+/,
    );
    expect((await pixel(panel, 21, 5))[3]).toBeLessThan(before[3]! / 2);
    expect(await pixel(panel, 21, 12)).toEqual(before);
    await panel.page.screenshot({ path: join(outputFolder, "hover-dark-400.png") });
    await panel.page.mouse.move(5, 5);
    expect(await line(panel)).toContain("Point at a cell");
    expect(await pixel(panel, 21, 5)).toEqual(before);
    expect(await panel.newIntents()).toEqual([]);
  });

  it("locks on a click, unlocks on a second one and on Escape", async () => {
    const panel = await show();
    const [x, y] = await cellPoint(panel, 21, 10);
    await panel.page.mouse.click(x, y);
    expect(await panel.newIntents()).toEqual([{ type: "lockCell", position: 21, k: 10 }]);
    await panel.send({ ...DEMO_STATE, cell: { position: 21, k: 10 } });
    await panel.page.mouse.move(5, 5);
    expect(await line(panel)).toContain("locked");
    await panel.page.mouse.click(...(await cellPoint(panel, 21, 10)));
    await panel.page.getByRole("grid").focus();
    await panel.page.keyboard.press("Escape");
    expect(await panel.newIntents()).toEqual([{ type: "unlockCell" }, { type: "unlockCell" }]);
  });

  it("shows the clicked cell at the first click already, not the keyboard's cursor", async () => {
    const panel = await show();
    const [x, y] = await cellPoint(panel, 19, 10);
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.down();
    expect(await line(panel)).toContain("␣capital @19 · k 10");
    await panel.page.mouse.up();
    expect(await line(panel)).toContain("␣capital @19 · k 10");
    expect(await spoken(panel)).toContain("k 10, token 19, capital");
  });

  it("speaks of one run under the map and in the answers: those of the held cell", async () => {
    const panel = await show({ state: { ...DEMO_STATE, k: 10, cell: { position: 19, k: 10 } } });
    const answers = panel.page.locator(".section-answers");
    expect(await answers.locator(".section-head").innerText()).toContain("␣capital @19");
    const { columns, layers } = DEMO_STATE.grid!;
    const ofCell = Math.exp(columns[19]!.targetLogprob[10 - layers.from]!).toFixed(3);
    expect(await line(panel)).toContain(`p(Paris)p ★${ofCell}`);
    expect(await answers.locator(".answer.target").innerText()).toContain(ofCell);
    expect(await answers.innerText()).not.toContain("‖Δh‖");
    await answers.getByRole("button", { name: "Run This Cell" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "runCell" }]);
    const row = {
      ...DEMO_STATE.sweep!.rows[10]!,
      targetLogprob: columns[19]!.targetLogprob[10 - layers.from]!,
    };
    const held = { position: 19, row };
    await panel.send({
      ...DEMO_STATE,
      grid: { ...DEMO_STATE.grid!, held },
      k: 10,
      cell: { position: 19, k: 10 },
    });
    expect(await answers.locator(".answer").count()).toBe(5);
    expect(await answers.locator(".facts").innerText()).toContain(ofCell);
    await answers.getByRole("button", { name: /release/ }).click();
    expect(await panel.newIntents()).toEqual([{ type: "unlockCell" }]);
    // The ★ row is the sweep: all of it is known.
    await panel.send({ ...DEMO_STATE, k: 10, cell: { position: 21, k: 10 } });
    expect(await answers.locator(".answer").count()).toBe(5);
    expect(await answers.innerText()).toContain("‖Δh‖");
  });

  it("keeps the answers, the ★ and the condition that the grid was run with", async () => {
    const state: PanelState = {
      ...DEMO_STATE,
      target: { ...DEMO_STATE.target!, positions: [3, 4, 5] },
      condition: { ...DEMO_STATE.condition, choice: { ...DEMO_STATE.condition.choice, kind: "shuffle" } },
      sweep: {
        ...DEMO_STATE.sweep!,
        answers: { target: { ids: [1], text: " eternal" }, source: { ids: [2], text: " city" } },
      },
    };
    const panel = await show({ state });
    const grid = panel.page.locator(".section-grid");
    expect(await grid.locator(".legend").innerText()).toMatch(/Rome[^]*Paris/);
    expect(await grid.locator(".heat-label.chosen").allInnerTexts()).toEqual(["★ ␣France"]);
    expect(await grid.locator(".grid-run > span").first().innerText()).toBe(
      "Swap of ◆ ␣Italy over each token, not the chosen condition",
    );
    expect(await grid.locator(".heat.stale-plot").count()).toBe(1);
    await panel.send(DEMO_STATE);
    expect(await grid.locator(".grid-run > span").first().innerText()).toBe(
      "Swap of ◆ ␣Italy over each token",
    );
    expect(await grid.locator(".heat.stale-plot").count()).toBe(0);
  });

  it("moves cell by cell and a screen reader hears each", async () => {
    const panel = await folded();
    await panel.page.getByRole("grid").focus();
    expect(await spoken(panel)).toMatch(
      /^k 0, token 21, France: Rome, source, p\(Rome\) 0\.\d+, p\(Paris\) .+, logit difference \+\d\.\d, rank of Paris \d+$/,
    );
    for (const key of ["End", "ArrowUp", "ArrowLeft"]) await panel.page.keyboard.press(key);
    expect(await spoken(panel)).toMatch(/^k 28, token 20, of: Paris, target/);
    await panel.page.keyboard.press("PageUp");
    expect(await spoken(panel)).toMatch(/^k 28, token 0, Q: /);
    await panel.page.keyboard.press("Control+End");
    expect(await spoken(panel)).toMatch(/^k 29, token 25, :: /);
    expect(await panel.page.getByRole("gridcell").getAttribute("aria-colindex")).toBe("31");
    expect(await panel.page.getByRole("row").getAttribute("aria-rowindex")).toBe("26");
    await panel.page.keyboard.press("Enter");
    expect(await panel.newIntents()).toEqual([{ type: "lockCell", position: 25, k: 29 }]);
  });

  it("folds tokens that change nothing into thin lines: pointer, cell line, keys and reader speak of them alike", async () => {
    const panel = await folded({ height: 1150 });
    const folds = panel.page.locator(".heat-fold");
    expect(
      await folds.evaluateAll((all) => all.map((fold) => [fold.dataset.position, fold.textContent])),
    ).toEqual([
      ["1", "⋯ 9"],
      ["13", "⋯ 3"],
      ["17", ""],
      ["22", ""],
    ]);
    await panel.page.screenshot({ path: join(outputFolder, "folded-dark-400.png") });
    const said = "9 tokens that change nothing, folded";
    const plot = (await panel.page.locator(".heat-plot").boundingBox())!;
    await panel.page.mouse.move(plot.x + plot.width / 2, plot.y + 15 + 12);
    expect(await line(panel)).toContain(said);
    await panel.page.mouse.move(5, 5);
    const grid = panel.page.getByRole("grid");
    await grid.focus();
    for (const key of ["Control+Home", "ArrowDown"]) await panel.page.keyboard.press(key);
    expect(await spoken(panel)).toBe(said);
    expect(await line(panel)).toContain(said);
    expect(await panel.page.getByRole("gridcell").getAttribute("aria-expanded")).toBe("false");
    // One press passes them all.
    await panel.page.keyboard.press("ArrowDown");
    expect(await spoken(panel)).toMatch(/^k 0, token 10, A: /);
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("Enter");
    expect(await spoken(panel)).toMatch(/^k 0, token 1, :: Paris, target/);
    expect(await line(panel)).toContain("@1 · k 0");
    expect(await folds.count()).toBe(3);
    await panel.page.keyboard.press("Escape");
    expect(await spoken(panel)).toBe(said);
    await panel.page.mouse.click(plot.x + plot.width / 2, plot.y + 15 + 12);
    expect(await folds.count()).toBe(3);
    expect(await spoken(panel)).toMatch(/token 1, ::/);
    await panel.page.locator('.heat-label[data-position="4"]').click();
    expect(await folds.count()).toBe(4);
    expect(await panel.newIntents()).toEqual([]);
  });

  it("opens the fold of a cell that is held, and never folds the ★ row", async () => {
    const panel = await folded({ state: { ...DEMO_STATE, k: 5, cell: { position: 14, k: 5 } } });
    expect(await panel.page.locator('.heat-label[data-position="14"]').count()).toBe(1);
    await panel.send({
      ...DEMO_STATE,
      cell: null,
      grid: {
        ...DEMO_STATE.grid!,
        positions: [4],
        columns: DEMO_STATE.grid!.columns.map((column) => column),
      },
    });
    expect(await panel.page.locator(".heat-label.chosen").getAttribute("data-position")).toBe("4");
  });

  it("keeps the ★ row in sight when rows fold at the end of a run", async () => {
    const columns = DEMO_STATE.grid!.columns;
    const running = { ...DEMO_STATE.grid!, columns: columns.map(() => null), state: "running" as const };
    const panel = await folded({
      width: 300,
      height: 640,
      state: { ...DEMO_STATE, k: null, cell: null, grid: running },
    });
    await panel.page.locator(".heat").evaluate((map) => {
      map.scrollTop = 0;
    });
    await panel.send({ ...DEMO_STATE, k: null, cell: null });
    const [map, star] = [panel.page.locator(".heat"), panel.page.locator(".heat-label.chosen")];
    const [around, row] = [(await map.boundingBox())!, (await star.boundingBox())!];
    expect(row.y).toBeGreaterThanOrEqual(around.y);
    expect(row.y + row.height).toBeLessThanOrEqual(around.y + around.height - 20);
    // Nor does a lower view hide it.
    await panel.page.setViewportSize({ width: 300, height: 660 });
    await panel.page.setViewportSize({ width: 300, height: 620 });
    await expect
      .poll(async () => {
        const [lower, at] = [(await map.boundingBox())!, (await star.boundingBox())!];
        return at.y >= lower.y && at.y + at.height <= lower.y + lower.height - 20;
      })
      .toBe(true);
  });

  it("folds tokens that were not asked for, and draws those that are still to come as empty rows", async () => {
    const asked = [20, 21, 25];
    const columns = DEMO_STATE.grid!.columns.map((column, p) => (p === 21 ? column : null));
    const grid = { ...DEMO_STATE.grid!, columns, asked, state: "running" as const };
    const panel = await folded({ state: { ...DEMO_STATE, k: null, cell: null, grid } });
    const labels = panel.page.locator(".heat-label");
    expect(await labels.evaluateAll((all) => all.map(({ dataset }) => dataset.position))).toEqual([
      "20",
      "21",
      "25",
    ]);
    await panel.page.getByRole("grid").focus();
    await panel.page.keyboard.press("Control+Home");
    expect(await spoken(panel)).toBe("20 tokens not run, folded");
    await panel.send({ ...DEMO_STATE, k: null, cell: null, grid: { ...grid, state: "partial" } });
    expect(await labels.count()).toBe(1);
  });

  it("has an equivalent table with the same answers", async () => {
    const panel = await show();
    await panel.page.getByRole("checkbox", { name: "Table" }).click();
    const table = panel.page.getByRole("table");
    expect(await table.locator("tbody tr").count()).toBe(26);
    expect(await table.locator("thead th").count()).toBe(31);
    const row = table.locator("tbody tr").nth(21);
    expect(await row.locator("th").textContent()).toBe("★ ␣France @21");
    const cells = await row.locator("td").allTextContents();
    expect(cells).toEqual([...Array<string>(24).fill("◆ Rome"), ...Array<string>(6).fill("★ Paris")]);
  });

  it("shows numbers of the chosen metric with its scale", async () => {
    const panel = await show();
    await panel.page.getByRole("combobox", { name: "Metric of the heatmap" }).click();
    await panel.page.getByRole("option", { name: "p(source) − p(target)" }).click();
    expect(await panel.page.locator(".legend").textContent()).toBe("★ Paris −1◆ Rome +1");
    const [red, , blue] = await pixel(panel, 21, 5);
    expect(blue).toBeGreaterThan(red!);
    const [unpatchedRed, , unpatchedBlue] = await pixel(panel, 1, 5);
    expect(unpatchedRed).toBeGreaterThan(unpatchedBlue!);
    await panel.page.getByRole("checkbox", { name: "Table" }).click();
    const first = panel.page.locator("tbody tr").nth(21).locator("td").first();
    expect(Number(await first.textContent())).toBeGreaterThan(0.8);
  });

  it("offers KL where the grid keeps it, on a scale from nothing to the largest", async () => {
    const panel = await show();
    const metrics = panel.page.getByRole("combobox", { name: "Metric of the heatmap" });
    await metrics.click();
    expect(await panel.page.getByRole("option", { name: "KL to baseline" }).count()).toBe(0);
    await panel.page.keyboard.press("Escape");
    const columns = DEMO_STATE.grid!.columns.map((column, position) => ({
      ...column!,
      klToBaseline: column!.argmax.map((_, i) => (position === 21 ? 7.5 - i / 4 : 0.01)),
    }));
    await panel.send({ ...DEMO_STATE, k: null, cell: null, grid: { ...DEMO_STATE.grid!, columns } });
    await metrics.click();
    await panel.page.getByRole("option", { name: "KL to baseline" }).click();
    expect(await panel.page.locator(".legend").textContent()).toBe("KL 07.50 nats");
    const strength = async (row: number, column: number): Promise<number> =>
      (await pixel(panel, row, column))[3]!;
    expect(await strength(21, 0)).toBeGreaterThan(await strength(21, 20));
    expect(await strength(21, 20)).toBeGreaterThan(await strength(1, 5));
    await panel.page.mouse.move(...(await cellPoint(panel, 21, 2)));
    expect(await line(panel)).toContain("KLKL7.00");
    await panel.page.screenshot({ path: join(outputFolder, "kl-dark-400.png") });
    await panel.page.getByRole("checkbox", { name: "Table" }).click();
    expect(await panel.page.locator("tbody tr").nth(21).locator("td").first().textContent()).toBe("7.50");
    // A grid of an older version: what it has.
    await panel.send({ ...DEMO_STATE, k: null, cell: null });
    expect(await panel.page.locator("tbody tr").nth(21).locator("td").first().textContent()).toBe("◆ Rome");
  });

  it("leaves cells that have not run empty, and says so", async () => {
    const panel = await show({ state: STREAMING_STATE });
    expect((await pixel(panel, 3, 5))[3]).toBeGreaterThan(0);
    expect((await pixel(panel, 20, 5))[3]).toBe(0);
    await panel.page.getByRole("grid").focus();
    expect(await spoken(panel)).toBe("k 3, token 21, France: not run yet");
  });

  it("gives each of 200 tokens its own row and scrolls to the one under the cursor", async () => {
    const panel = await show({ state: largeState(), width: 250 });
    const grid = panel.page.getByRole("grid");
    const box = (await panel.page.locator(".heat-plot").boundingBox())!;
    expect(box.height).toBe(200 * 15);
    await grid.focus();
    await panel.page.keyboard.press("Control+End");
    await panel.intents();
    const place = await grid.evaluate((element) => [
      element.scrollTop,
      element.scrollHeight - element.clientHeight,
    ]);
    expect(place[0]).toBeGreaterThan(place[1]! - 40);
    // The canvas followed: the last row is painted where the canvas now lies.
    const painted = await panel.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".heat canvas")!;
      const top = parseFloat(canvas.style.top);
      return canvas.getContext("2d")!.getImageData(3, 199 * 15 + 7 - top, 1, 1).data[3]!;
    });
    expect(painted).toBeGreaterThan(0);
    expect(await spoken(panel)).toMatch(/^k 31, token 199/);
  });

  it("keeps the map's heading on one line in a narrow side bar, however long the prompt", async () => {
    const columns = Array.from({ length: 376 }, () => null);
    const panel = await open({
      width: 290,
      state: { ...DEMO_STATE, grid: { ...DEMO_STATE.grid!, columns } },
    });
    const head = panel.page.locator(".section-grid .section-head");
    expect(await panel.page.locator(".grid-size").innerText()).toBe("376 × 30");
    expect((await head.boundingBox())!.height).toBeLessThan(32);
  });
});
