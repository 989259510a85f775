/** The panel in all four kinds of theme, narrow and wide: no axe violation, nothing cut off; screenshots to look at. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as snapshots from "../support/panel/snapshots.ts";
import { faultsInEveryTheme } from "./every-theme.ts";
import { bundleWebview, canRun, openFolds, openPanel, outputFolder, startBrowser } from "./harness.ts";
import type { Bundle } from "./harness.ts";

const states = snapshots.PANEL_STATES;

describe.skipIf(!canRun())("the panel in every theme", () => {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(async () => {
    await browser.close();
  });

  describe.each([250, 1200])("at %d px", (width) => {
    it.concurrent.each(states)(
      "has no axe violation and cuts nothing off in any theme: %s",
      async (name, state) => {
        const panel = await openPanel(browser, bundle, { width, state });
        if (state.progress) await panel.page.locator(".progress").waitFor();
        expect(await faultsInEveryTheme(panel, `${name}-*-${width}`)).toEqual([]);
        await panel.close();
      },
    );
  });

  it.concurrent("has no axe violation with the conditions and the answers' fields open", async () => {
    const panel = await openPanel(browser, bundle, { state: snapshots.RANDOM_STATE, setup: true });
    await panel.page.getByRole("button", { name: "Change answers" }).click();
    await panel.page.getByRole("button", { name: "About this result" }).click();
    await panel.page.locator(".condition-line").click();
    await panel.page.locator(".condition-card").first().waitFor();
    expect(await faultsInEveryTheme(panel, "conditions-*-400")).toEqual([]);
    await panel.close();
  });

  it.concurrent("has no axe violation with the table, a number metric and the comparison open", async () => {
    const panel = await openPanel(browser, bundle, { state: snapshots.DEMO_STATE });
    const { page } = panel;
    await page.getByRole("combobox", { name: "Metric of the heatmap" }).click();
    await page.getByRole("option", { name: "Logit difference" }).click();
    await page.getByRole("checkbox", { name: "Compare with the unpatched run" }).click();
    await page.getByRole("grid").focus();
    expect(await faultsInEveryTheme(panel, "logits-*-400"), "map").toEqual([]);
    await page.getByRole("checkbox", { name: "Table" }).click();
    expect(await faultsInEveryTheme(panel, "table-*-400"), "table").toEqual([]);
    await panel.close();
  });

  it("finds what only one theme breaks", async () => {
    const panel = await openPanel(browser, bundle, { state: snapshots.EMPTY_STATE });
    // An adopted style sheet: the content security policy refuses a style element.
    await panel.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        "body.vscode-light .panel p { color: #ccc } body.vscode-high-contrast .panel button { display: none }",
      );
      document.adoptedStyleSheets.push(sheet);
    });
    const faults = await faultsInEveryTheme(panel);
    expect(faults.some((fault) => fault.startsWith("light: color-contrast"))).toBe(true);
    expect(faults.some((fault) => fault.startsWith("hc-dark: other accessibility tree"))).toBe(true);
    expect(faults.filter((fault) => /^(dark|hc-light)/.test(fault))).toEqual([]);
    await panel.close();
  });

  it("breaks no rule of the content security policy but the toolkit's own known one", async () => {
    const panel = await openPanel(browser, bundle, { state: snapshots.STORED_STATE });
    // The toolkit's foundation adds one empty style element; adopted style sheets, which it really uses, are allowed.
    const known = /Applying inline style violates .*47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=/s;
    expect(panel.complaints.filter((text) => !known.test(text))).toEqual([]);
    expect(panel.complaints.length).toBeLessThanOrEqual(1);
    await panel.close();
  });

  it("draws the locked cell's frame in the system's text colour when colours are forced", async () => {
    const panel = await openPanel(browser, bundle, {
      theme: "hc-dark",
      width: 400,
      state: snapshots.DEMO_STATE,
    });
    await panel.page.emulateMedia({ forcedColors: "active" });
    await openFolds(panel.page);
    // axe knows the theme's colours only, not the forced ones: the frame left of the cell ␣France @21, k = 17 stands for all.
    const frame = (): Promise<number[]> =>
      panel.page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".heat canvas")!;
        const x = Math.round((17 * canvas.width) / 30) - 1;
        return [...canvas.getContext("2d")!.getImageData(x, 21 * 15 + 7, 1, 1).data];
      });
    await expect.poll(frame).toEqual([0, 0, 0, 255]);
    await panel.page.screenshot({ path: join(outputFolder, "demo-forced-colors-400.png"), fullPage: true });
    await panel.close();
  });
});
