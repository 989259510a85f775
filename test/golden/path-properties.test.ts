/** Numbers do not depend on the way in which they are computed: random models run in random ways, against one whole pass for each row. */
import * as path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import { estimateModel } from "../../src/engine/estimate.ts";
import { openModel } from "../../src/engine/open.ts";
import type { GridExperiment } from "../../src/shared/experiment/experiment.ts";
import type { GridReply, SweepReply } from "../../src/shared/protocol/engine.ts";
import { buildOnce } from "../support/cli/cli-support.ts";
import type { TinyOptions } from "../support/gguf/gguf-random.ts";
import { temporaryFile } from "../support/gguf/gguf-writer.ts";
import type { Trial, TrialShape } from "../support/properties/any-condition.ts";
import { anyTrial } from "../support/properties/any-condition.ts";
import { anyModel, modelFile } from "../support/properties/any-model.ts";
import { holds } from "../support/properties/holds.ts";
import { expectColumnsAreSweeps, expectLaws, gridOf } from "../support/properties/laws.ts";
import { environmentOf, experimentOf, logitsOf } from "../support/properties/properties.ts";
import { expectOracle } from "../support/properties/staircase-properties.ts";
import { anyWay, during, PLAIN, Runs } from "../support/properties/ways.ts";
import { TEST_RUNTIME } from "../support/runtime.ts";

const EFFORT = { runs: 20, longest: 8, tolerance: 1e-4 };
/** Each opens a model in six processes. */
const ENGINE_RUNS = 2;

const modelAndTrial = anyModel.chain((model) => fc.tuple(fc.constant(model), anyTrial(shapeOf(model))));

function shapeOf({ vocab, blocks, width }: TinyOptions): TrialShape {
  return { vocab: vocab!, blocks: blocks!, width: width!, longest: EFFORT.longest };
}

function anyGridPart({ target }: Trial, blocks: number): fc.Arbitrary<Partial<GridExperiment>> {
  const some = fc
    .uniqueArray(fc.nat(target.length - 1), { minLength: 1, maxLength: 3 })
    .map((list) => list.sort());
  return fc.record(
    {
      positions: some,
      targetPositions: some,
      sourceLayer: fc.nat(blocks),
      strength: fc.double({ min: 0, max: 1, noNaN: true }),
    },
    { requiredKeys: [] },
  );
}

describe("a random model", () => {
  test("gives the rows of one whole pass each, in any way to run to the last bit", async () => {
    const values = modelAndTrial.chain(([model, trial]) =>
      fc.tuple(fc.constant(model), fc.constant(trial), anyGridPart(trial, model.blocks!), anyWay),
    );
    await holds(values, EFFORT.runs, async ([model, trial, part, way]) => {
      const file = temporaryFile(modelFile(model));
      await during(file, PLAIN, async (plain) => {
        await expectOracle(trial, environmentOf(plain.decoder), EFFORT);
        await during(file, way, async (runs) => {
          const sweep = experimentOf(trial, model.vocab!);
          const grid = gridOf(trial, part);
          expect(await runs.sweep(sweep)).toEqual(await plain.sweep(sweep));
          expect(await runs.grid(grid)).toEqual(await plain.grid(grid));
          // With what was kept of both.
          expect(await runs.sweep(sweep)).toEqual(await plain.sweep(sweep));
        });
      });
    });
  });

  test("says the same of the same, of parts and of what changes nothing", async () => {
    await holds(modelAndTrial, EFFORT.runs, async ([model, trial]) => {
      await during(temporaryFile(modelFile(model)), PLAIN, async (runs) => {
        await expectLaws(runs, trial, "bits");
      });
    });
  });

  test("has grids whose columns are sweeps", async () => {
    const values = modelAndTrial.chain(([model, trial]) =>
      fc.tuple(fc.constant(model), fc.constant(trial), anyGridPart(trial, model.blocks!)),
    );
    await holds(values, EFFORT.runs, async ([model, trial, part]) => {
      await during(temporaryFile(modelFile(model)), PLAIN, async (runs) => {
        await expectColumnsAreSweeps(runs, gridOf(trial, part));
      });
    });
  });
});

/** Graphs of three exporters, with half floats, 4 bits and without a cache among them. */
const GRAPHS = [
  "llama__genai_fp32",
  "gpt2__past",
  "gpt2__nopast",
  "gpt_neox__past",
  "llama__fp16",
  "llama__q4",
];

describe.each(GRAPHS)("%s", (name) => {
  const open = (threads: 1 | 2 | 4): ReturnType<typeof openModel> =>
    openModel({
      path: path.join(import.meta.dirname, "../fixtures", name),
      file: null,
      threads,
      runtime: TEST_RUNTIME,
    });

  test("does the same, on any number of threads to the last bit", async () => {
    const [one, two, four] = [await open(1), await open(2), await open(4)];
    const { info } = one.decoder;
    const values = anyTrial({ ...info, longest: EFFORT.longest }).chain((trial) =>
      fc.tuple(fc.constant(trial), anyGridPart(trial, info.blocks)),
    );
    try {
      await holds(values, EFFORT.runs / 2, async ([trial, part]) => {
        const sweep = experimentOf(trial, info.vocab);
        const grid = gridOf(trial, part);
        const runs = new Runs(one.decoder);
        for (const other of [new Runs(two.decoder), new Runs(four.decoder)]) {
          expect(await other.sweep(sweep)).toEqual(await runs.sweep(sweep));
          expect(await other.grid(grid)).toEqual(await runs.grid(grid));
        }
        await expectLaws(runs, trial, info.precision === "half" ? 5e-2 : EFFORT.tolerance);
        await expectColumnsAreSweeps(runs, grid);
      });
    } finally {
      for (const { decoder } of [one, two, four]) await decoder.close();
    }
  });
});

/** Engines as processes of their own, by runtime and number of threads. */
const ENGINES = [
  ["native", 1],
  ["native", 2],
  ["native", 4],
  ["wasm", 1],
  ["wasm", 4],
] as const;

describe("engines", () => {
  const engines: EngineClient[] = [];
  beforeAll(async () => {
    await buildOnce();
    while (engines.length < ENGINES.length) engines.push(await startEngine());
  });
  afterAll(async () => {
    for (const engine of engines) await engine.stop();
  });

  // Several threads of WebAssembly cut sums by their number: docs/reliability.md.
  test("say the same of a model to the last bit on native, the same twice, and nearly the same on WebAssembly", async () => {
    const values = modelAndTrial.chain(([model, trial]) =>
      fc.tuple(fc.constant(model), fc.constant(trial), anyGridPart(trial, model.blocks!), fc.boolean()),
    );
    await holds(values, ENGINE_RUNS, async ([model, trial, part, hasLeastMemory]) => {
      const file = temporaryFile(modelFile(model));
      const memory = hasLeastMemory ? { memory: estimateModel(file, null).leastBytes! } : {};
      const said = async (
        engine: EngineClient,
        [runtime, threads]: (typeof ENGINES)[number],
      ): Promise<Said> => {
        await engine.request("open", { path: file, file: null, threads, runtime, ...memory });
        const { rows, baseline } = await engine.request("sweep", experimentOf(trial, model.vocab!));
        const { columns, answers } = await engine.request("grid", gridOf(trial, part));
        return { rows, baseline, columns, answers };
      };
      const native = await said(engines[0]!, ENGINES[0]);
      for (const [i, how] of ENGINES.entries()) {
        const first = await said(engines[i]!, how);
        if (how[0] === "native") expect(first, how.join()).toEqual(native);
        else expect(await said(engines[i]!, how), how.join()).toEqual(first);
        first.rows.forEach((row, r) => {
          const difference = maxAbsDifference(logitsOf(row), logitsOf(native.rows[r]!));
          expect(difference, how.join()).toBeLessThan(EFFORT.tolerance);
        });
      }
      const later = await startEngine();
      expect(await said(later, ENGINES[1])).toEqual(native);
      await later.stop();
    });
  });

  test("open models whose products are cut among threads: an identity patch changes nothing there either", async () => {
    const sizes = { blocks: 2, width: 128, headWidth: 32, feedForward: 512, vocab: 100 };
    const path = temporaryFile(modelFile({ ...sizes, type: () => "Q8_0" }));
    for (const [i, [runtime, threads]] of ENGINES.entries()) {
      const { selfTest } = await engines[i]!.request("open", { path, file: null, threads, runtime });
      expect(selfTest).toMatchObject({ passed: true, identity: 0 });
    }
  });
});

type Said = Pick<SweepReply, "rows" | "baseline"> & Pick<GridReply, "columns" | "answers">;

function startEngine(): Promise<EngineClient> {
  const script = path.join(import.meta.dirname, "../../dist/engine.mjs");
  return EngineClient.start({ script, execPath: process.execPath, onLog: () => undefined });
}
