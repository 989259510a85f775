/** Accessibility rules, checked on an open page or on a frame of one. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame, Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The rules of axe's tag `cat.color` that it runs unasked: they alone read colours. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * Every rule of axe that the page breaks, one line for each element.
 *
 * @param rules all that axe runs unasked, or those about colour alone
 */
export async function violations(page: Page | Frame, rules: "all" | "colour" = "all"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const options: RunOptions = {
    resultTypes: ["violations"],
    ...(rules === "colour" && { runOnly: { type: "rule", values: COLOUR_RULES } }),
  };
  const results = await page.evaluate(
    (given) =>
      (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run(
        given,
      ),
    options,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`,
    ),
  );
}
