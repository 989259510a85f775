/** Sentences of the command line: what was done, and what was not. */
import { describe, expect, test } from "vitest";
import { actionOf, emptyPatchWarning } from "../../../src/cli/sentences.ts";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import type { Swap } from "../../../src/shared/condition/kinds/swap.ts";
import type { Outcome } from "../../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../../src/shared/experiment/result.ts";
import { runsOf } from "../../../src/shared/text/ranges.ts";
import { textOf } from "../../../src/shared/words/parts.ts";

function rowOf(k: number, outcome: Outcome, text: string, deltaNorm = 1): SweepRow {
  return {
    k,
    outcome,
    top: [{ id: 1, text, logit: 3, logprob: Math.log(0.5) }],
    targetLogprob: Math.log(0.25),
    sourceLogprob: Math.log(0.5),
    logitDifference: 1,
    rankOfTarget: 2,
    rankOfSource: 1,
    klToBaseline: 0.5,
    recovery: 1,
    deltaNorm,
  };
}

describe("sentences", () => {
  const swap: Swap = {
    kind: "swap",
    align: null,
    pairs: [{ target: 1, source: [0] }],
    sourceLayer: null,
    strength: 1,
  };

  test("a swap of equal states is called out for the k it concerns", () => {
    const rows = [rowOf(0, "target", "a", 0), rowOf(1, "target", "a", 0), rowOf(2, "target", "a")];
    expect(emptyPatchWarning(swap, rows)).toContain("for k 0–1:");
    expect(emptyPatchWarning(swap, rows.slice(2))).toBeNull();
  });

  test("strength 0 asks for no change, so none is called out", () => {
    const rows = [rowOf(0, "target", "a", 0)];
    expect(emptyPatchWarning({ ...swap, strength: 0 }, rows)).toBeNull();
  });

  const prompt = {
    text: null,
    ids: [1, 2, 3, 4],
    tokens: ["a", " b", " c", " d"],
    bos: { policy: "off", added: false },
  } as const;
  const said = (condition: Condition): string =>
    textOf(actionOf({ target: prompt, source: null, condition }, { blocks: 4, bosId: null }).sentence);

  test.each<[Condition, string]>([
    [{ ...swap, sourceLayer: 3, strength: 0.5 }, "before layer k, source state before layer 3, strength 0.5"],
    [{ ...swap, sourceLayer: 4 }, "source state after the last layer"],
    [{ kind: "random", positions: [0, 1, 2], seeds: [4, 5], strength: 1 }, "all tokens but the last, before"],
    [{ kind: "random", positions: [1], seeds: [4, 5], strength: 1 }, "seeds 4–5"],
    [{ kind: "freeze", positions: [1] }, "the input of layer k − 1 kept at '␣b' @1, from layer k on"],
    [{ kind: "skip-attention" }, "no attention at any token, from layer k on"],
    [
      { kind: "mean", positions: [1], over: [0, 1, 2], strength: 1 },
      "the mean of the prompt’s states at '␣b' @1, before layer k, over all tokens but the last",
    ],
  ])("%j is said in words", (condition, words) => {
    expect(said(condition)).toContain(words);
  });

  test("runs of numbers are those without gaps", () => {
    expect(runsOf([1, 2, 4])).toEqual([
      { from: 1, to: 2 },
      { from: 4, to: 4 },
    ]);
  });
});
