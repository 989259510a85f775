/** ONNX fixtures against PyTorch: hidden states, baseline, sweep, grid, random and shuffled states, by the naive oracle. */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import { argmax, norm } from "../../../src/engine/matrix.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openOnnxDecoder } from "../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import { selfTest } from "../../../src/engine/self-test.ts";
import { runUnpatched } from "../../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../../src/engine/pass/staircase.ts";
import type { GoldenRow, GoldenTarget } from "../../support/models/fixtures.ts";
import { testFor } from "../../support/test-for.ts";
import { onnxFixtures, readConfig, readGolden, toleranceOf } from "../../support/models/fixtures.ts";
import type { NaiveRun } from "../../support/properties/naive-oracle.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";

const fixtures = onnxFixtures();

test("there are fixtures", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(10);
});

describe.each(fixtures)("$name", (fixture) => {
  const golden = readGolden(fixture);
  const tolerance = toleranceOf(fixture.name, golden);
  const { hidden_size: width, n_layers: blocks } = golden;
  let decoder: DecoderModel;
  let source: NaiveRun;

  beforeAll(async () => {
    const file = path.join(fixture.folder, golden.model_file);
    decoder = await openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
    source = await naiveRun(decoder, golden.source.input_ids);
  });
  afterAll(() => decoder.close());

  const stateOfSource = (k: number): Float32Array => {
    const { spos } = golden.source;
    return source.hidden[k]!.slice(spos * width, (spos + 1) * width);
  };
  const patched = (
    target: GoldenTarget,
    k: number,
    positions: number[],
    data: Float32Array,
  ): Promise<NaiveRun> =>
    naiveRun(decoder, target.input_ids, { k, positions, vectors: { data, rows: positions.length, width } });

  const expectLogits = (actual: Float32Array, expected: readonly number[]): void => {
    expect(maxAbsDifference(actual, expected)).toBeLessThan(tolerance.logits);
    const [first, second] = [...expected].sort((a, b) => b - a);
    if (first! - second! > tolerance.margin) expect(argmax(actual)).toBe(argmax(expected));
  };

  test("has the golden's shape and passes its self-test", async () => {
    expect(decoder.info).toMatchObject({ blocks, width });
    expect((await selfTest(decoder)).result).toMatchObject({ passed: true, identity: 0 });
  });

  test("hidden states and baseline", async () => {
    for (const target of golden.targets) {
      const run = await naiveRun(decoder, target.input_ids);
      const whole = Array.isArray(target.ort_whole)
        ? target.ort_whole
        : (target.ort_whole as GoldenRow).logits;
      expectLogits(run.logits, golden.lossy ? (whole as number[]) : target.logits);
      if (tolerance.hidden === null) continue;
      target.hidden.forEach((plane, k) => {
        plane.forEach((state, position) => {
          const actual = run.hidden[k]!.subarray(position * width, (position + 1) * width);
          const error = norm(state.map((value, i) => value - actual[i]!));
          expect(error / norm(state)).toBeLessThan(tolerance.hidden!);
        });
      });
    }
  });

  test("sweep", async () => {
    for (const target of golden.targets) {
      for (const row of golden.lossy ? target.ort_cut_sweep! : target.sweep) {
        const run = await patched(target, row.k, [target.tpos], stateOfSource(row.k));
        expectLogits(run.logits, row.logits);
      }
    }
  });

  test("one upward pass equals the oracle, row by row", async () => {
    const target = golden.targets[0]!;
    const unpatched = await runUnpatched(decoder, target.input_ids, uncancelled());
    const rows = Array.from({ length: blocks }, (_, k) => ({
      k,
      seed: null,
      positions: [target.tpos],
      vectors: () => ({ data: stateOfSource(k), rows: 1, width }),
      holds: false,
      skipsAttention: false,
    }));
    const output = await runPatchedRows(decoder, unpatched, rows, uncancelled());
    for (const [k, row] of output.rows.entries()) {
      const oracle = await patched(target, k, [target.tpos], stateOfSource(k));
      expect(maxAbsDifference(row.logits, oracle.logits)).toBeLessThan(
        fixture.name.includes("f16") || fixture.name.includes("fp16") ? 5e-2 : 1e-4,
      );
    }
  });

  testFor(!golden.lossy)("grid, random and shuffled states", async () => {
    for (const target of golden.targets) {
      for (const [position, column] of target.grid.entries()) {
        for (const [k, expected] of column.entries()) {
          const run = await patched(target, k, [position], stateOfSource(k));
          expect(argmax(run.logits)).toBe(expected);
        }
      }
      const positions = target.input_ids.slice(0, -1).map((_, i) => i);
      for (const row of target.random) {
        const run = await patched(target, row.k, positions, Float32Array.from(row.noise.flat()));
        expectLogits(run.logits, row.logits);
      }
      const unpatched = await naiveRun(decoder, target.input_ids);
      for (const row of target.shuffle) {
        const plane = unpatched.hidden[row.k]!;
        const shuffled = positions.flatMap((position) =>
          row.perm.map((from) => plane[position * width + from]!),
        );
        const run = await patched(target, row.k, positions, Float32Array.from(shuffled));
        expectLogits(run.logits, row.logits);
      }
    }
  });
});
