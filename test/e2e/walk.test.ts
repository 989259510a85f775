/** The first hour of a user: copy, swap, read, range, grid, step, edit and undo; on the embedded model, in dark. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { boxes, inlineText, inlineTexts } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, isActivated, startSession } from "./session.ts";

const file = "capitals.txt";
const italy = { text: "Italy" };
const france = { text: "France" };
/** Line of the source prompt, and line of the target prompt's end, 1-based. */
const sourceLine = 1;
const targetLine = 6;

describe.skipIf(inject("e2e").skip !== null)("the walk", () => {
  let session: Session;
  const inline = (line = targetLine): Promise<string> => inlineText(session.workbench.editor(file), line);
  /** The k of the flip as the line says it. */
  let flip = 0;

  beforeAll(async () => {
    session = await startSession({ name: "dark" });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("starts quiet: no dialog, toast, mark or engine, and is not even activated", async () => {
    const { page, workbench, server } = session;
    await workbench.openFile(file);
    for (const selector of [
      ".monaco-dialog-box",
      ".gettingStartedContainer",
      ".part.banner",
      ".notification-toast",
    ]) {
      expect(await page.locator(selector).filter({ visible: true }).count(), selector).toBe(0);
    }
    expect(await inlineTexts(workbench.editor(file))).toEqual([]);
    expect(isActivated(server), "activated before its first use").toBe(false);
    expect(engineProcesses(server)).toEqual([]);
    await session.shot("start");
  });

  it("shows the stored demo in the panel before any model has run", async () => {
    const { workbench, panel, server } = session;
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).toContain("Stored result of the demo");
    expect(isActivated(server)).toBe(true);
    expect(await panel.stripLetters()).toMatch(/^S+T+$/);
    expect(engineProcesses(server), "the stored demo needs no engine").toEqual([]);
    await session.shot("stored-demo");
  });

  it("copies the state of a word through the context menu", async () => {
    const { workbench, page } = session;
    await workbench.focusEditor(file);
    await workbench.selectByMouse(file, italy);
    const menu = await workbench.contextMenu(file, italy);
    await menu.getByRole("menuitem", { name: "State Swap" }).hover();
    const item = session.page.getByRole("menuitem", { name: "Copy State" });
    await item.hover();
    await session.shot("context-menu");
    await item.click();
    await expect.poll(() => inline(sourceLine)).toBe("◆ state copied: ␣Italy @2 of 3");
    // The caret leaves the word, so that its box shows without the selection.
    await page.keyboard.press("End");
    const word = await workbench.boxOf(file, italy);
    const around = (await boxes(workbench.editor(file))).filter(
      (box) =>
        Math.abs(box.y - word.y) < 6 &&
        box.x <= word.x + 2 &&
        box.x + box.width >= word.x + word.width - 2 &&
        box.width < 3 * word.width,
    );
    expect(around.map((box) => box.border)).toEqual([expect.stringContaining("solid")]);
    await session.shot("copied");
  });

  it("swaps the state into a word selected by keyboard and says where the answer flips", async () => {
    const { workbench, page } = session;
    await workbench.selectByKeyboard(file, france);
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Shift+V");
    await expect
      .poll(() => inline())
      .toMatch(/^flip \d+\/12 {2}◆“Rome” 0–\d+ {2}(?:.* {2})?★“Paris” \d+–11 {2}← ◆Italy$/);
    flip = Number(/flip (\d+)/.exec(await inline())![1]);
    const [mark] = (await inlineTexts(workbench.editor(file))).filter(({ line }) => line === targetLine);
    const colors = new Set(mark!.parts.map((part) => part.color));
    expect(colors.size, "source, target and plain text differ in colour").toBeGreaterThanOrEqual(3);
    await page.keyboard.press("End");
    await session.shot("swapped");
  });

  it("shows the same result in the panel's strip, verdict and chips", async () => {
    const { panel } = session;
    await expect.poll(() => panel.stripLetters()).toBe("S".repeat(flip) + "T".repeat(12 - flip));
    const frame = await panel.frame();
    // The stored demo's strip was another element: this one must have been measured anew to have room for marks.
    await expect
      .poll(() => frame.locator(".strip:not(.preview) .strip-cell").allInnerTexts())
      .toEqual([...Array<string>(flip).fill("◆"), ...Array<string>(12 - flip).fill("★")]);
    const text = await panel.text();
    expect(text).toContain(`Flips at layer ${flip} of 12`);
    expect(text).not.toContain("Stored result");
    await panel.openSetup();
    await expect.poll(() => frame.locator(".chips.source .chosen").allInnerTexts()).toEqual(["◆␣Italy"]);
  });

  it("says the model and that it is idle in the status bar", async () => {
    await expect.poll(() => session.workbench.statusItems()).toEqual([expect.stringMatching(/countries-2m/)]);
  });

  it("has the table of k in the hover", async () => {
    const { workbench, page } = session;
    const hover = await workbench.hover(file, france);
    expect(hover).toContain("Rome");
    expect(hover).toContain("p◆ / p★");
    expect(hover).toMatch(new RegExp(`flips at k = ${flip} of 12`));
    await session.shot("hover");
    await page.keyboard.press("Escape");
    await page.mouse.move(700, 700);
  });

  it("takes a new layer range from the panel by keyboard and runs over it", async () => {
    const { panel } = session;
    const frame = await panel.openSetup();
    const last = frame.locator('[data-handle="from"]');
    await last.focus();
    for (let i = 0; i < 4; i++) await last.press("ArrowRight");
    await expect.poll(() => last.getAttribute("aria-valuenow")).toBe("4");
    await panel.run();
    await expect.poll(() => panel.stripLetters()).toBe("----" + "S".repeat(flip - 4) + "T".repeat(12 - flip));
    await expect.poll(() => inline()).toContain(`“Rome” 4–${flip - 1}`);
    await session.shot("range");
  });

  it("takes the whole range back by the command, and runs", async () => {
    const { workbench, panel } = session;
    await workbench.focusEditor(file);
    await workbench.run("State Swap: Set Layer Range…");
    await workbench.answer("0-11");
    await expect.poll(() => panel.stripLetters()).toBe("S".repeat(flip) + "T".repeat(12 - flip));
    await expect.poll(() => inline()).toContain("“Rome” 0–");
  });

  it("runs the grid", async () => {
    const { panel } = session;
    await panel.press("Run Grid");
    const frame = await panel.frame();
    await frame.locator(".heat").waitFor();
    await expect
      .poll(() => frame.locator(".grid-size").innerText())
      .toMatch(/^26 (?:tokens )?× 12(?: layers)?$/);
    await expect.poll(() => frame.locator(".progress").count()).toBe(0);
    await frame.locator(".heat").scrollIntoViewIfNeeded();
    await session.shot("grid");
  });

  it("walks the heatmap by keyboard and locks a cell, which the marks follow", async () => {
    const { panel } = session;
    const frame = await panel.frame();
    const heat = frame.locator(".heat");
    await heat.focus();
    await expect.poll(() => panel.heatmapCell()).toMatch(/token 21, .*France/);
    // The replaced token's row repeats the sweep.
    await heat.press("Home");
    await expect.poll(() => panel.heatmapCell()).toMatch(/^k 0, token 21.*: Rome, source, p\(Rome\)/);
    await heat.press("End");
    await expect.poll(() => panel.heatmapCell()).toMatch(/^k 11, token 21.*: Paris, target/);
    await heat.press("ArrowLeft");
    await heat.press("ArrowUp");
    // Before the replaced token nothing can change: those rows are one thin line.
    await expect.poll(() => panel.heatmapCell()).toBe("21 tokens that change nothing, folded");
    await heat.press("ArrowDown");
    await heat.press("Enter");
    await expect.poll(() => panel.heatmapCell()).toMatch(/locked$/);
    await expect.poll(() => panel.text()).toMatch(/answers at k = 10/i);
    await expect.poll(() => strongParts()).toEqual(["k 10 ★“Paris”  "]);
    await session.shot("heatmap-locked");
    await heat.press("Escape");
    await expect.poll(() => panel.heatmapCell()).not.toMatch(/locked$/);
  });

  /** Texts of the inline parts that stand out: the run that holds the shown k. */
  const strongParts = async (): Promise<string[]> => {
    const mark = (await inlineTexts(session.workbench.editor(file))).find(({ line }) => line === targetLine);
    return (mark?.parts ?? []).filter((part) => part.weight >= 600).map((part) => part.text);
  };

  it("steps k by keys; strip, answers and marks follow", async () => {
    const { workbench, panel, page } = session;
    await workbench.selectByKeyboard(file, france);
    const current = async (): Promise<number> => (await panel.strip()).find((cell) => cell.current)?.k ?? -1;
    await expect.poll(current).toBe(10);
    for (let k = 9; k >= flip - 1; k--) {
      await page.keyboard.press("Control+K");
      await page.keyboard.press("Shift+ArrowDown");
      await expect.poll(current).toBe(k);
    }
    await expect.poll(strongParts).toEqual([`k ${flip - 1} ◆“Rome”  `]);
    await expect.poll(() => panel.stripValue()).toBe(`k = ${flip - 1}: Rome, source`);
    await session.shot("stepped");
  });

  it("calls the result out of date after an edit, and fresh again after undo", async () => {
    const { workbench, panel, page } = session;
    await workbench.goTo(5, 5);
    const before = await inlineTexts(workbench.editor(file));
    await page.keyboard.type("Well, ");
    await expect.poll(() => inline()).toContain("out of date");
    await expect.poll(() => panel.isStale()).toBe(true);
    const stale = (await inlineTexts(workbench.editor(file))).find(({ line }) => line === targetLine)!;
    expect(new Set(stale.parts.map((part) => part.color)).size, "a stale line has one dim colour").toBe(1);
    await session.shot("stale");
    while ((await inline()).includes("out of date")) await page.keyboard.press("Control+Z");
    await expect.poll(() => panel.isStale()).toBe(false);
    await expect.poll(() => inlineTexts(workbench.editor(file))).toEqual(before);
  });

  it("clears everything it has drawn, brings it back, and clears it again", async () => {
    const { workbench, page } = session;
    const before = await inlineTexts(workbench.editor(file));
    await workbench.run("State Swap: Clear All Results");
    await expect.poll(() => inlineTexts(workbench.editor(file))).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).first().click();
    await expect.poll(() => inlineTexts(workbench.editor(file))).toEqual(before);
    await workbench.run("State Swap: Clear All Results");
    await expect.poll(() => inlineTexts(workbench.editor(file))).toEqual([]);
    await expect.poll(() => boxes(workbench.editor(file))).toEqual([]);
    await session.shot("cleared");
    await workbench.closeToasts();
  });

  it("runs the demo from the panel into an editor of its own", async () => {
    const { panel, page } = session;
    await panel.press("Run Demo");
    await page.locator(".tab.active", { hasText: "Untitled" }).waitFor();
    const untitled = page.locator('.monaco-editor[data-uri^="untitled:"]').last();
    await expect.poll(() => inlineText(untitled, targetLine)).toContain(`flip ${flip}/12`);
    await expect.poll(() => panel.stripLetters()).toBe("S".repeat(flip) + "T".repeat(12 - flip));
    await session.shot("demo");
  });

  it("asked no other host for anything and raised no toast", async () => {
    expect(session.outside).toEqual([]);
    expect(await session.workbench.toasts()).toEqual([]);
  });
});
