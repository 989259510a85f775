/** What must hold of shared passes: nothing depends on how they are cut, ended, kept or planned (docs/invariants.md: G4, G11, G12). */
import fc from "fast-check";
import { expect, test } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import type { Experiment, GridExperiment } from "../../../src/shared/experiment/experiment.ts";
import { UnpatchedRunCache } from "../../../src/engine/pass/unpatched-run-cache.ts";
import type { BlockContext, DecoderModel, States } from "../../../src/engine/model/decoder.ts";
import type { BatchLimits } from "../../../src/engine/pass/batches.ts";
import { newMeter } from "../../../src/engine/pass/control.ts";
import { runGrid } from "../../../src/engine/pass/grid.ts";
import { planGrid, planSweep } from "../../../src/engine/pass/run-plan.ts";
import type { RunEnvironment } from "../../../src/engine/pass/environment.ts";
import { runSweep } from "../../../src/engine/pass/sweep.ts";
import type { Trial } from "./any-condition.ts";
import { anyTrial } from "./any-condition.ts";
import { naiveCondition } from "./condition-oracle.ts";
import { holds } from "./holds.ts";
import type { Effort } from "./properties.ts";
import { checkTrials, environmentOf, experimentOf, logitsOf, promptOf } from "./properties.ts";

/** Registers the properties as tests of a decoder that `open` gives once tests run. */
export function staircaseProperties(open: () => DecoderModel, effort: Effort): void {
  test("rows are the same however small the batches are", async () => {
    await withNumber(open(), effort, 40, async (trial, tokens, decoder) => {
      const limits: BatchLimits = { tokens, bytes: Infinity };
      await expectOracle(trial, { ...environmentOf(decoder), limits }, effort);
    });
  });

  test("rows are the same under any budget of memory, and one row at a time is the least", async () => {
    await withNumber(open(), effort, 200, async (trial, kibibytes, decoder) => {
      const limits: BatchLimits = { tokens: Infinity, bytes: kibibytes << 10 };
      await expectOracle(trial, { ...environmentOf(decoder), limits }, effort);
    });
  });

  test("a run can be cancelled after any block, and the next one is whole", async () => {
    await withNumber(open(), effort, 12, async (trial, blocksRun, decoder) => {
      const runs = new UnpatchedRunCache(decoder);
      const abort = new AbortController();
      let seen = 0;
      const counted = withBlock(decoder, async (k, states, context) => {
        const output = await decoder.block(k, states, context);
        if (++seen === blocksRun + 1) abort.abort();
        return output;
      });
      const control = { signal: abort.signal, meter: newMeter() };
      const environment = environmentOf(counted);
      const kept: RunEnvironment["unpatchedRun"] = (ids, of) => runs.get(ids, of);
      const experiment = experimentOf(trial, decoder.info.vocab);
      await runSweep(experiment, { ...environment, unpatchedRun: kept, control }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "cancelled" });
        expect(seen).toBe(blocksRun + 1);
      });
      await expectOracle(trial, { ...environmentOf(decoder), unpatchedRun: kept }, effort);
    });
  });

  test("a sweep with kept runs is the same to the last bit, and costs its rows only", async () => {
    await checkTrials(open(), effort, async (trial, decoder) => {
      const experiment = experimentOf(trial, decoder.info.vocab);
      const runs = new UnpatchedRunCache(decoder);
      const [first, second] = [
        await keptSweep(experiment, decoder, runs),
        await keptSweep(experiment, decoder, runs),
      ];
      expect(second.reply.rows).toEqual(first.reply.rows);
      expect(second.meter.blockTokens).toBe(
        first.plan.passes
          .filter(({ kind }) => kind === "rows")
          .reduce((sum, { blockTokens }) => sum + blockTokens, 0),
      );
    });
  });

  test("a sweep costs what its plan says", async () => {
    await checkTrials(open(), effort, async (trial, decoder) => {
      const runs = new UnpatchedRunCache(decoder);
      const { plan, meter } = await keptSweep(experimentOf(trial, decoder.info.vocab), decoder, runs);
      expect(meter).toEqual({ blockTokens: plan.blockTokens, keyValueTokens: plan.keyValueTokens });
    });
  });

  test("a grid costs what its plan says", async () => {
    await checkTrials(open(), { ...effort, runs: Math.ceil(effort.runs / 3) }, async (trial, decoder) => {
      const { target, source, layers } = trial;
      const named = layers.from % 2 === 0 ? [target.length - 1] : [];
      const experiment: GridExperiment = {
        target: promptOf(target),
        source: promptOf(source),
        sourcePositions: [source.length - 1],
        sourceLayer: null,
        strength: 1,
        targetPositions: named,
        layers,
        answers: { target: null, source: null },
      };
      const environment = { ...environmentOf(decoder), control: controlOf() };
      const runs = new UnpatchedRunCache(decoder);
      const plan = planGrid(experiment, { info: decoder.info, isKept: (ids) => runs.has(ids) });
      await runGrid(experiment, { ...environment, unpatchedRun: (ids, control) => runs.get(ids, control) });
      expect(environment.control.meter).toEqual({
        blockTokens: plan.blockTokens,
        keyValueTokens: plan.keyValueTokens,
      });
    });
  });
}

function controlOf(): RunEnvironment["control"] {
  return { signal: new AbortController().signal, meter: newMeter() };
}

/** A sweep on a cache of runs, with the plan that was made right before it. */
async function keptSweep(
  experiment: Experiment,
  decoder: DecoderModel,
  runs: UnpatchedRunCache,
): Promise<{
  reply: Awaited<ReturnType<typeof runSweep>>;
  plan: ReturnType<typeof planSweep>;
  meter: RunEnvironment["control"]["meter"];
}> {
  const control = controlOf();
  const plan = planSweep(experiment, { info: decoder.info, isKept: (ids) => runs.has(ids) });
  const unpatchedRun: RunEnvironment["unpatchedRun"] = (ids, of) => runs.get(ids, of);
  const reply = await runSweep(experiment, { ...environmentOf(decoder), unpatchedRun, control });
  return { reply, plan, meter: control.meter };
}

/** Every row of the sweep against one whole pass of its own. */
export async function expectOracle(trial: Trial, environment: RunEnvironment, effort: Effort): Promise<void> {
  const { decoder } = environment;
  const { target, source, condition } = trial;
  const { rows } = await runSweep(experimentOf(trial, decoder.info.vocab), environment);
  expect(rows.map(({ k, seed }) => [k, seed])).toEqual(
    [...rows].sort((a, b) => a.k - b.k || (a.seed ?? 0) - (b.seed ?? 0)).map(({ k, seed }) => [k, seed]),
  );
  for (const row of rows) {
    const oracle = await naiveCondition(decoder, target, source, condition, row.k, row.seed);
    expect(maxAbsDifference(logitsOf(row), oracle.logits)).toBeLessThan(effort.tolerance);
  }
}

/** Tries a property on random trials with a random number from 1 to `most`. */
async function withNumber(
  decoder: DecoderModel,
  { runs, longest }: Effort,
  most: number,
  property: (trial: Trial, number: number, decoder: DecoderModel) => Promise<void>,
): Promise<void> {
  const { vocab, blocks, width } = decoder.info;
  const values = fc.tuple(anyTrial({ vocab, blocks, width, longest }), fc.integer({ min: 1, max: most }));
  await holds(values, runs, ([trial, number]) => property(trial, number, decoder));
}

/** The decoder with another `block`, on the host alone. */
export function withBlock(
  decoder: DecoderModel,
  block: (k: number, states: States, context: BlockContext) => ReturnType<DecoderModel["block"]>,
): DecoderModel {
  return {
    info: decoder.info,
    embed: (ids) => decoder.embed(ids),
    block,
    keyValue: (k, states, start, tokens) => decoder.keyValue(k, states, start, tokens),
    attention: (k, states, ids) => decoder.attention(k, states, ids),
    logits: (states) => decoder.logits(states),
    compareWithWhole: () => decoder.compareWithWhole(),
    close: () => decoder.close(),
  };
}
