/** The place where a text stops being JSON is found in all texts, and only where there is one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "../../../../src/shared/session/json-fault.ts";

describe("the place where a text stops being JSON", () => {
  it("is none for JSON, and found for all else", () => {
    const almost = fc.string({ unit: fc.constantFrom(...'[]{},:"\\0123-.eE+ truefalsn\n\t'.split(/(?!^)/)) });
    fc.assert(
      fc.property(fc.oneof(fc.json(), almost), (text) => {
        expect(jsonFault(text) === null).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a" 1\n}', 2, 7],
    ["[1 2]", 1, 4],
    ['{"a": nul}', 1, 7],
    ["{} x", 1, 4],
    ['{"a": 1} // comment', 1, 10],
    ["[1, /* comment */ 2]", 1, 5],
    ['["a\\q"]', 1, 2],
    ["[01]", 1, 3],
    ["[\r\n1\r\n2]", 3, 1],
    ["\uFEFF{}", 1, 1],
  ])("of %j is line %i, column %i", (text, line, column) => {
    expect(jsonFault(text)).toMatchObject({ line, column });
  });

  it.each([
    ['{"a": "b', "the file ends too early"],
    ["[1, 2.", "the file ends too early"],
    ["[1, fal", "the file ends too early"],
    ["{", "the file ends too early"],
    ["{} x", "nothing may follow the end"],
    ["[1 2", "a comma or ] is expected"],
    ['{"a": fal, "b": 1}', "a value is expected"],
    ['{"a" "b"}', "a colon is expected"],
    ["{a: 1}", "the name of a field is expected"],
  ])("of %j is said to be: %s", (text, what) => {
    expect(jsonFault(text)?.what).toBe(what);
  });

  it("is found at any depth", () => {
    expect(jsonFault("[".repeat(200_000))).toMatchObject({ offset: 200_000 });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
