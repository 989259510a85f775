/** Two runs in words: which k differ is said by number, and counted where they are many. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import { flipOf } from "../../../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import type { ComparedRun } from "../../../../src/shared/words/run-comparison.ts";
import { comparisonText } from "../../../../src/shared/words/run-comparison.ts";
import { DEMO_STATE } from "../../../support/panel/snapshots.ts";

const { rows: all, answers } = DEMO_STATE.sweep!;

/** A run whose outcomes are those of `letters`, one for each k from 0 on: source, target, neither. */
function run(name: string, letters: string): ComparedRun {
  const outcomes: Readonly<Record<string, Outcome>> = { s: "source", t: "target", n: "neither" };
  const rows = Array.from(letters, (letter, k): SweepRow => ({ ...all[k]!, k, outcome: outcomes[letter]! }));
  return { name, rows, answers, flip: flipOf(rows, letters.length), blocks: letters.length };
}

describe("two runs in words", () => {
  it("say which k differ, in ranges", () => {
    expect(comparisonText(run("A", "ssssstttt"), run("B", "snnsstttt"))).toBe(
      "Both flip at k 5. The same outcome at 7 of 9 layers, another at k 1–2.",
    );
    expect(comparisonText(run("A", "sssttttt"), run("B", "nssstttt"))).toBe(
      "A flips at k 3, B at k 4: one layer later. The same outcome at 6 of 8 layers, another at k 0, 3.",
    );
  });

  it("say so where none does", () => {
    expect(comparisonText(run("A", "ssttt"), run("B", "ssttt"))).toBe(
      "Both flip at k 2. The same outcome at all 5 layers that both have.",
    );
  });

  it("break off where k differ in many places", () => {
    expect(comparisonText(run("A", "snsnsnsnsnsnsnst"), run("B", "ssssssssssssssst"))).toContain(
      "at 9 of 16 layers, another at k 1, 3, 5, 7, 9, 11, ….",
    );
  });
});
