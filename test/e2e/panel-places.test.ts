/** The panel's places in the real editor: a tab with two columns beside the side bar's view, both of one state; the secondary side bar. */
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { PANEL_EDITOR_ID } from "../../src/extension/ids.ts";
import { inlineText } from "./marks.ts";
import { Panel } from "./panel.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";
import { storesAsOpen } from "./settled.ts";
import { isOldest } from "./workbench.ts";

const file = "capitals.txt";
const line = 6;
/** From this width on the panel has two columns, CSS pixels. */
const TWO_COLUMNS = 800;

describe.skipIf(inject("e2e").skip !== null)("the panel's places", () => {
  let session: Session;
  /** The panel by its width: that of a tab, and that of a side bar. */
  let wide: Panel;
  let narrow: Panel;

  /** Puts Italy over France and waits for the verdict. */
  const swap = async (): Promise<void> => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inlineText(workbench.editor(file), line)).toMatch(/^flip \d+\/12 .*Italy$/);
  };
  const tabs = () => session.page.locator(".tab", { hasText: "State Swap" });
  const left = async (frame: Frame, selector: string): Promise<number> =>
    frame.locator(selector).evaluate((element) => element.getBoundingClientRect().x);

  beforeAll(async () => {
    session = await startSession({ name: "panel-places", viewport: { width: 1600, height: 1000 } });
    const widthAtLeast = (least: number, most: number) => (width: number) => width >= least && width < most;
    wide = new Panel(session.page, "main.panel:not(.session)", widthAtLeast(TWO_COLUMNS, Infinity));
    narrow = new Panel(session.page, "main.panel:not(.session)", widthAtLeast(0, TWO_COLUMNS));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("opens as a tab, with the answers under the map in a second column", async () => {
    const { workbench } = session;
    await swap();
    await workbench.run("State Swap: Open Panel in Editor");
    const frame = await wide.runGrid();
    expect(await wide.stripLetters()).toMatch(/^S+T+$/);
    expect(await left(frame, ".section-grid")).toBeGreaterThan(300);
    expect(await left(frame, ".section-answers")).toBe(await left(frame, ".section-grid"));
    await session.shot("tab");
    await workbench.run("State Swap: Open Panel in Editor");
    expect(await tabs().count()).toBe(1);
  });

  it("shows the same in the side bar, whichever of the two it is changed in", async () => {
    const { workbench } = session;
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => narrow.stripLetters()).toBe(await wide.stripLetters());
    for (const [here, there, k] of [
      [wide, narrow, 3],
      [narrow, wide, 9],
    ] as const) {
      await (await here.frame()).locator(`.strip:not(.preview) .strip-cell[data-k="${k}"]`).click();
      await expect.poll(async () => (await there.strip()).find(({ current }) => current)?.k).toBe(k);
    }
    await session.shot("tab-and-side-bar");
  });

  it("shows a token beside the tab, which stays in sight", async () => {
    const { workbench } = session;
    const frame = await wide.openSetup();
    await frame.locator(".chips.target .chip.chosen").first().click();
    await workbench.editor(file).locator(".view-line").first().waitFor();
    expect(await (await new Panel(session.page).frame()).locator(".strip").count()).toBeGreaterThan(0);
    await expect.poll(() => tabs().getAttribute("class")).toMatch(/\bactive\b/);
    await session.shot("token-beside-tab");
  });

  it("moves to the secondary side bar, so that the explorer stays", async () => {
    const { workbench, page } = session;
    const explorer = page.locator(".part.sidebar .explorer-viewlet");
    await workbench.run("View: Close All Editors");
    await workbench.openFile(file);
    await workbench.run("State Swap: Move Panel to Secondary Side Bar");
    if (isOldest) await workbench.quickPickRow("New Secondary Side Bar Entry").click();
    const right = page.locator(".part.auxiliarybar");
    await right.waitFor();
    await workbench.run("View: Show Explorer");
    await explorer.waitFor();
    expect(await narrow.stripLetters()).toMatch(/^S+T+$/);
    await session.shot("secondary-side-bar");
    await workbench.run("State Swap: Open Panel");
    expect(await explorer.isVisible()).toBe(true);
  });

  it("is where it was after a reload, tab and side bar, with the result", async () => {
    const { workbench, page } = session;
    await workbench.run("View: Close All Editors");
    await workbench.openFile(file);
    await workbench.run("State Swap: Open Panel in Editor");
    await expect.poll(() => wide.stripLetters()).toMatch(/^S+T+$/);
    await storesAsOpen(page, PANEL_EDITOR_ID, true);
    await page.reload();
    await expect.poll(() => wide.stripLetters()).toMatch(/^S+T+$/);
    // The oldest editor keeps what stands there, not that it was open.
    if (isOldest) await workbench.run("View: Toggle Secondary Side Bar Visibility");
    await page.locator(".part.auxiliarybar").waitFor();
    await expect.poll(() => narrow.stripLetters()).toMatch(/^S+T+$/);
    expect(await tabs().count()).toBe(1);
    await session.shot("after-reload");
  });
});
