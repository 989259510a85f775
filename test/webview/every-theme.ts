/** One open panel gone through in all four kinds of theme: axe's rules, what reaches out of it, pictures to look at. */
import { join } from "node:path";
import { violations } from "../support/axe.ts";
import { outputFolder, THEMES } from "./harness.ts";
import type { Panel } from "./harness.ts";
import { overflowing } from "./overflow.ts";

/**
 * What is wrong with a panel, opened in the first theme, in any of them, one line for each fault; the theme is changed as VS Code changes it,
 * without opening the page again. All of axe's rules are asked in the first theme; the others ask those about colour
 * alone. That is all they could add: the tree that assistive technology reads is compared with the first theme's, and
 * a difference is a fault by itself.
 *
 * @param picture name of the screenshots, `*` stands for the theme: of each theme that has a fault, and of all where
 *   SWAP_PICTURES is set; none are taken when left out
 */
export async function faultsInEveryTheme(panel: Panel, picture?: string): Promise<string[]> {
  const faults: string[] = [];
  let firstTree: string | undefined;
  for (const theme of THEMES) {
    // The page is opened in the first one.
    if (firstTree !== undefined) await panel.setTheme(theme);
    const tree = await panel.page.locator("body").ariaSnapshot();
    const found = [
      ...(await violations(panel.page, firstTree === undefined ? "all" : "colour")),
      ...(await overflowing(panel)),
      ...(firstTree !== undefined && tree !== firstTree ? [`other accessibility tree:\n${tree}`] : []),
    ];
    firstTree ??= tree;
    faults.push(...found.map((fault) => `${theme}: ${fault}`));
    if (picture !== undefined && (found.length > 0 || "SWAP_PICTURES" in process.env)) {
      const path = join(outputFolder, `${picture.replace("*", theme)}.png`);
      await panel.page.screenshot({ path, fullPage: true });
    }
  }
  return faults;
}
