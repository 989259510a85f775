/** What people read of a sweep: bands of seeds, and what stands under the table. */
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import { controlSentence } from "../../../../src/shared/experiment/controls.ts";
import { describe, expect, test } from "vitest";
import { gridAction } from "../../../../src/cli/sentences.ts";
import { headLines } from "../../../../src/cli/table/head-lines.ts";
import { styleFor } from "../../../../src/cli/style.ts";
import type { AnsweredSweep } from "../../../../src/shared/experiment/run.ts";
import { besideLines } from "../../../../src/cli/table/extras-lines.ts";
import { sweepCsv } from "../../../../src/shared/export/sweep-csv.ts";
import { SweepLines } from "../../../../src/cli/table/sweep-lines.ts";
import { fixedLogprob } from "../../../../src/cli/table/sweep-table.ts";
import { displayWidth } from "../../../../src/shared/text/text-width.ts";
import type { Condition } from "../../../../src/shared/condition/condition.ts";
import type { Random } from "../../../../src/shared/condition/kinds/random.ts";
import type { Answers, Experiment } from "../../../../src/shared/experiment/experiment.ts";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import type { ModelInfo } from "../../../../src/shared/protocol/engine.ts";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";

const plain = styleFor({}, {});
const answers: Answers = { target: { ids: [1], text: " Paris" }, source: { ids: [2], text: " Rome" } };
const random: Random = { kind: "random", positions: [0, 1], seeds: [4, 5, 6], strength: 1 };

const target = {
  text: "a b c",
  ids: [0, 8, 9],
  tokens: ["<s>", " b", " c"],
  bos: { policy: "auto", added: true },
} as const;

function rowOf(k: number, seed: number, outcome: Outcome, targetLogprob: number): SweepRow {
  const text = outcome === "target" ? " Paris" : outcome === "source" ? " Rome" : " Oslo";
  return {
    k,
    seed,
    outcome,
    targetLogprob,
    sourceLogprob: -3,
    logitDifference: -3 - targetLogprob,
    top: [{ id: 1, text, logit: 1, logprob: -0.5 }],
    rankOfTarget: 1,
    rankOfSource: 4,
    klToBaseline: 0.25 * seed,
    recovery: null,
    deltaNorm: 2 * seed,
  };
}

const rows = [
  rowOf(0, 4, "neither", -9),
  rowOf(0, 5, "neither", -7),
  rowOf(0, 6, "source", -8),
  rowOf(1, 4, "target", -0.0001),
  rowOf(1, 5, "neither", -2),
  rowOf(1, 6, "target", -1),
  rowOf(2, 4, "target", -0.0001),
  rowOf(2, 5, "target", -0.001),
  rowOf(2, 6, "target", -0.002),
];

describe("several seeds", () => {
  const lines = new SweepLines(random, answers, 3, plain, 100);
  const added = rows.map((row) => lines.add(row));

  test("give one line for each k, once its last seed is there", () => {
    expect(added.map((part) => part.length)).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  });

  test("show the outcome, how many seeds share it, and the band", () => {
    const [first, second, third] = added.flat();
    expect(first).toMatch(/^ 0 {2}▪ {4}2 of 3 +␣Oslo +-9\.00 … -7\.00 +1\.25 +10\.00$/);
    expect(second).toMatch(/^ 1 {2}▪ {4}1 of 3 +␣Oslo +-2\.00 … 0\.00 /);
    expect(third).toMatch(/^ 2 {2}★ {4}3 of 3 +␣Paris +0\.00 … 0\.00 /);
  });

  test("keep to the heading's columns", () => {
    const width = displayWidth(lines.heading);
    for (const line of added.flat()) expect(displayWidth(line)).toBe(width);
  });

  test("a single seed is a line like any other", () => {
    const one = new SweepLines({ ...random, seeds: [4] }, answers, 3, plain, 100);
    expect(one.add(rows[0]!)).toHaveLength(1);
    expect(one.heading).not.toContain("seeds");
  });

  test("are a column of the CSV, which rows without seeds do not have", () => {
    const [header, first] = sweepCsv(rows).split("\n");
    expect(header!.endsWith(",delta_norm,kl_to_baseline,recovery,seed")).toBe(true);
    expect(first!.endsWith(",8,1,,4")).toBe(true);
    const bare: SweepRow = { ...rows[0]! };
    delete (bare as { seed?: number }).seed;
    expect(sweepCsv([bare]).split("\n")[0]!.endsWith(",recovery")).toBe(true);
  });

  test("have no column in CSV for a metric that older results lack, and one where a row has it", () => {
    const [first, second] = [{ ...rows[0]!, entropy: 0.25 }, rows[1]!];
    const [header, ...lines] = sweepCsv([first, second]).trimEnd().split("\n");
    expect(header!.endsWith(",recovery,entropy,seed")).toBe(true);
    expect(lines.map((line) => line.split(",").at(-2))).toEqual(["0.25", ""]);
  });
});

describe("under the table", () => {
  const experiment: Experiment = {
    target,
    source: null,
    condition: random,
    layers: { from: 0, to: 2 },
    top: 1,
    lens: true,
    answers: { ...answers, scoring: "next-token", tokens: 1 },
  };
  const context = { experiment, blocks: 3, style: plain };
  const sweep: AnsweredSweep = {
    state: "complete",
    layers: experiment.layers,
    baseline: [{ ...rows[8]!.top[0]!, id: answers.target.ids[0]! }],
    answers,
    rows,
    flip: null,
    lens: null,
    continuations: null,
    controls: null,
    runMs: 1,
  };
  const linesOf = (beside: Partial<AnsweredSweep>, attention: number[][] | null = null): string[] =>
    besideLines(context, { sweep: { ...sweep, ...beside }, attention });

  test("the lens has a line for each k with both answers", () => {
    const lens = [0, 1, 2, 3].map((k) => ({
      k,
      top: rows[8]!.top,
      targetLogprob: -0.0001,
      sourceLogprob: -4.5,
      rankOfTarget: 7,
    }));
    const [, title, heading, ...lines] = linesOf({ lens });
    expect(title).toContain("k = 3 is the model's own answer");
    expect(heading).toMatch(/log p\(Rome\) {2}log p\(Paris\)/);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(displayWidth(line)).toBe(displayWidth(heading!));
    expect(lines[3]).toMatch(/^ 3 {2}␣Paris +0\.607 +-4\.500 +0\.000 +7$/);
  });

  test("attention lists the most attended tokens of each block", () => {
    const lines = linesOf({}, [[0.1, 0.7, 0.2]]);
    expect(lines.at(-1)).toMatch(/^ 0 {2}0\.70 '␣b' @1 +0\.20 '␣c' @2 +0\.10 '<s>' @0$/);
  });

  test("continuations say what the condition covers, and join neighbours that say the same", () => {
    const said = (k: number, seed: number | null, text: string) => ({
      k,
      seed,
      text,
      ids: [1],
      endedBy: "length" as const,
    });
    const baseline = { ids: [1], text: " Paris", endedBy: "end" as const };
    const same = [said(0, 4, " x"), said(0, 5, " y"), said(1, 4, " x"), said(1, 5, " z")];
    const lines = linesOf({ continuations: { scope: "prompt", tokens: 1, baseline, rows: same } });
    expect(lines[1]).toContain(
      "The condition covers the prompt; generated tokens run unpatched on its keys and values.",
    );
    expect(lines.slice(2)).toEqual([
      '  unpatched: " Paris"',
      '  k 0–1, seed 4: " x"',
      '  k 0, seed 5: " y"',
      '  k 1, seed 5: " z"',
    ]);
    const every = linesOf({ continuations: { scope: "every-step", tokens: 1, baseline, rows: [] } });
    expect(every[1]).toContain("Attention stays off at every step.");
  });

  test("an unrelated source is named by its token and its prompt, as in the panel", () => {
    const source = {
      text: "A large table",
      ids: [7, 8, 9],
      tokens: ["A", " large", " table"],
      positions: [2],
      bos: target.bos,
    };
    const condition: Condition = {
      kind: "swap",
      align: null,
      pairs: [{ target: 0, source: [2] }],
      sourceLayer: null,
      strength: 1,
    };
    const lines = linesOf({
      controls: [{ name: "unrelated", condition, source, state: "complete", rows, flip: null }],
    });
    expect(lines[1]).toBe(`Control unrelated: ${controlSentence("unrelated", " table", source.text)}`);
  });

  test("a control says its name, what it is for, what it showed, and how many seeds agree", () => {
    const lines = linesOf({
      controls: [{ name: "random", condition: random, source: null, state: "complete", rows, flip: null }],
    });
    expect(lines[1]).toBe(
      "Control random, 3 seeds: Noise of the same length: what any disturbance there does.",
    );
    expect(lines[2]).toContain("flips at k = 2 of 3");
    expect(lines[3]).toBe(
      "  Seeds: '␣Paris' at 0 of 3 for k 0, 2 of 3 for k 1, 3 of 3 for k 2; '␣Rome' at 1 of 3 for k 0, 0 of 3 for k 1–2.",
    );
  });
});

describe("above the table", () => {
  const info = { path: "m.gguf", architecture: "llama", blocks: 3, numeric: "fp32" } as ModelInfo;
  const said = (condition: Condition, startsWithBos: boolean): string =>
    headLines(
      {
        info,
        target,
        source: null,
        baseline: rows[0]!.top,
        answers,
        condition,
        startsWithBos,
        action: { label: "x", sentence: [part("done")] },
        scoring: "likelihood",
      },
      plain,
      100,
    ).join("\n");

  test("numeric mode, convention, scoring and BOS are said", () => {
    const head = said(random, true);
    for (const words of ["fp32", "k = 0-based layer whose input is replaced", "by likelihood", "BOS added"]) {
      expect(head).toContain(words);
    }
    expect(head).toContain("done · BOS: added by the tokenizer, replaced too\n");
    expect(said({ ...random, positions: [1] }, true)).toContain(
      "done · BOS: added by the tokenizer, not replaced\n",
    );
    expect(said(random, false)).not.toContain("BOS:");
    expect(said({ kind: "skip-attention" }, true)).toContain("done · BOS: added by the tokenizer\n");
  });

  test("a grid says from which layer and how strongly", () => {
    const grid = {
      target,
      source: target,
      sourcePositions: [1, 2],
      targetPositions: [],
      strength: 0.5,
      layers: { from: 0, to: 2 },
      answers: { target: null, source: null },
      sourceLayer: 3,
    };
    expect(textOf(gridAction(grid, { blocks: 3, bosId: null }).sentence)).toBe(
      "mean state of '␣b␣c' @1..2 → every token, before layer k, source state after the last layer, strength 0.5",
    );
  });
});

test("a log-probability near 0 has no minus", () => {
  expect(fixedLogprob(-0.0001, 2)).toBe("0.00");
  expect(fixedLogprob(-0.006, 2)).toBe("-0.01");
});
