/** Quantised types: dequantised values against the gguf Python package, products against float64 sums of those. */
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { describe, expect, test } from "vitest";

import { dequantize, readableTypes } from "../../../../../src/engine/model/gguf/dequantize.ts";
import { addLinears, linearScratchBytes } from "../../../../../src/engine/model/gguf/linear-graph.ts";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import {
  SCRATCH_LOCATION,
  StageGraph,
  WeightScratch,
} from "../../../../../src/engine/model/gguf/stage-graph.ts";
import { TensorSource } from "../../../../../src/engine/model/gguf/tensor-source.ts";
import type { GgufTypeName } from "../../../../../src/engine/model/gguf/tensor-types.ts";
import { typeNamed } from "../../../../../src/engine/model/gguf/tensor-types.ts";
import { testRuntime } from "../../../../support/runtime.ts";
import { float32, floatData } from "../../../../../src/engine/model/runtime/runtime.ts";
import { randomNumbers, randomTensor } from "../../../../support/gguf/gguf-random.ts";
import { gguf, temporaryFile, temporaryFolder } from "../../../../support/gguf/gguf-writer.ts";

describe("dequantised weights equal those of the gguf Python package", () => {
  const golden = JSON.parse(
    readFileSync(new URL("../../../../fixtures/gguf_blocks/dequantized.json", import.meta.url), "utf8"),
  ) as { types: Record<string, { blocks: string; weights: string }> };
  // The package has no Q1_0 yet.
  test.each(readableTypes.filter((type) => type !== "F32" && type !== "Q1_0"))("%s", (type) => {
    const entry = golden.types[type]!;
    const raw = new Uint8Array(Buffer.from(entry.weights, "base64"));
    const expected = new Float32Array(raw.buffer);
    const out = new Float32Array(expected.length);
    dequantize(type, Buffer.from(entry.blocks, "base64"), out);
    for (const [i, x] of out.entries()) {
      // The package rounds after each step, this engine once: at most a last bit of the larger term.
      expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(4e-7 * (Math.abs(expected[i]!) + 1));
    }
  });
});

test("Q1_0 is a bit a weight, lowest first: minus or plus the half-precision scale", () => {
  const out = new Float32Array(128);
  const scale = [0, 0x38]; // 0.5
  dequantize("Q1_0", Uint8Array.from([...scale, 0b101, ...new Array<number>(14).fill(0), 0x80]), out);
  const positive = [...out.entries()].filter(([, weight]) => weight === 0.5).map(([i]) => i);
  expect(positive).toEqual([0, 2, 127]);
  expect(out.filter((weight) => weight === -0.5)).toHaveLength(125);
});

/** Runs `x W^T` for tensors of one file in one graph; returns the results and the float64 references. */
async function products(
  kinds: readonly GgufTypeName[],
  inner: number,
  outputs: number,
  rows: number,
  mapped = true,
): Promise<{ got: Float32Array[]; expected: Float64Array[]; bound: Float64Array[] }> {
  const random = randomNumbers(inner + outputs + rows);
  const tensors = kinds.map((type, i) => randomTensor(`w${i}`, [inner, outputs + i], type, random));
  const file = readGguf(temporaryFile(gguf({ "general.architecture": ["string", "llama"] }, tensors)));
  const folder = mapped ? path.dirname(file.path) : temporaryFolder();
  const source = new TensorSource();
  const scratch = new WeightScratch();
  const linears = kinds.map((_, i) => ({ weight: file.tensors.get(`w${i}`)!, bias: undefined }));
  const needed = linearScratchBytes(linears, folder);
  scratch.reset(needed);
  const graph = new StageGraph(source, scratch, needed === 0, new Set());
  const results = addLinears(graph, graph.input("x", [1, "R", inner]), linears);
  for (const [i, name] of results.entries()) {
    graph.node("Identity", [name], {}, "", `y${i}`);
    graph.output(`y${i}`, [1, "R", outputs + i]);
  }
  const session = await testRuntime(1).createSession(graph.finish(), {
    externalFolder: folder,
    ...(needed > 0 ? { externalData: [{ path: SCRATCH_LOCATION, data: scratch.bytes }] } : {}),
  });
  scratch.bytes.fill(0x55);
  const x = new Float32Array(rows * inner).map(() => random() * 2 - 1);
  const run = await session.run({ x: float32(x, [1, rows, inner]) });
  const expected: Float64Array[] = [];
  const bound: Float64Array[] = [];
  for (const { weight } of linears) {
    const w = source.floats(weight);
    const n = weight.dims[1]!;
    const sums = new Float64Array(rows * n);
    const sizes = new Float64Array(rows * n);
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < n; o++) {
        for (let i = 0; i < inner; i++) {
          const term = x[r * inner + i]! * w[o * inner + i]!;
          sums[r * n + o]! += term;
          sizes[r * n + o]! += term * term;
        }
      }
    }
    expected.push(sums);
    bound.push(sizes.map(Math.sqrt));
  }
  const got = results.map((_, i) => floatData(run, `y${i}`).slice());
  await session.release();
  source.close();
  return { got, expected, bound };
}

/** Largest error in units of the root sum of squares of the terms. */
function largestError(got: Float32Array, expected: Float64Array, bound: Float64Array): number {
  return expected.reduce((worst, sum, i) => Math.max(worst, Math.abs(got[i]! - sum) / bound[i]!), 0);
}

describe("a product with packed weights equals the float64 product with dequantised weights", () => {
  for (const type of readableTypes) {
    const { blockSize } = typeNamed(type);
    const sizes = blockSize > 32 ? [blockSize, 3 * blockSize] : [32, 96, 576];
    for (const inner of sizes) {
      test.each([1, 2, 7, 40])(`${type}, ${inner} inputs, %i rows`, async (rows) => {
        const { got, expected, bound } = await products([type], inner, 33, rows);
        expect(largestError(got[0]!, expected[0]!, bound[0]!)).toBeLessThan(1.5e-5);
      });
    }
  }
});

test("neighbours of one type are merged, others stand alone, and each gets its own result", async () => {
  const { got, expected, bound } = await products(
    ["Q4_K", "Q4_K", "Q6_K", "F16", "F32", "Q8_0", "Q8_0", "BF16"],
    256,
    17,
    5,
  );
  for (const [i, result] of got.entries()) {
    expect(largestError(result, expected[i]!, bound[i]!)).toBeLessThan(1.5e-5);
  }
});

test("float weights outside the mapped folder are copied", async () => {
  const { got, expected, bound } = await products(["F16", "F32", "Q4_0"], 64, 9, 3, false);
  for (const [i, result] of got.entries()) {
    expect(largestError(result, expected[i]!, bound[i]!)).toBeLessThan(1.5e-5);
  }
});
