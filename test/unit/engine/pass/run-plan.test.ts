/** The plan's arithmetic against the cost model of docs/architecture.md, and batches against their budget. */
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../../src/shared/condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../../../../src/shared/experiment/experiment.ts";
import { rowShapes } from "../../../../src/shared/experiment/row-shape.ts";
import { usualCost } from "../../../../src/engine/model/cost.ts";
import type { DecoderInfo } from "../../../../src/engine/model/decoder.ts";
import { createTinyDecoder } from "../../../support/tiny/tiny-decoder.ts";
import { BATCH_BUDGET, batchesOf } from "../../../../src/engine/pass/batches.ts";
import { planGrid, planSweep } from "../../../../src/engine/pass/run-plan.ts";

const MEBIBYTE = 1 << 20;

const { can: CAN, cost: COST } = createTinyDecoder().info;

function infoOf(blocks: number, more: Partial<DecoderInfo> = {}): DecoderInfo {
  return { ...createTinyDecoder().info, blocks, contextLength: null, ...more };
}

function prompt(tokens: number): Prompt {
  const ids = Array.from({ length: tokens }, (_, i) => i % 7);
  return { text: null, ids, tokens: ids.map(String), bos: { policy: "off", added: false } };
}

function sweep(blocks: number, tokens: number, condition: Condition): Experiment {
  return {
    target: prompt(tokens),
    source: condition.kind === "swap" ? prompt(3) : null,
    condition,
    layers: { from: condition.kind === "freeze" ? 1 : 0, to: blocks - 1 },
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: 1,
    lens: false,
  };
}

function swapAt(position: number): Condition {
  const pairs = [{ target: position, source: [2] }];
  return { kind: "swap", align: null, pairs, sourceLayer: null, strength: 1 };
}

const fresh = { isKept: () => false };

describe("the plan of a swap", () => {
  it.each([
    [12, 28, 4, 4032, 312],
    [16, 28, 4, 7168, 544],
    [24, 28, 4, 16_128, 1200],
    [30, 26, 5, 23_400, 2325],
    [32, 28, 4, 28_672, 2112],
  ])(
    "counts %i blocks, %i tokens, suffix %i as docs/architecture.md does",
    (blocks, tokens, suffix, naive, shared) => {
      const plan = planSweep(sweep(blocks, tokens, swapAt(tokens - suffix)), {
        info: infoOf(blocks),
        ...fresh,
      });
      const rows = plan.passes.filter(({ kind }) => kind === "rows");
      const tokensRun = rows.reduce((sum, pass) => sum + pass.blockTokens + pass.keyValueTokens, 0);
      expect(tokensRun).toBe(shared);
      expect(plan.wholeBlockTokens).toBe(naive);
      // In the last block only the last position runs whole.
      expect(rows.reduce((sum, pass) => sum + pass.keyValueTokens, 0)).toBe(blocks * (suffix - 1));
    },
  );

  it("costs nothing for runs that are kept", () => {
    const info = infoOf(30);
    const experiment = sweep(30, 26, swapAt(21));
    const first = planSweep(experiment, { info, ...fresh });
    const second = planSweep(experiment, { info, isKept: () => true });
    expect(first.blockTokens - second.blockTokens).toBe(30 * (26 + 3));
    expect(second.passes.map(({ kind }) => kind)).toEqual(["target", "source", "rows"]);
  });

  it("takes the layer prefix alone where a model shares no position prefix, and an unpatched row along", () => {
    const info = infoOf(12, { can: { ...CAN, sharePrefix: { reason: "none" } }, cost: usualCost(16) });
    const plan = planSweep(sweep(12, 5, swapAt(3)), { info, ...fresh });
    const rows = plan.passes.find(({ kind }) => kind === "rows")!;
    expect(rows).toMatchObject({ rows: 13, positions: 5, past: 0, blockTokens: (78 + 12) * 5 });
  });
});

it("skip attention runs the last token only, freeze leaves keys and values of the others", () => {
  const info = infoOf(30);
  const skip = planSweep(sweep(30, 26, { kind: "skip-attention" }), { info, ...fresh });
  expect(skip.blockTokens).toBe(30 * 26 + 465);
  const positions = Array.from({ length: 25 }, (_, i) => i);
  const freeze = planSweep(sweep(30, 26, { kind: "freeze", positions }), { info, ...fresh });
  expect(freeze.blockTokens).toBe(30 * 26 + 435);
  expect(freeze.keyValueTokens).toBe(435 * 25);
});

it("a grid counts as docs/architecture.md does", () => {
  const experiment: GridExperiment = {
    target: prompt(28),
    source: prompt(3),
    sourcePositions: [2],
    sourceLayer: null,
    strength: 1,
    targetPositions: [],
    layers: { from: 0, to: 11 },
    answers: { target: null, source: null },
  };
  const plan = planGrid(experiment, { info: infoOf(12), ...fresh });
  const rows = plan.passes.filter(({ kind }) => kind === "rows");
  expect(rows.reduce((sum, pass) => sum + pass.blockTokens + pass.keyValueTokens, 0)).toBe(31_668);
  expect(plan.wholeBlockTokens).toBe(112_896);
});

describe("batches", () => {
  const ground = { tokens: 1024, read: [1023], hasKeyValues: true };
  const large = infoOf(32, {
    vocab: 128_000,
    cost: {
      ...COST,
      working: { perToken: 300_000, perScore: 256, keyValue: 8192, perPast: 16_384, copiedPast: Infinity },
    },
  });

  it("hold no more than the budget unless a single row does", () => {
    for (const position of [0, 500, 1000, 1023]) {
      const plan = planSweep(sweep(32, 1024, swapAt(position)), { info: large, ...fresh });
      for (const pass of plan.passes.filter(({ kind }) => kind === "rows")) {
        if (pass.rows > 1) expect(pass.bytes).toBeLessThanOrEqual(BATCH_BUDGET);
      }
      expect(plan.budgetBytes).toBe(256 * MEBIBYTE);
    }
  });

  it("hold every row once, begin with the smallest k, and take turns over k", () => {
    const rows = rowShapes(swapAt(1000), { from: 2, to: 31 });
    const batches = batchesOf(rows, ground, large);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat().sort((a, b) => a.k - b.k)).toEqual(rows);
    const [first] = batches;
    expect(first![0]!.k).toBe(2);
    expect(first![1]!.k - first![0]!.k).toBe(batches.length);
  });

  it("are consecutive where an unpatched row goes along", () => {
    const rows = rowShapes(swapAt(1000), { from: 0, to: 31 });
    const batches = batchesOf(rows, ground, { ...large, cost: { ...large.cost, batchInvariantUpTo: -1 } });
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat()).toEqual(rows);
  });

  it("keep the seeds of a k together", () => {
    const seeds = Array.from({ length: 7 }, (_, i) => i);
    const condition: Condition = { kind: "random", positions: [1000], seeds, strength: 1 };
    for (const batch of batchesOf(rowShapes(condition, { from: 0, to: 31 }), ground, large)) {
      const perK = new Map<number, number>();
      for (const { k } of batch) perK.set(k, (perK.get(k) ?? 0) + 1);
      expect([...perK.values()].every((count) => count === 7)).toBe(true);
    }
  });
});
