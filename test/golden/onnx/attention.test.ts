/** Attention weights of ONNX fixtures: exports of the same weights by different exporters must agree. */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import type { Matrix } from "../../../src/engine/matrix.ts";
import { row } from "../../../src/engine/matrix.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openOnnxDecoder } from "../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import type { Fixture, Golden } from "../../support/models/fixtures.ts";
import { onnxFixtures, readConfig, readGolden } from "../../support/models/fixtures.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";

const fixtures = onnxFixtures();
const isHalf = ({ name }: Fixture): boolean => name.includes("fp16") || name.includes("f16");

function open(fixture: Fixture, golden: Golden): Promise<DecoderModel> {
  const file = path.join(fixture.folder, golden.model_file);
  return openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
}

/** Weights of all blocks for a prompt, in the unpatched run. */
async function attentionOf(decoder: DecoderModel, ids: readonly number[]): Promise<Matrix[]> {
  const { width, blocks } = decoder.info;
  const { hidden } = await naiveRun(decoder, ids);
  const weights: Matrix[] = [];
  for (let k = 0; k < blocks; k++) {
    const states = { data: hidden[k]!, rows: 1, positions: ids.length, width };
    weights.push(await decoder.attention(k, states, ids));
  }
  return weights;
}

describe.each(fixtures)("$name", (fixture) => {
  const golden = readGolden(fixture);
  const { input_ids: ids } = golden.targets[0]!;
  let decoder: DecoderModel;
  let weights: Matrix[];

  beforeAll(async () => {
    decoder = await open(fixture, golden);
    weights = await attentionOf(decoder, ids);
  });
  afterAll(() => decoder.close());

  test("gives weights and says no reason why not", () => {
    expect(decoder.info.can.giveAttention).toBe(true);
    expect(decoder.info.notes.filter((note) => note.startsWith("attention weights"))).toEqual([]);
  });

  test("has a row for each head, whose weights are shares", () => {
    const config = readConfig(fixture);
    const heads = (config.num_attention_heads ?? config.n_head) as number;
    for (const block of weights) {
      expect(block).toMatchObject({ rows: heads, width: ids.length });
      for (let head = 0; head < heads; head++) {
        const shares = row(block, head);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        // Causality leaves earlier queries nothing there: this is the last one's row.
        expect(shares.at(-1)).toBeGreaterThan(0);
        expect(Math.abs(shares.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(isHalf(fixture) ? 2e-3 : 1e-6);
      }
    }
  });

  test("a prefix has the same weights from the whole prompt's states", async () => {
    const shorter = ids.slice(0, -3);
    const { width } = decoder.info;
    const { hidden } = await naiveRun(decoder, ids);
    const states = (k: number): Float32Array => hidden[k]!.slice(0, shorter.length * width);
    const alone = await attentionOf(decoder, shorter);
    for (const [k, block] of alone.entries()) {
      const cut = { data: states(k), rows: 1, positions: shorter.length, width };
      const again = await decoder.attention(k, cut, shorter);
      expect(maxAbsDifference(again.data, block.data)).toBeLessThan(isHalf(fixture) ? 5e-3 : 1e-5);
    }
  });
});

interface Sibling {
  readonly fixture: Fixture;
  readonly golden: Golden;
}

/** Exports of the same weights (PyTorch answered the same); quantised graphs hold others, fp16 ones the same, rounded. */
function siblings(): [string, Sibling[]][] {
  const groups = new Map<string, Sibling[]>();
  for (const fixture of fixtures) {
    const golden = readGolden(fixture);
    if (golden.lossy && !fixture.name.includes("fp16")) continue;
    // Exports with component sites have weights of their own.
    if (fixture.name.endsWith("__sites18")) continue;
    const name = fixture.name.split("__")[0]!;
    groups.set(name, [...(groups.get(name) ?? []), { fixture, golden }]);
  }
  return [...groups].filter(([, group]) => group.length > 1);
}

describe.each(siblings())("exports of %s", (_name, group) => {
  test("agree on attention in all blocks and heads", async () => {
    const reference = group.find(({ golden }) => !golden.lossy)!;
    const { input_ids: ids } = reference.golden.targets[0]!;
    const weightsOf = async ({ fixture, golden }: Sibling): Promise<Matrix[]> => {
      const decoder = await open(fixture, golden);
      const weights = await attentionOf(decoder, ids);
      await decoder.close();
      return weights;
    };
    const expected = await weightsOf(reference);
    for (const sibling of group) {
      const sameWeights = maxAbsDifference(sibling.golden.source.logits, reference.golden.source.logits);
      expect(sameWeights).toBeLessThan(1e-4);
      const weights = await weightsOf(sibling);
      const worst = Math.max(...weights.map((block, k) => maxAbsDifference(block.data, expected[k]!.data)));
      expect(worst, sibling.fixture.name).toBeLessThan(isHalf(sibling.fixture) ? 5e-3 : 1e-5);
    }
  });
});
