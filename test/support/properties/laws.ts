/** What runs must say of each other, whatever the model (docs/invariants.md, G15): a run of the same, of parts, of nothing. */
import { expect } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import type { Swap } from "../../../src/shared/condition/kinds/swap.ts";
import type { GridExperiment, LayerRange } from "../../../src/shared/experiment/experiment.ts";
import type { SweepReply } from "../../../src/shared/protocol/engine.ts";
import type { Trial } from "./any-condition.ts";
import { experimentOf, logitsOf, promptOf } from "./properties.ts";
import type { Runs } from "./ways.ts";

type Rows = SweepReply["rows"];

/** How closely: to the last bit, or so far apart in logits where rows round otherwise in other batches. */
export type Closeness = "bits" | number;

/** Checks all of them on one trial. */
export async function expectLaws(runs: Runs, trial: Trial, closeness: Closeness): Promise<void> {
  const rowsOf = async (
    condition: Condition,
    layers: LayerRange = trial.layers,
    source = trial.source,
  ): Promise<Rows> =>
    (await runs.sweep(experimentOf({ ...trial, source, condition, layers }, runs.decoder.info.vocab))).rows;
  const { target, condition } = trial;
  const { from, to } = trial.layers;

  const whole = await rowsOf(condition);
  expect(await rowsOf(condition)).toEqual(whole);

  const middle = Math.floor((from + to) / 2);
  const parts = [await rowsOf(condition, { from, to: middle })];
  if (middle < to) parts.push(await rowsOf(condition, { from: middle + 1, to }));
  expectSame(parts.flat(), whole, closeness);

  if ("seeds" in condition && condition.seeds.length > 1) {
    const alone: Rows[] = [];
    for (const seed of condition.seeds) alone.push(await rowsOf({ ...condition, seeds: [seed] }));
    const byKThenSeed = alone.flat().sort((a, b) => a.k - b.k || a.seed! - b.seed!);
    expectSame(byKThenSeed, whole, closeness);
  }

  const positions = target.map((_, position) => position);
  const itself: Swap = {
    kind: "swap",
    align: null,
    pairs: positions.slice(-2).map((position) => ({ target: position, source: [position] })),
    sourceLayer: null,
    strength: 1,
  };
  const { baseline } = await runs.sweep(
    experimentOf({ ...trial, condition: { kind: "identity", positions } }, runs.decoder.info.vocab),
  );
  for (const row of await rowsOf({ kind: "identity", positions })) expect(row.top).toEqual(baseline);
  for (const row of await rowsOf(itself, { from: 0, to }, target)) {
    if (closeness === "bits") expect(row.top).toEqual(baseline);
    else expect(row.klToBaseline).toBeLessThan(closeness);
  }
}

/** Each column of a grid is the sweep of its position, read against the grid's answers. */
export async function expectColumnsAreSweeps(runs: Runs, experiment: GridExperiment): Promise<void> {
  const { target, source, sourcePositions, sourceLayer, strength, layers } = experiment;
  const found = await runs.grid(experiment);
  // Where a grid names no source's answer, a sweep would.
  const namedSource = found.answers.source ?? { ids: [0], text: "t0" };
  const answers = { ...found.answers, source: namedSource };
  const { columns } = await runs.grid({ ...experiment, answers });
  for (const { position, ...column } of columns) {
    const pairs = [{ target: position, source: sourcePositions }];
    const condition: Swap = { kind: "swap", align: null, pairs, sourceLayer, strength };
    const { rows } = await runs.sweep({
      ...experimentOf({ target: target.ids, source: source.ids, condition, layers }, 1),
      answers: { ...answers, scoring: "next-token", tokens: 1 },
    });
    expect(column).toEqual({
      argmax: rows.map(({ top }) => top[0]!.id),
      outcome: rows.map(({ outcome }) => outcome),
      logitDifference: rows.map(({ logitDifference }) => logitDifference),
      targetLogprob: rows.map(({ targetLogprob }) => targetLogprob),
      sourceLogprob: rows.map(({ sourceLogprob }) => sourceLogprob),
      rankOfTarget: rows.map(({ rankOfTarget }) => rankOfTarget),
      klToBaseline: rows.map(({ klToBaseline }) => klToBaseline),
    });
  }
}

/** A grid over a trial's prompts. */
export function gridOf({ target, source, layers }: Trial, part: Partial<GridExperiment>): GridExperiment {
  return {
    target: promptOf(target),
    source: promptOf(source),
    sourcePositions: [source.length - 1],
    sourceLayer: null,
    strength: 1,
    targetPositions: [],
    layers,
    answers: { target: null, source: null },
    ...part,
  };
}

/** Answers and recoveries are those of the whole range: what a row says of itself is compared. */
function expectSame(rows: Rows, expected: Rows, closeness: Closeness): void {
  const placesOf = (list: Rows): unknown => list.map(({ k, seed }) => [k, seed]);
  expect(placesOf(rows)).toEqual(placesOf(expected));
  rows.forEach((row, i) => {
    const other = expected[i]!;
    if (closeness === "bits") {
      expect(row.top).toEqual(other.top);
      expect(row.deltaNorm).toBe(other.deltaNorm);
      expect(row.klToBaseline).toBe(other.klToBaseline);
      expect(row.entropy).toBe(other.entropy);
    } else expect(maxAbsDifference(logitsOf(row), logitsOf(other))).toBeLessThan(closeness);
  });
}
