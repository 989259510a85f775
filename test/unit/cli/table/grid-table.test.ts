/** A grid's table: every k once, whatever the width. */
import { describe, expect, test } from "vitest";
import { styleFor } from "../../../../src/cli/style.ts";
import { gridLines } from "../../../../src/cli/table/grid-table.ts";
import type { GridCells } from "../../../../src/cli/table/grid-table.ts";
import { displayWidth } from "../../../../src/shared/text/text-width.ts";

const plain = styleFor({}, {});

describe("the grid table", () => {
  const grid = (blocks: number): GridCells => ({
    target: { tokens: ["The", " France", " 日本"], positions: [1] },
    layers: { from: 2, to: blocks + 1 },
    outcome: Array.from({ length: blocks }, () => ["source", "target", "neither"] as const),
  });

  test.each([4, 30, 80, 200])("%i blocks fit 80 columns, every k once for each token", (blocks) => {
    const lines = gridLines(grid(blocks), plain, 80);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const marks = lines
      .filter((line) => line.includes("France"))
      .map((line) => line.replace(/^.*France/, ""));
    expect(marks.join("").replaceAll(" ", "")).toBe("★".repeat(blocks));
  });

  test("the heading's numbers stand above their columns", () => {
    const [heading, first] = gridLines(grid(12), plain, 200);
    expect(heading).toContain(" 2  3  4");
    expect(heading!.length).toBe(first!.length);
  });
});
