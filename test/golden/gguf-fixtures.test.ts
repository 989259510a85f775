/** GGUF fixtures against PyTorch on the dequantised weights: hidden states, baseline, sweep, grid, random and shuffled states. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { argmax } from "../../src/shared/matrix.ts";
import { naiveRun } from "./naive-oracle.ts";

interface Run {
  readonly input_ids: readonly number[];
  readonly argmax: number;
  readonly logits: readonly number[];
  readonly hidden: readonly (readonly (readonly number[])[])[];
}

interface Cell {
  readonly k: number;
  readonly argmax: number;
  readonly logits: readonly number[];
}

interface Golden {
  readonly n_layers: number;
  readonly hidden_size: number;
  readonly source: Run & { readonly spos: number };
  readonly targets: readonly (Run & {
    readonly tpos: number;
    readonly sweep: readonly Cell[];
    readonly grid: readonly (readonly number[])[];
    readonly random: readonly (Cell & { readonly noise: readonly (readonly number[])[] })[];
    readonly shuffle: readonly (Cell & { readonly perm: readonly number[] })[];
  })[];
}

const repository = path.resolve(import.meta.dirname, "../..");
const folders = [
  process.env.STATE_SWAP_FIXTURES ?? path.join(repository, "../shared/fixtures"),
  path.join(repository, "test/fixtures"),
];
/** Fixture folders by name; the whole set goes before the copied subset. */
const fixtures = new Map<string, string>();
for (const folder of folders.filter(existsSync).reverse()) {
  for (const name of readdirSync(folder)) {
    const fixture = path.join(folder, name);
    if (name.startsWith("gguf_") && existsSync(path.join(fixture, "golden.json")))
      fixtures.set(name, fixture);
  }
}

test("there are fixtures", () => {
  expect(fixtures.size).toBeGreaterThanOrEqual(4);
});

/** The measured errors stay below 2e-5; fixtures/README.md allows 2e-3. */
const logitTolerance = 2e-4;
const hiddenTolerance = 1e-4;

function expectLogits(got: Float32Array, expected: Omit<Cell, "k">): void {
  expect(got.length).toBe(expected.logits.length);
  expect(argmax(got)).toBe(expected.argmax);
  for (const [i, x] of got.entries()) expect(Math.abs(x - expected.logits[i]!)).toBeLessThan(logitTolerance);
}

function length(vector: ArrayLike<number>): number {
  return Math.hypot(...Array.from(vector));
}

describe.each([...fixtures])("%s", (_, folder) => {
  const golden = JSON.parse(readFileSync(path.join(folder, "golden.json"), "utf8")) as Golden;
  const width = golden.hidden_size;
  const blocks = Array.from({ length: golden.n_layers }, (_, k) => k);
  let decoder: DecoderModel;

  beforeAll(async () => {
    decoder = await openGgufDecoder({ gguf: readGguf(path.join(folder, "model.gguf")), threads: 1 });
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
      for (const cell of target.random)
        expectLogits(await patched(ids, cell.k, cell.noise, everyButLast), cell);
    });

    test(`target ${number}: shuffled states`, async () => {
      for (const cell of target.shuffle) {
        const { hidden } = await naiveRun(decoder, ids);
        const vectors = everyButLast.map((position) =>
          cell.perm.map((from) => hidden[cell.k]![position * width + from]!),
        );
        expectLogits(await patched(ids, cell.k, vectors, everyButLast), cell);
      }
    });
  }
});
