/** Many prompts and runs that wait: the table by mouse and keyboard, the queue, times before and while a run goes on. */
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { DEMO_STATE, MANY_STATE, STREAMING_STATE } from "../support/panel/snapshots.ts";
import type { Panel } from "./harness.ts";
import { canRun, usePanels } from "./harness.ts";

describe.skipIf(!canRun())("many prompts", () => {
  const open = usePanels();
  const show = (state: PanelState = MANY_STATE, width = 300): Promise<Panel> => open({ state, width });
  const targets = async ({ page }: Panel): Promise<string[]> =>
    (await page.locator(".many tbody th").allInnerTexts()).map((text) => text.split(/\s/)[0]!.trim());

  it("stand in a table, a row each, with what failed and why", async () => {
    const { page } = await show();
    const rows = page.locator(".many tbody tr");
    expect(await rows.count()).toBe(5);
    expect(await rows.nth(0).innerText()).toMatch(/★France.*Paris.*24.*0$/s);
    expect(await rows.nth(1).innerText()).toMatch(/London.*19.*3$/s);
    expect(await rows.nth(2).innerText()).toContain('"Spain" is not in the prompt.');
    expect(await rows.nth(3).innerText()).toContain("… running");
    expect(await rows.nth(0).getAttribute("aria-current")).toBe("true");
    const strip = page.getByRole("img", { name: /^source k 0–\d+, neither k 11–13, source k/ });
    expect(await strip.count()).toBe(1);
  });

  it("are sorted by a heading, up, down, and as they were; rows without a value come last", async () => {
    const panel = await show();
    const { page } = panel;
    const heading = page.getByRole("button", { name: /^Flip:/ });
    const before = await targets(panel);
    await heading.click();
    expect((await targets(panel)).slice(0, 2)).toEqual(["★United␣Kingdom", "★France"]);
    expect(await page.locator("th[aria-sort=ascending]").count()).toBe(1);
    await heading.click();
    expect((await targets(panel)).slice(0, 2)).toEqual(["★France", "★United␣Kingdom"]);
    await heading.click();
    expect(await targets(panel)).toEqual(before);
  });

  it("open their prompt by keyboard alone; the table is copied, saved and put away", async () => {
    const panel = await show({ ...MANY_STATE, progress: null });
    const { page } = panel;
    await page.getByRole("button", { name: /United␣Kingdom/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy Table" }).click();
    await page.getByRole("button", { name: "Save as CSV…" }).click();
    await page.getByRole("button", { name: "Put the table away" }).click();
    expect(await panel.newIntents()).toEqual([
      { type: "openRow", id: 2 },
      { type: "table", act: "copy" },
      { type: "table", act: "save" },
      { type: "table", act: "close" },
    ]);
  });

  it("that were cancelled offer to run the rest", async () => {
    const { many } = MANY_STATE;
    const rows = many!.rows.map((row) => (row.id > 3 ? { ...row, state: "cancelled" as const } : row));
    const panel = await show({ ...MANY_STATE, progress: null, many: { ...many!, rows, isRunning: false } });
    expect(await panel.page.locator(".many").innerText()).toContain("not run");
    await panel.page.getByRole("button", { name: "Run the Rest" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "table", act: "runRest" }]);
  });

  it("take as much height as they need, 500 of them no more than a stretch that scrolls", async () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ ...MANY_STATE.many!.rows[id % 2]!, id }));
    const { page } = await show({ ...MANY_STATE, many: { ...MANY_STATE.many!, rows } });
    const box = await page.locator(".many-scroll").boundingBox();
    expect(box!.height).toBeLessThanOrEqual(320);
    expect(await page.locator(".many tbody tr").count()).toBe(500);
  });
});

describe.skipIf(!canRun())("a run", () => {
  const open = usePanels();

  it("says what is left of it, and what waits, which a press takes out of the queue", async () => {
    const panel = await open({ state: MANY_STATE, width: 300 });
    await panel.page.locator(".progress").waitFor();
    expect(await panel.page.locator(".progress-count").innerText()).toBe("2 of 5, about 3 min left");
    const queue = panel.page.getByRole("list", { name: "Waits for its turn" });
    expect(await queue.locator("li").allInnerTexts()).toEqual([
      expect.stringContaining("Grid, capitals.txt:3"),
      expect.stringContaining("Sweep, a-file-with-a-long-name.prompt.txt:12"),
    ]);
    await panel.page.getByRole("button", { name: "Take out of the queue: Grid, capitals.txt:3" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "dropWaiting", id: 7 }]);
  });

  it("whose prompt was edited offers to be cancelled and run again", async () => {
    const stale = { kind: "stale", reason: "prompt-edited" } as const;
    const state = { ...STREAMING_STATE, sweep: { ...STREAMING_STATE.sweep!, standing: stale } };
    const panel = await open({ state, width: 300 });
    await panel.page.getByRole("button", { name: "Cancel and Run Again" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "runSweep" }]);
  });

  it("says how long it takes before it starts, where that is known, and a grid may wait for another run", async () => {
    const expected = { sweepMs: 20_000, gridMs: 240_000 };
    const state = { ...DEMO_STATE, sweep: null, grid: null, cell: null, k: null, expected };
    const panel = await open({ state, width: 300 });
    expect(await panel.page.locator(".section-layers").innerText()).toContain("30 patched runs, about 20 s.");
    expect(await panel.page.locator(".section-grid").innerText()).toContain("780 patched runs, about 4 min.");
    await panel.send({ ...state, progress: STREAMING_STATE.progress });
    await panel.page.getByRole("button", { name: "Run Grid" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "runGrid" }]);
  });
});
