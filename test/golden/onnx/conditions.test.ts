/** ONNX fixtures: freeze and skip attention against PyTorch; where a lossy graph has no golden, against itself. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference, maxRelativeDifference } from "../../../src/engine/difference.ts";
import { argmax } from "../../../src/engine/matrix.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openOnnxDecoder } from "../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import { readOnnx } from "../../../src/engine/model/onnx/reader.ts";
import type { Fixture, Golden, GoldenRow, GoldenTarget } from "../../support/models/fixtures.ts";
import { testFor } from "../../support/test-for.ts";
import { onnxFixtures, readConfig, readGolden } from "../../support/models/fixtures.ts";
import type { NaiveRun } from "../../support/properties/naive-oracle.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";

const fixtures = onnxFixtures();
const isHalf = ({ name }: Fixture): boolean => name.includes("fp16");

const FP32_TOLERANCE = 2e-4;

function open(fixture: Fixture, golden: Golden, folder = fixture.folder): Promise<DecoderModel> {
  const file = path.join(folder, golden.model_file);
  return openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
}

/** How far the half-precision graph itself is from PyTorch, patched by graph surgery outside this engine. */
function lossOf(golden: Golden): number {
  return Math.max(
    ...golden.targets.flatMap((target) =>
      target.ort_cut_sweep!.map((row, i) => maxAbsDifference(row.logits, target.sweep[i]!.logits)),
    ),
  );
}

describe.each(fixtures)("$name", (fixture) => {
  const golden = readGolden(fixture);
  const { hidden_size: width, n_layers: blocks } = golden;
  let decoder: DecoderModel;

  beforeAll(async () => {
    decoder = await open(fixture, golden);
  });
  afterAll(() => decoder.close());

  const frozen = (target: GoldenTarget, unpatched: NaiveRun, k: number): Promise<NaiveRun> => {
    const positions = target.input_ids.slice(0, -1).map((_, i) => i);
    const rows = positions.length;
    const data = unpatched.hidden[k - 1]!.slice(0, rows * width);
    const patch = { k, positions, vectors: { data, rows, width }, holds: true };
    return naiveRun(decoder, target.input_ids, patch);
  };
  const skipping = (target: GoldenTarget, k: number): Promise<NaiveRun> =>
    naiveRun(decoder, target.input_ids, undefined, { skipAttentionFrom: k });

  const expectLogits = (actual: Float32Array, row: GoldenRow, tolerance: number): void => {
    expect(actual.length).toBe(row.logits.length);
    expect(maxAbsDifference(actual, row.logits)).toBeLessThan(tolerance);
    const [first, second] = [...row.logits].sort((a, b) => b - a);
    if (first! - second! > 2 * tolerance) expect(argmax(actual)).toBe(row.argmax);
  };

  test("can skip attention and says no reason why not", () => {
    expect(decoder.info.can.skipAttention).toBe(true);
    expect(decoder.info.notes.filter((note) => note.startsWith("skip attention"))).toEqual([]);
  });

  // fp16 graphs round at every step: freezing or skipping may not move them further from PyTorch than a patch does.
  const tolerance = isHalf(fixture) ? 2 * lossOf(golden) : FP32_TOLERANCE;

  testFor(!golden.lossy || isHalf(fixture))("freeze equals PyTorch", async () => {
    for (const target of golden.targets) {
      const unpatched = await naiveRun(decoder, target.input_ids);
      expect(target.freeze.map((row) => row.k)).toEqual(Array.from({ length: blocks - 1 }, (_, i) => i + 1));
      for (const row of target.freeze)
        expectLogits((await frozen(target, unpatched, row.k)).logits, row, tolerance);
    }
  });

  testFor(!golden.lossy || isHalf(fixture))("skip attention equals PyTorch", async () => {
    for (const target of golden.targets) {
      expect(target.skip_attention.map((row) => row.k)).toEqual(Array.from({ length: blocks }, (_, k) => k));
      for (const row of target.skip_attention)
        expectLogits((await skipping(target, row.k)).logits, row, tolerance);
    }
  });

  test("with attention skipped from k on, the last position hears of no other, to the bit", async () => {
    const target = golden.targets[0]!;
    const positions = target.input_ids.slice(0, -1).map((_, i) => i);
    for (let k = 0; k < blocks; k++) {
      const alone = await skipping(target, k);
      const others = alone.hidden[k]!.slice(0, positions.length * width).map((value) => -2 * value);
      const patch = { k, positions, vectors: { data: others, rows: positions.length, width } };
      const disturbed = await naiveRun(decoder, target.input_ids, patch, { skipAttentionFrom: k });
      expect(maxAbsDifference(disturbed.logits, alone.logits)).toBe(0);
      const attending = await naiveRun(decoder, target.input_ids, patch);
      expect(
        maxAbsDifference(attending.logits, (await naiveRun(decoder, target.input_ids)).logits),
      ).toBeGreaterThan(1e-3);
    }
  });

  test("without attention the last position alone is enough", async () => {
    const { input_ids: ids } = golden.targets[0]!;
    const { hidden } = await naiveRun(decoder, ids);
    for (let k = 0; k < blocks; k++) {
      const all = { data: hidden[k]!, rows: 1, positions: ids.length, width };
      const last = { data: hidden[k]!.slice(-width), rows: 1, positions: 1, width };
      const context = { start: 0, skipAttention: true };
      const whole = await decoder.block(k, all, { ids, ...context });
      const alone = await decoder.block(k, last, { ids: ids.slice(-1), ...context });
      const expected = whole.states.data.slice(-width);
      // A product with one row takes another kernel; half-precision graphs round its last bits otherwise.
      const roundoff = decoder.info.precision === "half" ? 2e-3 : 1e-5;
      expect(maxRelativeDifference(alone.states.data, expected)).toBeLessThan(roundoff);
    }
  });

  // A witness without graph analysis: the exporters' names tell where the weights stand that are zeroed.
  testFor(golden.lossy)(
    "skipping equals the same file with output projections of zero, to the bit",
    async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-zero-"));
      try {
        fs.cpSync(fixture.folder, folder, { recursive: true });
        expect(zeroOutputProjections(path.join(folder, golden.model_file))).toBe(blocks);
        const silent = await open(fixture, golden, folder);
        try {
          for (const { input_ids: ids } of golden.targets) {
            const expected = await naiveRun(silent, ids);
            const actual = await naiveRun(decoder, ids, undefined, { skipAttentionFrom: 0 });
            expect(maxAbsDifference(actual.logits, expected.logits)).toBe(0);
          }
        } finally {
          await silent.close();
        }
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    },
  );
});

/** Zeroes weights, scales and biases of the attention sublayers' output projections; returns how many there were. */
function zeroOutputProjections(file: string): number {
  const { graph } = readOnnx(file);
  let products = 0;
  for (const node of graph.nodes) {
    if (!/(o_proj|out_proj|attn\/c_proj)\//.test(node.name)) continue;
    if (!/^(MatMul|Gemm|Add$)/.test(node.opType)) continue;
    if (node.opType !== "Add") products++;
    // An int8 weight is zero where its code is the zero point.
    const zero = graph.initializers.get(node.inputs[3] ?? "");
    const code = node.opType === "MatMulInteger" ? (zero?.integers ?? zero?.rawBytes ?? [0])[0]! : 0;
    for (const tensor of node.inputs.map((input) => graph.initializers.get(input))) {
      if (!tensor || tensor === zero) continue;
      const place = tensor.external
        ? { file: path.join(path.dirname(file), tensor.external.location), ...tensor.external }
        : { file, ...tensor.raw! };
      const opened = fs.openSync(place.file, "r+");
      fs.writeSync(opened, new Uint8Array(place.length!).fill(code), 0, place.length, place.offset);
      fs.closeSync(opened);
    }
  }
  return products;
}
