/** The table of defects names tests that exist. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const rows = fs
  .readFileSync(path.join(root, "docs/panel-defects.md"), "utf8")
  .split("\n")
  .map((line) => /^\| (\d+) +\|.*\| `([^`]+)`: (.+?) *\|$/.exec(line))
  .filter((row) => row !== null);

describe("the table of defects", () => {
  it("has each number once, in order", () => {
    const numbers = rows.map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it.each(rows.map(([, number, file, title]) => [number!, file!, title!]))(
    "defect %s: %s has the test",
    (_, file, title) => {
      const text = fs.readFileSync(path.join(root, file), "utf8");
      const titles = [...text.matchAll(/\b(?:it|test)(?:\.each\([^]*?\))?\(\s*"([^"]+)"/g)].map(
        ([, said]) => said!,
      );
      expect(titles.some((said) => said === title || said.startsWith(`${title},`))).toBe(true);
    },
  );
});
