import { it } from "vitest";
import { bundleWebview, openPanel, startBrowser } from "./harness.ts";
import { randomState, besideState, demoState } from "./fixtures/snapshots.ts";
it("probe", async () => {
  const browser = await startBrowser();
  const bundle = await bundleWebview();
  const panel = await openPanel(browser, bundle, { state: {...randomState, condition: {...randomState.condition, choice: {...randomState.condition.choice, where: "chosen"}}} });
  for (const d of await panel.page.locator("vscode-dropdown").all()) console.log(await d.getAttribute("aria-label"), await d.evaluate((e: any) => [e.value, e.displayValue, e.selectedIndex]));
  await panel.send(demoState); await panel.send(randomState);
  for (const d of await panel.page.locator("vscode-dropdown").all()) console.log("2", await d.getAttribute("aria-label"), await d.evaluate((e: any) => [e.value, e.displayValue, e.selectedIndex]));
  for (const theme of ["dark","light","hc-dark","hc-light"] as const) {
   for (const width of [300]) for (const [n,s] of [["beside",besideState],["random",randomState]] as const) {
    const p = await openPanel(browser, bundle, { theme, width, ratio: 2, state: s });
    if (n==="random") await p.page.locator(".condition-line").click();
    await p.page.waitForTimeout(150);
    await p.page.screenshot({ path: `/tmp/shots/${n}-${theme}-${width}.png`, fullPage: true });
    await p.close();
   }
  }
  await browser.close();
}, 200000);
