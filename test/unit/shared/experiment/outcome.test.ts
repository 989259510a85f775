/** Outcomes, their runs, and flips. */
import { describe, expect, it } from "vitest";
import type { Outcome, OutcomeRow } from "../../../../src/shared/experiment/outcome.ts";
import { flipOf, outcomeOf, outcomeRuns, rowPerK } from "../../../../src/shared/experiment/outcome.ts";

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

/** Rows of several seeds, one word for each k: `stt` = three seeds at that k. */
function seeds(...words: string[]): OutcomeRow[] {
  return words.flatMap((word, k) => rows(word).map((row) => ({ ...row, k })));
}

describe("several seeds", () => {
  it("are target only where all are: one that is not takes its k with it", () => {
    expect(flipOf(seeds("nnn", "ntt", "ttt"), 3)).toEqual({ k: 2, of: 3 });
    expect(flipOf(seeds("nnn", "ttt", "ttn"), 3)).toBeNull();
    expect(flipOf(seeds("tn", "tt"), 2)).toEqual({ k: 1, of: 2 });
    expect(flipOf(seeds("tt", "tt"), 2)).toBeNull();
  });

  it("give one row for each k, with the most frequent of the other outcomes", () => {
    expect(rowPerK(seeds("nss", "ttn", "ttt")).map((row) => row.outcome)).toEqual([
      "source",
      "neither",
      "target",
    ]);
    const answers = [" a", " b", " b"].map((answer) => ({ k: 0, outcome: "neither" as const, answer }));
    expect(rowPerK(answers)).toEqual([{ k: 0, outcome: "neither", answer: " b" }]);
  });

  it("make runs over k, not over rows", () => {
    expect(outcomeRuns(seeds("nn", "nn", "tt"))).toEqual([
      { from: 0, to: 1, outcome: "neither", answer: " Oslo" },
      { from: 2, to: 2, outcome: "target", answer: " Paris" },
    ]);
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
