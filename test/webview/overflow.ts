/** Whether a panel holds all of itself within its width. */
import type { Panel } from "./harness.ts";

/** Elements that reach beyond the panel's right edge, scrollable regions aside. */
export async function overflowing(panel: Panel): Promise<string[]> {
  return panel.page.evaluate(() => {
    const wide = [...document.querySelectorAll<HTMLElement>(".panel *")].filter(
      (element) =>
        element.getBoundingClientRect().right > window.innerWidth + 0.5 &&
        element.closest(".heat-table, .rerun-lines, .sr-only, svg, .chip, dt .long") === null,
    );
    const scrolls =
      document.documentElement.scrollWidth > window.innerWidth ? ["the page scrolls sideways"] : [];
    return [...scrolls, ...wide.map((element) => element.outerHTML.slice(0, 120))];
  });
}
