/** Blocks on demand: a decoder whose weights do not fit opens its stages when they run, and gives the same numbers. */
import * as path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { estimateModel } from "../../../src/engine/estimate.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import type { Runtime } from "../../../src/engine/model/runtime/runtime.ts";
import { runGrid } from "../../../src/engine/pass/grid.ts";
import { planSettingOf } from "../../../src/engine/pass/environment.ts";
import { planGrid, planSweep } from "../../../src/engine/pass/run-plan.ts";
import { runSweep } from "../../../src/engine/pass/sweep.ts";
import type { Experiment, GridExperiment } from "../../../src/shared/experiment/experiment.ts";
import { smallestK } from "../../../src/shared/condition/condition.ts";
import { sizeText } from "../../../src/shared/text/format.ts";
import { ggufFixtures } from "../../support/models/fixtures.ts";
import { conditionsOn } from "../../support/properties/conditions-on.ts";
import { environmentOf, promptOf } from "../../support/properties/properties.ts";
import { testRuntime } from "../../support/runtime.ts";

const ids = [3, 1, 4, 1, 5, 9, 2];
const sourceIds = [3, 1, 8];
const position = 3;
const [swap] = conditionsOn(ids.length, sourceIds.length, position) as [Experiment["condition"]];

/** Whose blocks differ, of those with enough of them: windows, experts, factors, ALiBi, latent attention. */
const fixtures = ggufFixtures().filter(({ name, folder }) => {
  const { memoryBytes, leastBytes } = estimateModel(path.join(folder, "model.gguf"), null);
  return (
    leastBytes! < memoryBytes && /gemma|mixtral|llama__Q4_0|granite|deepseek|bloom|gptoss|gpt2/.test(name)
  );
});

test("there are fixtures", () => {
  expect(fixtures.length).toBeGreaterThan(0);
});

/** The test's runtime, counting the sessions that are open. */
function countingRuntime(): { runtime: Runtime; open: () => number; most: () => number; made: () => number } {
  const runtime = testRuntime(1);
  let open = 0;
  let most = 0;
  let made = 0;
  return {
    open: () => open,
    most: () => most,
    made: () => made,
    runtime: {
      ...runtime,
      createSession: async (model, settings) => {
        const session = await runtime.createSession(model, settings);
        made++;
        most = Math.max(most, ++open);
        return {
          run: (...args) => session.run(...args),
          release: async () => {
            open--;
            await session.release();
          },
        };
      },
    },
  };
}

async function opened(file: string, memory?: number, runtime = testRuntime(1)): Promise<DecoderModel> {
  const gguf = readGguf(file);
  const decoder = await openGgufDecoder({ gguf, runtime, ...(memory !== undefined && { memory }) });
  onTestFinished(async () => decoder.close());
  return decoder;
}

function sweepOf(
  condition: Experiment["condition"],
  blocks: number,
  answers?: Experiment["answers"],
): Experiment {
  return {
    target: promptOf(ids),
    source: condition.kind === "swap" ? promptOf(sourceIds) : null,
    condition,
    layers: { from: smallestK(condition.kind), to: blocks - 1 },
    answers: answers ?? { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: 50,
    lens: true,
  };
}

function gridOf(blocks: number): GridExperiment {
  return {
    target: promptOf(ids),
    source: promptOf(sourceIds),
    sourcePositions: [2],
    sourceLayer: null,
    strength: 1,
    targetPositions: [position],
    layers: { from: 0, to: blocks - 1 },
    answers: { target: null, source: null },
  };
}

/** All that a reply says but how long it took. */
function withoutTiming<T extends { readonly timing: unknown }>(reply: T): T {
  return { ...reply, timing: null };
}

/** One; states of another layer need the source whole before, and each whole answer climbs unpatched and patched. */
function climbsWanted({ condition, answers }: Experiment): number {
  if (answers.scoring === "likelihood") return 5;
  return condition.kind === "swap" && condition.sourceLayer !== null ? 2 : 1;
}

describe.each(fixtures)("$name", ({ folder }) => {
  const file = path.join(folder, "model.gguf");

  test("every condition, the grid and whole answers are the same to the last bit, one stage open at a time", async () => {
    const whole = await opened(file);
    const onDemand = await opened(file, estimateModel(file, null).leastBytes!);
    const { blocks } = whole.info;
    const likelihood = {
      target: { ids: [5, 6], text: "a" },
      source: { ids: [7, 8, 9], text: "b" },
      scoring: "likelihood",
      tokens: 1,
    } as const;
    const conditions = conditionsOn(ids.length, sourceIds.length, position);
    const experiments = [
      ...conditions.map((condition) => sweepOf(condition, blocks)),
      sweepOf(conditions[0]!, blocks, likelihood),
    ];
    for (const experiment of experiments) {
      const expected = await runSweep(experiment, environmentOf(whole));
      const reads = planSweep(experiment, planSettingOf(environmentOf(onDemand))).reads!;
      const before = onDemand.reads!.bytesRead;
      const got = await runSweep(experiment, environmentOf(onDemand));
      expect(reads.bytes, experiment.condition.kind).toBe(onDemand.reads!.bytesRead - before);
      expect(reads.climbs, experiment.condition.kind).toBe(climbsWanted(experiment));
      expect(withoutTiming(got), experiment.condition.kind).toEqual(withoutTiming(expected));
      expect(got.timing.blockTokens).toBe(expected.timing.blockTokens);
    }
    const expected = await runGrid(gridOf(blocks), environmentOf(whole));
    const { climbs, bytes } = planGrid(gridOf(blocks), planSettingOf(environmentOf(onDemand))).reads!;
    const before = onDemand.reads!.bytesRead;
    const got = await runGrid(gridOf(blocks), environmentOf(onDemand));
    expect(withoutTiming(got)).toEqual(withoutTiming(expected));
    expect({ climbs, bytes }).toEqual({ climbs: 1, bytes: onDemand.reads!.bytesRead - before });
  });
});

const [fixture] = fixtures;
const file = path.join(fixture!.folder, "model.gguf");

test("with the least memory one or two stages are open at a time, and none in the end", async () => {
  const counted = countingRuntime();
  const memory = estimateModel(file, null).leastBytes!;
  const decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: counted.runtime, memory });
  const { blocks, onDemand } = decoder.info;
  await runSweep(sweepOf(swap, blocks), environmentOf(decoder));
  expect(onDemand!.heldBytes).toBeLessThan(decoder.info.memoryBytes);
  expect(counted.most()).toBeLessThanOrEqual(2);
  expect(counted.made()).toBeGreaterThan(blocks);
  await decoder.close();
  expect(counted.open()).toBe(0);
});

test("with less than that it is refused, with the numbers", async () => {
  const { memoryBytes, leastBytes } = estimateModel(file, null);
  const [all, least] = [memoryBytes, leastBytes!].map(sizeText);
  await expect(opened(file, leastBytes! - 1)).rejects.toMatchObject({
    code: "not-enough-memory",
    message: expect.stringContaining(
      `takes about ${all!} of memory, or ${least!} with its blocks read`,
    ) as string,
  });
});

test("without a limit every stage is opened once", async () => {
  const counted = countingRuntime();
  const decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: counted.runtime });
  const stages = 1 + decoder.info.blocks;
  expect(counted.made()).toBe(stages);
  await runSweep(sweepOf(swap, decoder.info.blocks), environmentOf(decoder));
  expect(counted.made()).toBe(stages);
  expect(decoder.info.onDemand).toBeNull();
  await decoder.close();
});
