/** GGUF fixtures against PyTorch on the dequantised weights: hidden states, baseline, sweep, grid, and the other conditions. */
import * as path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import { argmax } from "../../../src/engine/matrix.ts";
import type { GoldenRow } from "../../support/models/fixtures.ts";
import { ggufFixtures, readGolden, refusedGgufFixtures } from "../../support/models/fixtures.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";

const fixtures = ggufFixtures();

test("there are fixtures", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(4);
});

test.each(refusedGgufFixtures())("$name is refused by the name of its family or type", async ({ folder }) => {
  const gguf = readGguf(path.join(folder, "model.gguf"));
  const opened = openGgufDecoder({ gguf, runtime: testRuntime(1) });
  await expect(opened).rejects.toMatchObject({ code: expect.stringMatching(/^unsupported-/) as string });
});

/** The measured errors stay below 7e-5; fixtures/README.md allows 2e-3. */
const logitTolerance = 2e-4;
const hiddenTolerance = 1e-4;

function expectLogits(got: Float32Array, expected: Omit<GoldenRow, "k">): void {
  expect(got.length).toBe(expected.logits.length);
  expect(argmax(got)).toBe(expected.argmax);
  for (const [i, x] of got.entries()) expect(Math.abs(x - expected.logits[i]!)).toBeLessThan(logitTolerance);
}

function length(vector: ArrayLike<number>): number {
  return Math.hypot(...Array.from(vector));
}

describe.each(fixtures)("$name", (fixture) => {
  const golden = readGolden(fixture);
  const width = golden.hidden_size;
  const blocks = Array.from({ length: golden.n_layers }, (_, k) => k);
  const file = path.join(fixture.folder, "model.gguf");
  let decoder: DecoderModel;

  beforeAll(async () => {
    decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: testRuntime(1) });
  });
  afterAll(async () => decoder.close());

  /** Logits with chosen positions replaced at the input of block k. */
  async function patched(
    ids: readonly number[],
    k: number,
    vectors: readonly (readonly number[])[],
    positions: readonly number[],
  ): Promise<Float32Array> {
    const matrix = { data: Float32Array.from(vectors.flat()), rows: vectors.length, width };
    return (await naiveRun(decoder, ids, { k, positions, vectors: matrix })).logits;
  }

  test("the self-test at load finds exact blocks", async () => {
    const { maxAbsDiff } = await decoder.compareWithWhole();
    expect(maxAbsDiff).toBeLessThan(5e-6);
  });

  test("hidden states and logits of the unpatched runs", async () => {
    for (const run of [golden.source, ...golden.targets]) {
      const { hidden, logits } = await naiveRun(decoder, run.input_ids);
      expectLogits(logits, run);
      expect(hidden.length).toBe(golden.n_layers + 1);
      for (const [k, rows] of run.hidden.entries()) {
        for (const [position, row] of rows.entries()) {
          const got = hidden[k]!.subarray(position * width, (position + 1) * width);
          expect(length(got.map((x, i) => x - row[i]!))).toBeLessThan(hiddenTolerance * length(row));
        }
      }
    }
  });

  for (const [number, target] of golden.targets.entries()) {
    const { input_ids: ids, tpos } = target;
    const everyButLast = Array.from({ length: ids.length - 1 }, (_, position) => position);
    const sourceVector = (k: number): readonly number[] => golden.source.hidden[k]![golden.source.spos]!;

    test(`target ${number}: sweep`, async () => {
      for (const cell of target.sweep) {
        expectLogits(await patched(ids, cell.k, [sourceVector(cell.k)], [tpos]), cell);
      }
      expect(target.sweep.map((cell) => cell.k)).toEqual(blocks);
    });

    test(`target ${number}: grid`, async () => {
      for (const [position, row] of target.grid.entries()) {
        for (const [k, expected] of row.entries()) {
          expect(argmax(await patched(ids, k, [sourceVector(k)], [position]))).toBe(expected);
        }
      }
      expect(target.grid.length).toBe(everyButLast.length);
    });

    test(`target ${number}: random states`, async () => {
      for (const cell of target.random) {
        expectLogits(await patched(ids, cell.k, cell.noise, everyButLast), cell);
      }
      expect(target.random.map((cell) => cell.k)).toEqual(blocks);
    });

    test(`target ${number}: shuffled states`, async () => {
      for (const cell of target.shuffle) {
        const { hidden } = await naiveRun(decoder, ids);
        const vectors = everyButLast.map((position) =>
          cell.perm.map((from) => hidden[cell.k]![position * width + from]!),
        );
        expectLogits(await patched(ids, cell.k, vectors, everyButLast), cell);
      }
      expect(target.shuffle.map((cell) => cell.k)).toEqual(blocks);
    });

    test(`target ${number}: frozen states`, async () => {
      const { hidden } = await naiveRun(decoder, ids);
      for (const cell of target.freeze) {
        const vectors = { data: hidden[cell.k - 1]!.slice(0, -width), rows: everyButLast.length, width };
        const patch = { k: cell.k, positions: everyButLast, vectors, holds: true };
        expectLogits((await naiveRun(decoder, ids, patch)).logits, cell);
      }
      expect(target.freeze.map((cell) => cell.k)).toEqual(blocks.slice(1));
    });

    test(`target ${number}: skipped attention`, async () => {
      for (const cell of target.skip_attention) {
        const options = { skipAttentionFrom: cell.k };
        expectLogits((await naiveRun(decoder, ids, undefined, options)).logits, cell);
      }
      expect(target.skip_attention.map((cell) => cell.k)).toEqual(blocks);
    });
  }
});
