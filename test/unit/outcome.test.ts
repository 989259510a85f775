/** Outcomes, runs, flips and the sentence that says them. */
import { describe, expect, it } from "vitest";
import type { Outcome, OutcomeRow } from "../../src/shared/outcome.ts";
import { flipOf, outcomeOf, outcomeRuns, verdict } from "../../src/shared/outcome.ts";

const ANSWER: Record<Outcome, string> = { source: " Rome", target: " Paris", neither: " Oslo" };
const LETTER: Record<string, Outcome> = { s: "source", t: "target", n: "neither" };

function rows(letters: string, from = 0): OutcomeRow[] {
  return Array.from(letters, (letter, i) => {
    const outcome = LETTER[letter]!;
    return { k: from + i, outcome, answer: ANSWER[outcome] };
  });
}

describe("an outcome", () => {
  it("is target, source or neither by the most likely token; the target's own answer wins a tie", () => {
    expect(outcomeOf(1, 1, 2)).toBe("target");
    expect(outcomeOf(2, 1, 2)).toBe("source");
    expect(outcomeOf(3, 1, 2)).toBe("neither");
    expect(outcomeOf(1, 1, 1)).toBe("target");
    expect(outcomeOf(2, 1, null)).toBe("neither");
  });
});

describe("the flip", () => {
  it.each([
    ["sssttt", 3],
    ["ssnntt", 4],
    ["tstt", 2],
    ["nnnt", 3],
  ])("of %s is the first k of the final run of target outcomes: %i", (letters, k) => {
    expect(flipOf(rows(letters), letters.length)).toEqual({ k, of: letters.length });
  });

  it.each(["tttt", "ssss", "ttss", "sttn"])("of %s is none", (letters) => {
    expect(flipOf(rows(letters), letters.length)).toBeNull();
  });

  it("needs the last block: a range that ends before it has none", () => {
    expect(flipOf(rows("sstt"), 6)).toBeNull();
    expect(flipOf(rows("sstt", 2), 6)).toEqual({ k: 4, of: 6 });
    expect(flipOf([], 6)).toBeNull();
  });
});

describe("the verdict", () => {
  it("names the flip and its depth", () => {
    expect(verdict(rows("sstt"), 4)).toBe("Rome for k 0–1, Paris for k 2–3: flips at k = 2 of 4 (50 %).");
  });

  it("shows all other changes, neither included", () => {
    expect(verdict(rows("tsnt"), 4)).toBe(
      "Paris for k 0, Rome for k 1, Oslo for k 2, Paris for k 3: flips at k = 3 of 4 (75 %).",
    );
  });

  it("says that nothing changes, and what that means", () => {
    expect(verdict(rows("tttt"), 4)).toContain("never changes");
    expect(verdict(rows("ssss"), 4)).toContain("never changes");
  });

  it("says why there is no flip", () => {
    expect(verdict(rows("sstt"), 9)).toContain("the range ends before the last block (k = 8)");
    expect(verdict(rows("ttss"), 4)).toContain("the last block does not give the unpatched answer");
  });
});

it("runs split where the answer changes, also between two that are neither", () => {
  const mixed: OutcomeRow[] = [
    { k: 0, outcome: "neither", answer: " Oslo" },
    { k: 1, outcome: "neither", answer: " Bern" },
    { k: 2, outcome: "neither", answer: " Bern" },
  ];
  expect(outcomeRuns(mixed).map(({ from, to }) => [from, to])).toEqual([
    [0, 0],
    [1, 2],
  ]);
});
