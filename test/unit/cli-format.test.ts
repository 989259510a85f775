/** How results are written: CSV, JSON, NumPy headers, widths in a terminal, colours, tables. */
import { describe, expect, test } from "vitest";
import { shellWord } from "../../src/shared/text/shell.ts";
import { csvText } from "../../src/shared/text/csv.ts";
import type { GridCells } from "../../src/cli/table/grid-table.ts";
import { gridLines } from "../../src/cli/table/grid-table.ts";
import { probabilityText } from "../../src/shared/text/format.ts";
import { jsonText } from "../../src/shared/text/json-text.ts";
import { littleEndianBytes, npyHeader } from "../../src/cli/npy.ts";
import { actionOf, emptyPatchWarning } from "../../src/cli/sentences.ts";
import { runsOf } from "../../src/shared/text/ranges.ts";
import { textOf } from "../../src/shared/words/parts.ts";
import { styleFor } from "../../src/cli/style.ts";
import { sweepHeading, sweepLayout, sweepLine } from "../../src/cli/table/sweep-table.ts";
import { cutMiddle, cutToWidth, displayWidth, fitLeft, shownText } from "../../src/shared/text/text-width.ts";
import type { Condition } from "../../src/shared/condition/condition.ts";
import type { Swap } from "../../src/shared/condition/kinds/swap.ts";
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../src/shared/experiment/result.ts";

const plain = styleFor({}, {});

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

test("CSV quotes commas, quotes, line breaks and outer blanks, and nothing else", () => {
  expect(
    csvText(
      ["a", "b"],
      [
        [1, "x"],
        [null, " Rome"],
        ['say "a, b"', "two\nlines"],
      ],
    ),
  ).toBe('a,b\n1,x\n," Rome"\n"say ""a, b""","two\nlines"\n');
});

test("JSON text parses to the same value, with lists of numbers on one line", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i / 3);
  const value = {
    schema: "x@1",
    none: null,
    numbers,
    rows: [{ k: 0, top: [{ id: 1, text: "a\n" }], numbers }],
  };
  const text = jsonText(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.split("\n").filter((line) => line.includes("0.3333"))).toHaveLength(2);
});

test("a NumPy header is padded to 64 bytes and says shape and type", () => {
  for (const shape of [[5], [5, 12], [31, 26, 576]]) {
    const header = npyHeader(shape);
    expect(header.length % 64).toBe(0);
    expect([...header.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    expect(header.readUInt16LE(8)).toBe(header.length - 10);
    expect(header.toString("latin1")).toMatch(
      /^[^{]*\{'descr': '<f4', 'fortran_order': False, 'shape': \([\d, ]+\), \} *\n$/,
    );
  }
  expect(npyHeader([5]).toString("latin1")).toContain("(5,)");
  expect([...littleEndianBytes(new Float32Array([1]))]).toEqual([0, 0, 0x80, 0x3f]);
});

describe("widths", () => {
  test.each([
    ["Rome", 4],
    ["日本", 4],
    ["한", 2],
    ["é", 1],
    ["e\u0301", 1],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    // A flag's letters are narrow alone; a thermometer is an emoji only with the mark behind it.
    ["🇫🇷", 2],
    ["🌡", 1],
    ["🌡️", 2],
    // Tangut, a hexagram, a fullwidth letter, a halfwidth one, a jamo that is not composed.
    ["\u{17000}", 2],
    ["䷀", 2],
    ["Ａ", 2],
    ["ｱ", 1],
    ["\u1112\u1161\u11AB", 2],
    ["", 0],
  ])("%j takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("cut and filled text has the wanted width exactly", () => {
    for (const text of ["", "Rome", "日本語の文章です", "👍👍👍👍👍👍", "a long answer that does not fit"]) {
      expect(displayWidth(fitLeft(text, 9))).toBe(9);
      expect(displayWidth(cutToWidth(text, 9))).toBeLessThanOrEqual(9);
    }
    expect(cutToWidth("Rome", 4)).toBe("Rome");
    expect(displayWidth(cutMiddle("x".repeat(200), 40))).toBeLessThanOrEqual(40);
  });

  test("a token cannot move the cursor or turn the line around", () => {
    expect(shownText(" a\n\u001B[31m\u202E\u0007")).toBe("␣a⏎\\u{1B}[31m\\u{202E}\\u{7}");
  });
});

describe("colours", () => {
  const painted = (stream: { isTTY?: boolean }, env: Record<string, string>): boolean =>
    styleFor(stream, env).outcome("source", "S") !== "S";

  test("only on a terminal, never with NO_COLOR", () => {
    expect(painted({ isTTY: true }, {})).toBe(true);
    expect(painted({}, {})).toBe(false);
    expect(painted({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(painted({ isTTY: true }, { NO_COLOR: "" })).toBe(true);
    expect(painted({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(painted({}, { FORCE_COLOR: "1" })).toBe(true);
    expect(painted({}, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });
});

describe("the sweep table", () => {
  const answers = { target: { ids: [1], text: " Paris" }, source: { ids: [2], text: " Rome" } };

  test("heading and rows keep to one width, whatever the answer's script", () => {
    for (const columns of [60, 80, 100, 200]) {
      const layout = sweepLayout(answers, 30, plain, columns);
      const lines = [" Rome", "日本", "👍", "a very long answer indeed"].map((text) =>
        sweepLine(rowOf(3, "source", text), layout),
      );
      const widths = new Set(lines.map(displayWidth));
      expect(widths.size).toBe(1);
      if (columns >= 80) expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
      expect(displayWidth(sweepHeading(layout))).toBeLessThanOrEqual(Math.max(...widths));
    }
  });

  test("a row shows k, mark and letter, answer, probability and both log-probabilities", () => {
    const line = sweepLine(rowOf(7, "source", " Rome"), sweepLayout(answers, 30, plain, 120));
    expect(line).toMatch(/^ 7 {2}◆ S {2}␣Rome +0\.500 +-0\.693 +-1\.386 +1\.00 {2}█{8}▓{4}░{4}$/);
  });

  test("small probabilities are not shown as zero", () => {
    expect(probabilityText(Math.log(0.984))).toBe("0.984");
    expect(probabilityText(Math.log(4e-5))).toBe("4e-5");
  });
});

describe("the grid table", () => {
  const grid = (blocks: number): GridCells => ({
    target: { tokens: ["The", " France", " 日本"], positions: [1] },
    layers: { from: 2, to: blocks + 1 },
    outcome: Array.from({ length: blocks }, () => ["source", "target", "neither"] as const),
  });

  test.each([4, 30, 80, 200])("%i blocks fit 80 columns, every k once for each token", (blocks) => {
    const lines = gridLines(grid(blocks), plain, 80);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const letters = lines
      .filter((line) => line.includes("France"))
      .map((line) => line.replace(/^.*France/, ""));
    expect(letters.join("").replaceAll(" ", "")).toBe("T".repeat(blocks));
  });

  test("the heading's numbers stand above their columns", () => {
    const [heading, first] = gridLines(grid(12), plain, 200);
    expect(heading).toContain(" 2  3  4");
    expect(heading!.length).toBe(first!.length);
  });
});

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
    [{ ...swap, sourceLayer: 3, strength: 0.5 }, "before block k, source state before block 3, strength 0.5"],
    [{ ...swap, sourceLayer: 4 }, "source state after the last block"],
    [{ kind: "random", positions: [0, 1, 2], seeds: [4, 5], strength: 1 }, "all tokens but the last, before"],
    [{ kind: "random", positions: [1], seeds: [4, 5], strength: 1 }, "seeds 4–5"],
    [{ kind: "freeze", positions: [1] }, "the input of block k − 1 kept at '␣b' @1, from block k on"],
    [{ kind: "skip-attention" }, "no attention at any token, from block k on"],
    [
      { kind: "mean", positions: [1], over: [0, 1, 2], strength: 1 },
      "the mean of the prompt’s states at '␣b' @1, before block k, over all tokens but the last",
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

test("texts become words of a shell that give the same text back", () => {
  expect(shellWord("France")).toBe("France");
  expect(shellWord("it's so")).toBe(String.raw`'it'\''s so'`);
  expect(shellWord("a \n'b\\")).toBe(String.raw`$'a \n\'b\\'`);
});
