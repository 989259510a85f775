/** The line behind a prompt: source and target runs always stay, others fold; long lines are told above as well. */
import { describe, expect, it } from "vitest";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import { connectedRuns, foldings } from "../../../../src/extension/marks/inline-runs.ts";
import { standsAbove } from "../../../../src/extension/marks/lens.ts";

/** Rows from `S Rome`, `T Paris`, `n .`: one for each k. */
function rows(...said: string[]): SweepRow[] {
  const outcomes = { S: "source", T: "target", n: "neither" };
  return said.map((one, k) => ({
    k,
    outcome: outcomes[one[0] as "S" | "T" | "n"],
    top: [{ text: one.slice(2) }],
  })) as unknown as SweepRow[];
}

function told(said: SweepRow[]): string[][] {
  return foldings(connectedRuns(said)).map((runs) =>
    runs.map(({ text, from, to }) => `${text} ${from}–${to}`),
  );
}

describe("the runs of a line", () => {
  it("fold stretches of neither and keep the target's run, which is the finding", () => {
    const [first] = told(
      rows("n in", "n in", "n the", "n in", "n in", "n Sanaa", "n x", "T Paris", "T Paris"),
    );
    expect(first).toEqual(["4 answers 0–6", "“Paris” 7–8"]);
  });

  it("keep source and target between them, and leave other answers nameless at last", () => {
    const all = told(rows("S Rome", "n a", "n b", "S Rome", "n c", "T Paris"));
    expect(all).toEqual([
      ["“Rome” 0–0", "2 answers 1–2", "“Rome” 3–3", "“c” 4–4", "“Paris” 5–5"],
      ["“Rome” 0–0", " 1–2", "“Rome” 3–3", " 4–4", "“Paris” 5–5"],
    ]);
  });

  it("quote every answer; what is no word keeps its blanks", () => {
    expect(told(rows("n .", "n  =", "S  Rome"))[0]).toEqual(["“.” 0–0", "“␣=” 1–1", "“Rome” 2–2"]);
  });

  it("end at a gap in k, where rows are still missing", () => {
    const [a, , c] = rows("S Rome", "S Rome", "S Rome");
    expect(told([a!, c!])[0]).toEqual(["“Rome” 0–0", "“Rome” 2–2"]);
  });
});

describe("the text above a prompt", () => {
  it("is there for lines longer than most windows, unless they wrap, or as the setting says", () => {
    expect(standsAbove("auto", 40, false)).toBe(false);
    expect(standsAbove("auto", 400, false)).toBe(true);
    expect(standsAbove("auto", 400, true)).toBe(false);
    expect(standsAbove("line", 400, false)).toBe(false);
    expect(standsAbove("both", 4, true)).toBe(true);
    expect(standsAbove("above", 4, true)).toBe(true);
  });
});
