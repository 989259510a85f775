/** The key views in light and high contrast, and beside them dark, for eyes; and colours that can be told apart. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { contrast } from "./colors.ts";
import { inlineText, inlineTexts } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, startSession } from "./session.ts";
import { settled, wears } from "./settled.ts";
import type { Theme } from "./workbench.ts";
import { themes } from "./workbench.ts";

const file = "capitals.txt";
const line = 6;
const names = Object.keys(themes) as Theme[];

describe.skipIf(inject("e2e").skip !== null)("themes", () => {
  let session: Session;

  /** Puts a theme on and waits until editor and panel wear it. */
  const wear = async (theme: Theme): Promise<void> => {
    await session.workbench.setTheme(theme);
    await wears(await session.panel.frame(), theme);
    await settled(session.page);
  };
  const shots = async (view: string): Promise<void> => {
    for (const theme of names) {
      await wear(theme);
      await session.shot(view, `themes/${theme}`);
    }
  };
  const background = (): Promise<string> =>
    session.workbench
      .editor(file)
      .locator(".monaco-editor-background")
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);

  beforeAll(async () => {
    session = await startSession({ name: "themes", viewport: { width: 1400, height: 1300 } });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("shows a swap and its grid", async () => {
    const { workbench, panel, page } = session;
    await workbench.openFile(file);
    await workbench.run("State Swap: Open Panel");
    await workbench.setSideBarWidth(460);
    await workbench.focusEditor(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inlineText(workbench.editor(file), line)).toMatch(/^flip \d+\/12 /);
    await page.keyboard.press("End");
    const frame = await panel.runGrid();
    await frame.locator(".strip:not(.preview)").focus();
    await workbench.focusEditor(file);
    await shots("swapped");
  });

  it.each(names)("has inline colours of readable contrast in %s", async (theme) => {
    await wear(theme);
    const ground = await background();
    const mark = (await inlineTexts(session.workbench.editor(file))).find((text) => text.line === line);
    const parts = mark?.parts ?? [];
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(contrast(part.color, ground), part.text).toBeGreaterThanOrEqual(4.5);
    const source = parts.find((part) => part.text.includes("Rome"));
    const target = parts.find((part) => part.text.includes("Paris"));
    expect(source?.color).not.toBe(target?.color);
  });

  it("dims what an edit has put out of date, and keeps it legible", async () => {
    const { workbench, page } = session;
    await workbench.focusEditor(file);
    await workbench.goTo(5, 5);
    await page.keyboard.type("Well, ");
    await expect.poll(() => inlineText(workbench.editor(file), line)).toContain("out of date");
    await shots("stale");
    for (const theme of names) {
      await wear(theme);
      const ground = await background();
      const mark = (await inlineTexts(workbench.editor(file))).find((text) => text.line === line);
      const ratios = (mark?.parts ?? []).map((part) => contrast(part.color, ground));
      // 3: what WCAG asks of large text and of graphics; ordinary text of these editors has 8 and more.
      expect(Math.min(...ratios), theme).toBeGreaterThanOrEqual(3);
    }
    while ((await inlineText(workbench.editor(file), line)).includes("out of date")) {
      await page.keyboard.press("Control+Z");
    }
  });

  it("shows what happened when the engine was lost", async () => {
    const { workbench, server } = session;
    const [engine] = engineProcesses(server);
    await workbench.focusEditor(file);
    // Held still, so that the run cannot end before the kill.
    process.kill(engine!, "SIGSTOP");
    await workbench.run("State Swap: Run");
    await expect.poll(() => inlineText(workbench.editor(file), line)).toContain("running");
    process.kill(engine!, "SIGKILL");
    await workbench.toast(/engine/i);
    await (await session.panel.frame()).getByText("The engine process ended unexpectedly").first().waitFor();
    // The last result stands.
    await expect.poll(() => inlineText(workbench.editor(file), line)).toMatch(/^flip \d+\/12 /);
    await shots("error");
  });
});
