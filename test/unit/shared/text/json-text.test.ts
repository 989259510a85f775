/** JSON as people and diffs read it. */
import { expect, test } from "vitest";
import { jsonText } from "../../../../src/shared/text/json-text.ts";

test("JSON text parses to the same value, with lists of numbers on one line", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i / 3);
  const value = {
    schema: "x@1",
    none: null,
    numbers,
    rows: [{ k: 0, top: [{ id: 1, text: "a\n" }], numbers }],
  };
  const text = jsonText(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.split("\n").filter((line) => line.includes("0.3333"))).toHaveLength(2);
});
