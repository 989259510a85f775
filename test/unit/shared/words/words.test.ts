/** Wordings that every face shares: positions, probabilities, answers, the size of a change. */
import { describe, expect, it } from "vitest";
import { parseSpan } from "../../../../src/shared/prompt/span-syntax.ts";
import { probabilityText } from "../../../../src/shared/text/format.ts";
import { placeText } from "../../../../src/shared/text/ranges.ts";
import { answerName } from "../../../../src/shared/words/answer.ts";
import { deltaText } from "../../../../src/shared/words/facts.ts";

describe("token positions", () => {
  it.each([
    [21, 21],
    [21, 22],
  ])("%i to %i are written as --swap reads them", (from, to) => {
    expect(parseSpan(placeText({ from, to }))).toEqual({ kind: "tokens", from, to });
  });
});

describe("a probability", () => {
  it("has three decimals, and keeps its size where they would say nothing", () => {
    expect([0.984, 0.0005, 4e-5, 0].map((p) => probabilityText(Math.log(p)))).toEqual([
      ...["0.984", "0.001", "4e-5", "0.000"],
    ]);
    expect(probabilityText(null)).toBe("–");
  });
});

describe("an answer's name", () => {
  it.each([
    [" Rome", "Rome"],
    [",", "','"],
    ["\n", "'⏎'"],
    [" ", "'␣'"],
    ["", "''"],
  ])("of %j is %s", (text, name) => {
    expect(answerName(text)).toBe(name);
  });
});

it("‖Δh‖ is told with its k, from the least to the most over seeds", () => {
  const rows = [
    { k: 3, deltaNorm: 12.34 },
    { k: 3, deltaNorm: 123.4 },
    { k: 4, deltaNorm: 1 },
  ];
  expect(deltaText(rows, 3)).toBe("‖Δh‖ 12.3 … 123 at k = 3");
  expect(deltaText(rows, 4)).toBe("‖Δh‖ 1.00 at k = 4");
  expect(deltaText(rows, 5)).toBeNull();
});
