/** The verdict: one sentence on what a sweep showed, the same on every surface, with each answer as a part of its own. */
import { describe, expect, it } from "vitest";
import { painted, styleFor } from "../../../../src/cli/style.ts";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import type { Condition } from "../../../../src/shared/condition/condition.ts";
import { givesTarget } from "../../../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import { setLanguage } from "../../../../src/shared/text/language.ts";
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import type { VerdictFacts } from "../../../../src/shared/words/verdict.ts";
import { verdictHead } from "../../../../src/shared/words/verdict-head.ts";
import { shortVerdict, verdict, verdictFacts } from "../../../../src/shared/words/verdict.ts";

type Row = Pick<SweepRow, "k" | "outcome" | "top" | "klToBaseline">;

const ANSWER: Record<Outcome, string> = { source: " Rome", target: " Paris", neither: " Oslo" };
const LETTER: Record<string, Outcome> = { s: "source", t: "target", n: "neither" };

function row(k: number, outcome: Outcome, text = ANSWER[outcome], klToBaseline = 0.5): Row {
  return { k, outcome, top: [{ id: 0, text, logit: 0, logprob: 0 }], klToBaseline };
}

function rows(letters: string, from = 0): Row[] {
  return Array.from(letters, (letter, i) => row(from + i, LETTER[letter]!));
}

function said(told: readonly Row[], facts: Partial<VerdictFacts> = {}): string {
  return textOf(verdict(told, { kind: "swap", blocks: told.length, givesTarget: true, ...facts }));
}

describe("the verdict", () => {
  it("names the condition that was ignored", () => {
    expect(said(rows("tt"), { kind: "zero" })).toBe("Paris for k 0–1: never changes, the zeros are ignored.");
    expect(said(rows("tt"), { kind: "random" })).toContain("the noise is ignored");
  });

  it("names the flip and its depth", () => {
    expect(said(rows("sstt"))).toBe("Rome for k 0–1, Paris for k 2–3: flips at k = 2 of 4 (50 %).");
  });

  it("shows all other changes, neither included", () => {
    expect(said(rows("tsnt"))).toBe(
      "Paris for k 0, Rome for k 1, Oslo for k 2, Paris for k 3: flips at k = 3 of 4 (75 %).",
    );
  });

  it("says that nothing changes, and what that means", () => {
    expect(said(rows("ssss"))).toBe("Rome for k 0–3: never changes, the target answer never comes back.");
  });

  it("says why there is no flip", () => {
    expect(said(rows("sstt"), { blocks: 9 })).toContain("the range ends before the last layer (k = 8)");
    expect(said(rows("ttss"))).toContain("the last layer does not give the target answer.");
    expect(said([row(0, "target"), row(1, "target"), row(1, "neither")], { kind: "random", blocks: 2 })).toBe(
      "Paris for k 0, Oslo for k 1: no flip, the last layer does not give the target answer with every seed.",
    );
  });

  it("counts other answers where there are many, each once, and does not say of them that nothing changes", () => {
    const names = [" a", " b", " a", " c", " b", " a", " c"];
    const told = names.map((name, k) => row(k, "neither", name));
    expect(said(told)).toBe("3 other answers for k 0–6: the target answer never comes back.");
  });

  it("of identity holds by the whole distribution, whatever answers are named", () => {
    const same = [0, 1].map((k) => row(k, "neither", "a", 1e-12));
    expect(said(same, { kind: "identity" })).toBe(
      "Nothing changes for k 0–1, as it must: the same states are put in.",
    );
    expect(said(rows("tt"), { kind: "identity" })).toContain("the same states must change nothing");
    expect(said(rows("tn"), { kind: "identity" })).toContain("no flip");
  });

  it.each([
    { kind: "angle", positions: [1], seeds: [0], angle: 0, strength: 1 },
    { kind: "zero", positions: [1], strength: 0 },
    { kind: "vectors", entries: [], strength: 0 },
  ] satisfies Condition[])(
    "of $kind that puts in the same states speaks of nothing that was ignored",
    (condition) => {
      const facts = verdictFacts({ condition, answers: null, baseline: [] }, 3);
      const same = [0, 2].map((k) => row(k, "target", " Paris", 0));
      const told = "Nothing changes for k 0, 2, as it must: the same states are put in.";
      expect(textOf(verdict(same, facts))).toBe(told);
      expect(shortVerdict(same, facts)).toBe("never changes: the same states are put in");
    },
  );

  it("of vectors never speaks of rows that did not run", () => {
    const told = [row(3, "target"), row(20, "target"), row(21, "neither")];
    expect(said(told, { kind: "vectors", blocks: 30 })).toBe(
      "3 rows: target (★) for k 3, 20; neither (▪) for k 21.",
    );
  });

  it("has each answer as a part with its side, in any language", () => {
    const facts = { kind: "swap", blocks: 4, givesTarget: true } as const;
    const parts = [part("Rome", "source"), part("Paris", "target")];
    expect(verdict(rows("sstt"), facts).filter(({ side }) => side !== null)).toEqual(parts);
    setLanguage({
      tag: "x",
      texts: { "{0} for k {1}": "k {1}: {0}", "{0}: flips at k = {1} of {2} ({3}).": "{3}! {0}" },
    });
    expect(verdict(rows("sstt"), facts)).toEqual([
      part("50 %! k 0–1: "),
      parts[0],
      part(", k 2–3: "),
      parts[1],
    ]);
    setLanguage({ tag: "en", texts: {} });
  });

  it("is coloured on a terminal, part by part", () => {
    const parts = verdict(rows("sstt"), { kind: "swap", blocks: 4, givesTarget: true });
    const coloured = painted(parts, styleFor({ isTTY: true }, {}));
    expect(coloured).toContain("\u001B[94mRome\u001B[0m for k 0–1, \u001B[33mParis\u001B[0m");
    expect(painted(parts, styleFor({}, {}))).toBe(textOf(parts));
  });
});

describe("a target answer that the unpatched model does not give", () => {
  const named = { givesTarget: false };

  it("is told by the first token of the unpatched run", () => {
    const answers = { target: { ids: [7, 8] } };
    expect(givesTarget(answers, [{ id: 7 }, { id: 1 }])).toBe(true);
    expect(givesTarget(answers, [{ id: 1 }, { id: 7 }])).toBe(false);
    expect(givesTarget(null, [{ id: 1 }])).toBe(true);
  });

  it.each([
    ["tttt", "the target answer throughout, which the unpatched model does not give."],
    ["nnnn", "the target answer never comes."],
    ["nntt", "flips to the target answer at k = 2 of 4 (50 %)."],
    ["ttnn", "no flip, the last layer does not give the target answer."],
  ])("is never called the unpatched one: %s", (letters, end) => {
    const text = said(rows(letters), named);
    expect(text.endsWith(end), text).toBe(true);
    expect(text).not.toMatch(/ignored|comes back|never changes/);
  });

  it("is not said to come back, or to be left alone, in few words either", () => {
    const short = (letters: string): string =>
      shortVerdict(rows(letters), { kind: "swap", blocks: 4, ...named });
    expect(short("tttt")).toBe("the target answer throughout");
    expect(short("nnnn")).toBe("no target answer");
  });

  it.each([
    ["passes p(◆) at k = 2", [-9, -8, -3, -2]],
    ["is above p(◆) at every k", [-3, -3, -3, -3]],
    ["passes p(◆) at no k", [-9, -3, -3, -9]],
  ])("and a source answer that are never first say so, and that p(★) %s", (end, logprobs) => {
    const facts = { kind: "swap", blocks: 4, givesTarget: false, hasBoth: true } as const;
    const told = [row(0, "neither", " Oslo"), row(1, "neither", " Oslo"), row(2, "neither", " Bern")];
    const named = [...told, row(3, "neither", " Bern")].map((one, k) => ({
      ...one,
      sourceLogprob: -5,
      targetLogprob: logprobs[k]!,
    }));
    expect(textOf(verdict(named, facts))).toBe(
      `Oslo for k 0–1, Bern for k 2–3: neither of the answers is ever the most probable; p(★) ${end}.`,
    );
    expect(textOf(verdictHead(named, facts).head)).toBe(`Neither answer is ever first: p(★) ${end}`);
    expect(shortVerdict(named, facts)).toBe("neither answer is ever first");
  });
});
