/** Whether a panel holds all of itself within its width. */
import type { Panel } from "./harness.ts";

/** Words that stand on two lines, those aside that stand in columns of a character's width: tokens as chips. */
export async function brokenWords(panel: Panel): Promise<string[]> {
  return panel.page.evaluate(() => {
    const broken: string[] = [];
    const texts = document.createTreeWalker(document.querySelector(".panel")!, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.parentElement!.closest(".sr-only, .chip, vscode-option")) continue;
      for (const { index, 0: word } of node.textContent!.matchAll(/[^\s–-]+/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set(
          [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)),
        );
        if (lines.size > 1) broken.push(word);
      }
    }
    return broken;
  });
}

/** Numbers that are cut by the column that they stand in. */
export async function cutNumbers(panel: Panel): Promise<string[]> {
  return panel.page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        ".answers .number, .flip-column, .axis > *, dd, .curve-labels .dim",
      ),
    ]
      .filter(
        (one) =>
          one.offsetParent !== null &&
          one.scrollWidth > one.clientWidth + 1 &&
          getComputedStyle(one).display !== "inline",
      )
      .map((one) => one.textContent),
  );
}

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
