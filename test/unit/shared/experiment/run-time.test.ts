/** What a run takes: the running estimate, what is left, and parts of a grid. */
import { describe, expect, it } from "vitest";
import { everyNth, layersAround, sentencePositions } from "../../../../src/shared/experiment/grid-extent.ts";
import { expectedMs, leftMs, paceAfter, workOf } from "../../../../src/shared/experiment/run-time.ts";
import { durationText, leftText } from "../../../../src/shared/words/duration.ts";

const pass = {
  kind: "rows" as const,
  what: "",
  rows: 4,
  positions: 5,
  past: 20,
  from: 2,
  to: 12,
  blockTokens: 200,
  keyValueTokens: 0,
  headRows: 5,
  bytes: 0,
};
const model = { width: 64, vocab: 1000 };

describe("work", () => {
  it("grows with block-tokens, head rows, blocks climbed and the prefix that is looked at", () => {
    const work = workOf({ passes: [pass] }, model);
    for (const more of [
      { blockTokens: 201 },
      { headRows: 6 },
      { to: 13 },
      { past: 400 },
      { keyValueTokens: 9 },
    ]) {
      expect(workOf({ passes: [{ ...pass, ...more }] }, model)).toBeGreaterThan(work);
    }
    expect(workOf({ passes: [pass, pass] }, model)).toBeCloseTo(2 * work);
  });
});

describe("a pace", () => {
  it("is unknown before the first run, then that run's, then follows a machine that became slower", () => {
    expect(expectedMs(null, 100)).toBeNull();
    const first = paceAfter(null, 100, 50);
    expect(expectedMs(first, 400)).toBe(200);
    let pace = first;
    for (let i = 0; i < 6; i++) pace = paceAfter(pace, 100, 100);
    expect(expectedMs(pace, 400)!).toBeGreaterThan(390);
    expect(paceAfter(pace, 0, 10)).toBe(pace);
  });
});

describe("what is left", () => {
  const expected = { elapsedMs: 1000, expectedMs: 10_000, total: 100 };
  it("is what was expected at first, then goes by the run's own speed", () => {
    expect(leftMs({ ...expected, done: 0 })).toBe(9000);
    expect(leftMs({ ...expected, done: 50 })).toBe(1000);
    expect(leftMs({ ...expected, done: 100 })).toBe(0);
    expect(leftMs({ ...expected, expectedMs: null, done: 1 })).toBeNull();
    expect(leftMs({ ...expected, elapsedMs: 20_000, done: 0 })).toBe(0);
  });

  it.each([
    [400, "under 1 s"],
    [1000, "about 1 s"],
    [21_000, "about 20 s"],
    [99_000, "about 100 s"],
    [240_000, "about 4 min"],
    [5_400_000, "about 90 min"],
    [9_100_000, "about 2.5 h"],
  ])("%i ms are said as %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
    expect(leftText(ms)).toBe(`${text} left`);
  });
});

describe("parts of a grid", () => {
  const text = "One two. Three four!\nFive six";
  const words = [...text.matchAll(/\s?[\w]+|[.!]/g)].map(([word], index, { length }) => ({
    word,
    index,
    length,
  }));
  let at = 0;
  const tokens = words.map(({ word, index }) => {
    const start = text.indexOf(word, at);
    at = start + word.length;
    return { index, id: index, text: word, start, end: at, special: false };
  });
  const said = (positions: readonly number[]): string =>
    positions
      .map((p) => tokens[p]!.text)
      .join("")
      .trim();

  it("of the sentence of the chosen tokens, or of the last one", () => {
    expect(said(sentencePositions({ text, tokens }, [4]))).toBe("Three four!");
    expect(said(sentencePositions({ text, tokens }, [0, 6]))).toBe("One two.\nFive six");
    expect(said(sentencePositions({ text, tokens }, []))).toBe("Five six");
  });

  it("of every n-th token have the last one and the chosen ones", () => {
    expect(everyNth(10, 4, [2])).toEqual([1, 2, 5, 9]);
    expect(everyNth(3, 1, [])).toEqual([0, 1, 2]);
  });

  it("of the layers at a flip stay within the range", () => {
    expect(layersAround(24, 30, { from: 0, to: 29 })).toEqual({ from: 19, to: 29 });
    expect(layersAround(1, 12, { from: 0, to: 11 })).toEqual({ from: 0, to: 3 });
  });
});
