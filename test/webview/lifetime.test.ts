/** The panel over time: hidden and shown, streaming, progress that does not flicker, errors, results out of date. */
import { describe, expect, it } from "vitest";
import {
  DEMO_STATE,
  EMPTY_STATE,
  largeState,
  STREAMING_STATE,
  TROUBLED_STATE,
} from "../support/panel/snapshots.ts";
import { canRun, usePanels } from "./harness.ts";
import type { Panel, PanelOptions } from "./harness.ts";
import { part } from "../../src/shared/words/parts.ts";

describe.skipIf(!canRun())("the panel over time", () => {
  const open = usePanels();
  const show = (options: PanelOptions = {}): Promise<Panel> =>
    open({ state: DEMO_STATE, setup: true, ...options });

  it("asks for the state once when it appears, and again after it was hidden", async () => {
    const panel = await show();
    expect(await panel.readyCount()).toBe(1);
    await panel.page.reload();
    expect(await panel.readyCount()).toBe(1);
  });

  it("loses nothing when hidden and shown: scroll, metric, folds, comparison", async () => {
    const panel = await show({ state: { ...largeState(), sweep: DEMO_STATE.sweep, k: 17 }, width: 250 });
    const { page } = panel;
    await page.getByRole("combobox", { name: "Metric of the heatmap" }).click();
    await page.getByRole("option", { name: "Rank of target answer" }).click();
    await page.getByRole("checkbox", { name: "Compare with the unpatched run" }).click();
    await page.getByRole("button", { name: "Show all 200 tokens" }).click();
    await page.getByRole("button", { name: "Controls", exact: true }).click();
    await page.locator(".heat").evaluate((element) => {
      element.scrollTop = 900;
    });
    await page.evaluate(() => {
      window.scrollTo(0, 500);
    });
    await panel.intents();

    await page.reload();
    await panel.send({ ...largeState(), sweep: DEMO_STATE.sweep, k: 17 });
    expect(await page.getByRole("combobox", { name: "Metric of the heatmap" }).textContent()).toContain(
      "Rank of target answer",
    );
    expect(await page.locator("vscode-checkbox", { hasText: "Compare" }).getAttribute("aria-checked")).toBe(
      "true",
    );
    expect(await page.locator(".chips.target .chip").count()).toBe(200);
    expect(
      await page.getByRole("button", { name: "Controls", exact: true }).getAttribute("aria-expanded"),
    ).toBe("false");
    expect(await page.locator(".heat").evaluate((element) => element.scrollTop)).toBe(900);
    expect(await page.evaluate(() => window.scrollY)).toBe(500);
    expect(await panel.intents()).toEqual([]);
  });

  it("shows no progress for short work, and a way out of long work", async () => {
    const panel = await show();
    // Begun and ended in one go, whatever else the machine does; watched for longer than work is hidden.
    const wasDrawn = await panel.page.evaluate(
      async (states) => {
        let drawn = false;
        new MutationObserver(() => {
          drawn ||= document.querySelector("[role=progressbar]") !== null;
        }).observe(document.body, { childList: true, subtree: true });
        for (const state of states) window.postMessage({ type: "state", state }, "*");
        await new Promise((resolve) => setTimeout(resolve, 500));
        return drawn;
      },
      [{ ...DEMO_STATE, progress: STREAMING_STATE.progress }, DEMO_STATE],
    );
    expect(wasDrawn).toBe(false);
    await panel.send(STREAMING_STATE);
    await panel.page.getByRole("progressbar").waitFor();
    expect(
      await panel.page
        .getByRole("progressbar", { name: "Sweep over 30 layers" })
        .getAttribute("aria-valuenow"),
    ).toBe("12");
    await panel.page.getByRole("button", { name: "Cancel" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "cancel" }]);
  });

  it("adds streaming rows without replacing those that stand", async () => {
    const panel = await show({ state: STREAMING_STATE });
    const cells = panel.page.locator(".strip-cell");
    expect(await panel.page.locator(".strip-cell.empty").count()).toBe(18);
    await cells.nth(0).evaluate((cell) => {
      cell.setAttribute("data-witness", "kept");
    });
    await panel.send(DEMO_STATE);
    expect(await panel.page.locator(".strip-cell.empty").count()).toBe(0);
    expect(await cells.nth(0).getAttribute("data-witness")).toBe("kept");
  });

  it("says why a result is out of date and offers to run again", async () => {
    const panel = await show({ state: TROUBLED_STATE });
    const notices = panel.page.locator(".notice.stale");
    expect(await notices.allTextContents()).toEqual([
      "Out of date. The prompt was edited.",
      "Out of date. The prompt was edited.Run Grid",
    ]);
    await panel.page.locator(".setup-row vscode-button").click();
    await notices.nth(1).getByRole("button").click();
    expect(await panel.newIntents()).toEqual([
      { type: "command", command: "runSweep" },
      { type: "command", command: "runGrid" },
    ]);
  });

  it("announces an error with its hint and what helps", async () => {
    const panel = await show({ state: TROUBLED_STATE });
    const alert = panel.page.getByRole("alert");
    expect(await alert.textContent()).toContain("The engine stopped while it ran the sweep.Restart it");
    for (const name of ["Restart Engine", "Show Log", "Dismiss"])
      await alert.getByRole("button", { name }).click();
    expect(await panel.newIntents()).toEqual([
      { type: "command", command: "restartEngine" },
      { type: "command", command: "showLog" },
      { type: "dismissError" },
    ]);
    await panel.page.evaluate(() => {
      document.scrollingElement!.scrollTo(0, 400);
    });
    const { y } = (await panel.page.locator(".notice.error").boundingBox())!;
    expect(y, "in sight though the panel is scrolled").toBeGreaterThanOrEqual(0);
    await panel.send(DEMO_STATE);
    expect(await alert.count()).toBe(0);
  });

  it("tells a newcomer how to begin", async () => {
    const panel = await show({ state: EMPTY_STATE });
    await panel.page.getByRole("button", { name: "Run Demo" }).click();
    await panel.page.getByRole("button", { name: "Open a Prompt" }).click();
    await panel.page.getByRole("button", { name: "Select Model" }).click();
    expect(await panel.newIntents()).toEqual([
      { type: "command", command: "runDemo" },
      { type: "command", command: "openPrompt" },
      { type: "command", command: "selectModel" },
    ]);
  });

  it("shows texts of a prompt as text, whatever they hold", async () => {
    const hostile = `<img src=x onerror="document.title='owned'">`;
    const tokens = DEMO_STATE.target!.tokens.map((token) => ({ ...token, text: hostile }));
    const panel = await show({
      state: { ...DEMO_STATE, sentence: [part(hostile)], target: { ...DEMO_STATE.target!, tokens } },
    });
    expect(await panel.page.locator(".panel img").count()).toBe(0);
    expect(await panel.page.title()).toBe("State Swap");
    expect(await panel.page.locator(".sentence").textContent()).toBe(hostile);
  });
});
