/** What goes wrong and what goes on beside: cancelled grids, a killed engine, several prompts, a hidden panel. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { inlineText, inlineTexts } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, holdEngineWhen, startSession } from "./session.ts";
import { settled } from "./settled.ts";

const file = "capitals.txt";
const italy = { text: "Italy" };
const france = { text: "France" };
const flipText = /^flip \d+\/12 {2}◆“Rome” 0–\d+ {2}(?:.* {2})?★“Paris” \d+–11 {2}← /;

/** A prompt of some 300 tokens: its grid takes seconds, so that something can happen while it runs. */
const longPrompt = `${"Q: What is the capital of Spain? \n A: Madrid \n ".repeat(26)}Q: What is the capital of France? \n A:`;
const longFile = "long.txt";
const longLine = longPrompt.split("\n").length;

describe.skipIf(inject("e2e").skip !== null)("robustness", () => {
  let session: Session;
  const inline = (name: string, line: number): Promise<string> =>
    inlineText(session.workbench.editor(name), line);

  /** Holds the engine in the middle of a grid that has some columns; returns of how many tokens, and what lets it go on. */
  const gridUnderWay = async (): Promise<{ total: number; goOn: () => void }> => {
    const frame = await session.panel.frame();
    let total = 0;
    const goOn = await holdEngineWhen(session.server, async () => {
      const [count] = await frame.locator(".progress-count").allInnerTexts();
      // What is left of it stands behind the count.
      const [, first, second] = /^(\d+) of (\d+)/.exec(count ?? "") ?? [];
      total = Number(second ?? 0);
      return total > 12 && Number(first) > 0;
    });
    return { total, goOn };
  };

  /** Kills the one engine; from outside, as the system does when memory runs out. */
  const killEngine = (): void => {
    const engines = engineProcesses(session.server);
    expect(engines).toHaveLength(1);
    process.kill(engines[0]!, "SIGKILL");
  };

  beforeAll(async () => {
    session = await startSession({ name: "robustness", files: { [longFile]: longPrompt } });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("copies a state with the panel open", async () => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, italy);
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inline(file, 1)).toContain("state copied");
    await workbench.run("State Swap: Open Panel");
    await session.panel.frame();
  });

  it("cancels a grid from the panel: what came stays, the engine lives on", async () => {
    const { workbench, panel, server } = session;
    await workbench.openFile(longFile);
    await workbench.selectByKeyboard(longFile, france);
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inline(longFile, longLine)).toMatch(/^(flip \d+\/12|no flip|never changes)/);
    const [engine] = engineProcesses(server);
    await panel.startLongGrid();
    const { total, goOn } = await gridUnderWay();
    await expect.poll(() => workbench.statusItems()).toEqual([expect.stringMatching(/\d+\/\d+/)]);
    await session.shot("grid-running");
    await panel.press("Cancel");
    goOn();
    const frame = await panel.frame();
    await expect.poll(() => frame.locator(".progress").count()).toBe(0);
    expect(await panel.text()).toContain("The run was cancelled.");
    await frame.getByRole("checkbox", { name: "Table" }).click();
    const cells = frame.locator(".heat-table td");
    expect(await cells.count()).toBe(12 * total);
    const missing = await cells.filter({ hasText: "not run" }).count();
    expect(missing, "some columns were not run").toBeGreaterThan(0);
    expect(missing, "some columns had come").toBeLessThan(12 * total);
    await frame.getByRole("checkbox", { name: "Table" }).click();
    expect(engineProcesses(server)).toEqual([engine]);
    expect(await workbench.toasts()).toEqual([]);
    await session.shot("grid-cancelled");
  });

  it("says so when the engine is killed in a run, and works again after Restart Engine", async () => {
    const { workbench, panel, server, page } = session;
    await panel.startLongGrid();
    await gridUnderWay();
    killEngine();
    const toast = await workbench.toast(/engine/i);
    await expect.poll(() => panel.text()).toContain("The run was lost.");
    expect(await (await panel.frame()).locator(".notice.error").innerText()).toMatch(/engine/i);
    await settled(page);
    await session.shot("engine-killed");
    await toast.getByRole("button", { name: "Restart Engine" }).click();
    await expect.poll(() => engineProcesses(server)).toHaveLength(1);
    await expect.poll(async () => (await panel.frame()).locator(".notice.error").count()).toBe(0);
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, france);
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Shift+V");
    await expect.poll(() => inline(file, 6)).toMatch(flipText);
    await session.shot("works-again");
  });

  it("starts another engine by itself at the next run when the idle one has died", async () => {
    const { workbench, server } = session;
    killEngine();
    await workbench.toast(/engine/i);
    await workbench.closeToasts();
    await workbench.focusEditor(file);
    await workbench.run("State Swap: Run");
    await expect.poll(() => engineProcesses(server)).toHaveLength(1);
    await expect.poll(() => inline(file, 6)).toMatch(flipText);
    await expect.poll(async () => (await inline(file, 6)).includes("out of date")).toBe(false);
    await workbench.run("State Swap: Clear All Results");
  });

  it("asks for a source when no state is copied, and takes a replacement word", async () => {
    const { workbench } = session;
    await workbench.selectByKeyboard(file, france);
    await workbench.run("State Swap: Swap State Here");
    await workbench.quickPickRow("Replacement Word").waitFor();
    await session.shot("choose-source");
    await workbench.quickPickRow("Replacement Word").click();
    await workbench.answer("Italy");
    await expect.poll(() => inline(file, 6)).toMatch(/^flip \d+\/12 .*← ◆Italy$/);
    await session.shot("replacement-word");
    await workbench.run("State Swap: Clear All Results");
  });

  it("keeps two prompts in two editors apart, each with its own result", async () => {
    const { workbench, panel } = session;
    await workbench.openFile("italy.prompt.txt");
    await session.page.keyboard.press("Control+\\");
    await workbench.openFile("france.prompt.txt");
    await workbench.focusEditor("italy.prompt.txt");
    await workbench.selectByKeyboard("italy.prompt.txt", italy);
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inline("italy.prompt.txt", 1)).toContain("state copied");
    await workbench.focusEditor("france.prompt.txt");
    await workbench.selectByKeyboard("france.prompt.txt", france);
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inline("france.prompt.txt", 4)).toMatch(flipText);
    expect(await inline("italy.prompt.txt", 1)).toContain("state copied");
    await panel.openSetup();
    await expect.poll(() => panel.text()).toContain("italy.prompt.txt");
    await session.shot("two-editors");
  });

  it("follows an edit of the source in the other editor, and its undo", async () => {
    const { workbench, panel, page } = session;
    await workbench.focusEditor("italy.prompt.txt");
    await workbench.goTo(1, 1);
    await page.keyboard.type("In ");
    await expect.poll(() => inline("france.prompt.txt", 4)).toContain("out of date");
    expect(await panel.text()).toContain("The source prompt was edited.");
    while ((await inline("france.prompt.txt", 4)).includes("out of date"))
      await page.keyboard.press("Control+Z");
    await expect.poll(() => inline("france.prompt.txt", 4)).toMatch(flipText);
    await expect.poll(() => panel.isStale()).toBe(false);
  });

  it("takes a string literal of a program for a prompt, beside the other result", async () => {
    const { workbench, panel } = session;
    await workbench.focusEditor("france.prompt.txt");
    await workbench.openFile("prompts.py");
    await workbench.selectByKeyboard("prompts.py", france);
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inline("prompts.py", 5)).toMatch(flipText);
    await expect.poll(() => panel.text()).toContain("prompts.py:5");
    await session.shot("string-literal");
    await workbench.openFile("france.prompt.txt");
    await expect.poll(() => inline("france.prompt.txt", 4)).toMatch(flipText);
    await workbench.selectByMouse("france.prompt.txt", france);
    await expect.poll(() => panel.text()).toContain("france.prompt.txt");
  });

  it("shows in a panel that was hidden what happened meanwhile, with its own view kept", async () => {
    const { workbench, panel, page } = session;
    const frame = await panel.runGrid();
    await frame.getByRole("checkbox", { name: "Table" }).click();
    await frame.locator(".heat-table").waitFor();
    await page.keyboard.press("Control+Shift+E");
    await expect.poll(() => panel.isShown()).toBe(false);
    await workbench.openFile("france.prompt.txt");
    await workbench.selectByKeyboard("france.prompt.txt", { text: "Spain" });
    await workbench.run("State Swap: Swap State Here");
    await expect
      .poll(() => inline("france.prompt.txt", 4))
      .toMatch(/^(flip|no flip|never changes).*← ◆Italy/);
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).toMatch(/★Spain/);
    await workbench.run("State Swap: Run Grid");
    await (await panel.frame()).locator(".heat-table").waitFor();
    await session.shot("shown-again");
  });

  it("keeps the results of a file that is renamed", async () => {
    const { workbench, panel, page } = session;
    const shown = await inline("france.prompt.txt", 4);
    await workbench.run("View: Show Explorer");
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "france.prompt.txt" }).click();
    await page.keyboard.press("F2");
    await page.locator(".explorer-folders-view input").fill("paris.prompt.txt");
    await page.keyboard.press("Enter");
    await expect.poll(() => inline("paris.prompt.txt", 4)).toBe(shown);
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).toContain("paris.prompt.txt:");
    await session.shot("renamed");
  });

  it("leaves nothing behind in other editors when results are cleared", async () => {
    const { workbench } = session;
    await workbench.run("State Swap: Clear All Results");
    for (const name of ["paris.prompt.txt", "italy.prompt.txt"]) {
      await expect.poll(() => inlineTexts(workbench.editor(name))).toEqual([]);
    }
    expect(session.outside).toEqual([]);
  });
});
