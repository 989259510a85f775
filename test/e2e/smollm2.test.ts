/** The walk once more on a real language model, where its file is there: `npm run model:smollm2`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";

const model = join(import.meta.dirname, "../../models/SmolLM2-135M-Instruct.Q4_1.gguf");
const file = "capitals.txt";
const line = 6;
const patience = { timeout: 150_000 };

if (!existsSync(model)) {
  console.warn("\n  SKIPPED: the walk on SmolLM2: run `npm run model:smollm2` first (98 MB).\n");
}

describe.skipIf(inject("e2e").skip !== null || !existsSync(model))("the walk on SmolLM2", () => {
  let session: Session;
  let flip = 0;
  const inline = (): Promise<string> => inlineText(session.workbench.editor(file), line);

  beforeAll(async () => {
    session = await startSession({ name: "smollm2", viewport: { width: 1280, height: 1280 } });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("opens the model file that the user selects", async () => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.choose("State Swap: Select Model…", "Model File");
    await workbench.chooseFile("Model File", model);
    await expect
      .poll(() => workbench.statusItems(), patience)
      .toEqual([expect.stringMatching(/SmolLM2-135M/)]);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toBe("◆ state copied: ␣Italy @2 of 3");
  });

  it("finds the flip of France to Italy", async () => {
    const { workbench, panel } = session;
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect
      .poll(inline, patience)
      .toMatch(/^flip \d+\/30 {2}◆“Rome” 0–\d+ {2}(?:.* {2})?★“Paris” \d+–29 {2}← ◆Italy$/);
    flip = Number(/flip (\d+)/.exec(await inline())![1]);
    await workbench.run("State Swap: Open Panel");
    await workbench.setSideBarWidth(450);
    await expect.poll(() => panel.stripLetters()).toMatch(new RegExp(`^S.*[^T]T{${30 - flip}}$`));
    expect(await panel.text()).not.toContain("demonstration model");
    await session.shot("swapped");
  });

  it("streams the grid and shows it", async () => {
    const { panel } = session;
    await panel.startLongGrid();
    const frame = await panel.frame();
    await frame.locator(".progress-count").waitFor();
    await session.shot("grid-running");
    await expect.poll(() => frame.locator(".progress").count(), patience).toBe(0);
    await expect.poll(() => frame.locator(".grid-size").innerText()).toMatch(/× 30(?: layers)?$/);
    await frame.locator(".heat").focus();
    await expect.poll(() => panel.heatmapCell()).toMatch(/France/);
    await frame.locator(".heat").press("Home");
    await expect.poll(() => panel.heatmapCell()).toMatch(/^k 0, .*: Rome, source/);
    await session.shot("grid");
  });

  it("steps to the flip", async () => {
    const { workbench, panel } = session;
    await workbench.focusEditor(file);
    await workbench.run("State Swap: Step Layer Down");
    await expect.poll(() => panel.stripValue()).toContain(`k = ${flip - 1}: `);
    await workbench.run("State Swap: Step Layer Up");
    await expect.poll(() => panel.stripValue()).toBe(`k = ${flip}: Paris, target`);
    await session.shot("stepped");
  });
});
