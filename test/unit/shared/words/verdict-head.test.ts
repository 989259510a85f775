/** The headline of a sweep says the finding first, and its runs below it. */
import { describe, expect, it } from "vitest";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import type { VerdictFacts } from "../../../../src/shared/words/verdict.ts";
import { shortVerdict, verdict } from "../../../../src/shared/words/verdict.ts";
import { verdictHead } from "../../../../src/shared/words/verdict-head.ts";
import { DEMO_STATE } from "../../../support/panel/snapshots.ts";

const FACTS: VerdictFacts = { kind: "swap", blocks: 4, givesTarget: true };
const TEXT: Readonly<Record<Outcome, string>> = { source: " Rome", target: " Paris", neither: "." };
const LETTERS: Readonly<Record<string, Outcome>> = { S: "source", T: "target", n: "neither" };

function rowsOf(letters: string): SweepRow[] {
  const [first] = DEMO_STATE.sweep!.rows;
  return Array.from(letters, (letter, k) => {
    const outcome = LETTERS[letter]!;
    return { ...first!, k, outcome, klToBaseline: 1, top: [{ ...first!.top[0]!, text: TEXT[outcome] }] };
  });
}

function said(letters: string, facts: Partial<VerdictFacts> = {}): [string, ...string[]] {
  const { head, runs } = verdictHead(rowsOf(letters), { ...FACTS, ...facts });
  return [textOf(head), ...runs.map(textOf)];
}

describe("the headline", () => {
  it("names the layer of the flip, and each run with its layers on one line", () => {
    expect(verdictHead(rowsOf("SSnT"), FACTS)).toEqual({
      head: [part("Flips at layer 3", null, true), part(" of 4")],
      runs: [
        [part("Rome", "source"), part(" k\u00a00–1")],
        [part("'.'", "neither"), part(" k\u00a02")],
        [part("Paris", "target"), part(" k\u00a03")],
      ],
    });
    expect(said("SSST", { givesTarget: false })[0]).toBe("Flips to the target answer at layer 3 of 4");
  });

  it("says what is so where there is no flip", () => {
    expect(said("TTTT")).toEqual(["Never changes: the swap is ignored", "Paris k\u00a00–3"]);
    expect(said("SSSS")).toEqual(["Never changes back: Rome", "Rome k\u00a00–3"]);
    expect(said("TSTS")[0]).toBe("No flip: the last layer does not give the target answer");
    expect(said("STT")[0]).toBe("No flip: the range ends before the last layer (k = 3)");
    expect(said("SSSS", { givesTarget: false })[0]).toBe("The target answer never comes");
    expect(said("TTTT", { givesTarget: false })[0]).toBe(
      "The target answer throughout, which the unpatched model does not give",
    );
  });

  it("counts the rows of given vectors, and is calm where nothing may change", () => {
    expect(said("ST", { kind: "vectors" })).toEqual(["2 rows", "source k\u00a00", "target k\u00a01"]);
    const same = rowsOf("TT").map((row) => ({ ...row, klToBaseline: 0 }));
    const { head, runs } = verdictHead(same, { ...FACTS, kind: "identity" });
    expect([textOf(head), ...runs.map(textOf)]).toEqual([
      "Nothing changes, as it must: the same states are put in",
      "k\u00a00–1",
    ]);
    expect(verdictHead([], FACTS)).toEqual({ head: [], runs: [] });
  });
});

/** Every sequence of outcomes for up to four k. */
function sequences(length: number): string[] {
  if (length === 0) return [""];
  return sequences(length - 1).flatMap((before) => ["S", "T", "n"].map((letter) => before + letter));
}

describe("sentence, headline and few words", () => {
  const kinds = ["swap", "identity", "vectors"] as const;
  const cases = kinds.flatMap((kind) => [true, false].map((givesTarget) => ({ kind, givesTarget })));

  it.each(cases)("find the same of every sequence: $kind, unpatched answer $givesTarget", (asked) => {
    const facts = { ...FACTS, ...asked };
    for (const letters of [1, 2, 3, 4].flatMap(sequences)) {
      const rows = rowsOf(letters);
      const sentence = textOf(verdict(rows, facts));
      const head = textOf(verdictHead(rows, facts).head);
      const short = shortVerdict(rows, facts);
      const flips = [/flips .*k = (\d+)/i, /^Flips .*layer (\d+)/, /^flip (\d+)\//];
      const found = [sentence, head, short].map((text, i) => flips[i]!.exec(text)?.[1] ?? null);
      expect(new Set(found).size, `${letters}: ${sentence} | ${head} | ${short}`).toBe(1);
      const isUnchanged = [/: never changes/, /^Never changes/, /^never changes/];
      const said = [sentence, head, short].map((text, i) => isUnchanged[i]!.test(text));
      expect(new Set(said).size, `${letters}: ${sentence} | ${head} | ${short}`).toBe(1);
    }
  });

  it("are alarmed alike where the same states change the probabilities", () => {
    const facts = { ...FACTS, kind: "identity" } as const;
    const rows = rowsOf("TT");
    const alarm = "the same states must change nothing";
    expect(textOf(verdict(rows, facts))).toContain(alarm);
    expect(textOf(verdictHead(rows, facts).head)).toContain(alarm);
    expect(shortVerdict(rows, facts)).toContain(alarm);
  });
});
