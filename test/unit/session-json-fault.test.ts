/** The place where a text stops being JSON is found in all texts, and only where there is one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "../../src/shared/session/json-fault.ts";

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
  ])("of %j is line %i, column %i", (text, line, column) => {
    expect(jsonFault(text)).toMatchObject({ line, column });
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
