/** SmolLM2-135M-Instruct (Q4_1 blocks, Q8_0 head) against plain PyTorch hooks on the dequantised weights. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DecoderModel, KeyValue, States } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { argmax, norm, row } from "../../src/shared/matrix.ts";
import { naiveRun } from "./naive-oracle.ts";
import { expectOutcome, missing, modelFile, readCases } from "./smollm2-goldens.ts";

const cases = readCases();

/** The sweeps reach 5e-5. */
const sweepTolerance = 2e-4;
describe.skipIf(missing.length > 0)("SmolLM2-135M-Instruct Q4_1", () => {
  let decoder: DecoderModel;
  let width: number;
  let blocks: number;

  beforeAll(async () => {
    decoder = await openGgufDecoder({ gguf: readGguf(modelFile), threads: 2 });
    ({ width, blocks } = decoder.info);
  });
  afterAll(async () => decoder.close());

  test("the model says what it is, and its self-test is exact", async () => {
    expect(decoder.info).toMatchObject({ architecture: "llama", blocks: 30, width: 576, vocab: 49_152 });
    expect(decoder.info.numeric).toBe("q4_1 + q8_0, exact (fp32 sums)");
    expect((await decoder.compareWithWhole()).maxAbsDiff).toBeLessThan(5e-6);
  });

  test.each(cases.map((_, i) => i))("case %i: baseline, source run and sweep", async (number) => {
    const golden = cases[number]!;
    expectOutcome((await naiveRun(decoder, golden.target_ids)).logits, golden.baseline, sweepTolerance);
    const source = await naiveRun(decoder, golden.source_ids);
    expectOutcome(source.logits, golden.source_run, sweepTolerance);
    expect(golden.sweep.length).toBe(blocks);
    for (const [k, outcome] of golden.sweep.entries()) {
      const vector = row({ data: source.hidden[k]!, rows: 0, width }, golden.source_position);
      const patch = { k, positions: [golden.target_position], vectors: { data: vector, rows: 1, width } };
      expectOutcome((await naiveRun(decoder, golden.target_ids, patch)).logits, outcome, sweepTolerance);
    }
  });

  test("case 0: hidden states", async () => {
    const golden = cases[0]!;
    const { hidden } = await naiveRun(decoder, golden.target_ids);
    for (const [k, norms] of golden.hidden_norms!.entries()) {
      const states = { data: hidden[k]!, rows: norms.length, width };
      for (const [position, expected] of norms.entries()) {
        expect(Math.abs(norm(row(states, position)) - expected)).toBeLessThan(1e-4 * expected);
      }
      const state = row(states, golden.target_position);
      for (const [i, expected] of golden.hidden_at_target_position_first8![k]!.entries()) {
        expect(Math.abs(state[i]! - expected)).toBeLessThan(1e-4 * norms[golden.target_position]!);
      }
    }
  });

  /** Argmax for each k of putting the source's states at one position: one upward pass over clean prefixes (engine.md section 11). */
  async function column(
    ids: readonly number[],
    position: number,
    clean: { readonly states: readonly States[]; readonly keyValues: readonly KeyValue[] },
    vectors: readonly Float32Array[],
  ): Promise<readonly Float32Array[]> {
    const positions = ids.length - position;
    const size = positions * width;
    let data: Float32Array = new Float32Array(0);
    for (let k = 0; k < blocks; k++) {
      const joined = new Float32Array(data.length + size);
      joined.set(data);
      joined.set(clean.states[k]!.data.subarray(position * width), data.length);
      joined.set(vectors[k]!, data.length);
      const past = position > 0 ? { past: firstPositions(clean.keyValues[k]!, position) } : {};
      const input = { data: joined, rows: k + 1, positions, width };
      ({ data } = (await decoder.block(k, input, { ids, start: position, ...past })).states);
    }
    const last = new Float32Array(blocks * width);
    for (let k = 0; k < blocks; k++)
      last.set(data.subarray((k + 1) * size - width, (k + 1) * size), k * width);
    const logits = await decoder.logits({ data: last, rows: blocks, width });
    return vectors.map((_, k) => row(logits, k));
  }

  test("case 0: grid of all positions and blocks, and sharing prefixes changes no bit", async () => {
    const golden = cases[0]!;
    const ids = golden.target_ids;
    const states = [await decoder.embed(ids)];
    const keyValues: KeyValue[] = [];
    for (let k = 0; k < blocks; k++) {
      const output = await decoder.block(k, states[k]!, { ids, start: 0, recordKeyValue: true });
      states.push(output.states);
      keyValues.push(output.keyValue!);
    }
    const source = await naiveRun(decoder, golden.source_ids);
    const vectors = Array.from({ length: blocks }, (_, k) =>
      row({ data: source.hidden[k]!, rows: 0, width }, golden.source_position),
    );
    for (const position of ids.keys()) {
      const logits = await column(ids, position, { states, keyValues }, vectors);
      expect(logits.map((entry) => argmax(entry))).toEqual(
        golden.grid_argmax!.map((entry) => entry[position]),
      );
      const k = (position * 7) % blocks;
      const patch = { k, positions: [position], vectors: { data: vectors[k]!, rows: 1, width } };
      const naive = (await naiveRun(decoder, ids, patch)).logits;
      expect(naive.every((x, i) => x === logits[k]![i])).toBe(true);
    }
    expect(golden.grid_argmax!.length).toBe(blocks);
  });
});

/** Keys and values of positions 0..count-1. */
function firstPositions(keyValue: KeyValue, count: number): KeyValue {
  const cut = (data: Float32Array): Float32Array => {
    const { heads, positions, headWidth } = keyValue;
    const out = new Float32Array(heads * count * headWidth);
    for (let head = 0; head < heads; head++) {
      const from = head * positions * headWidth;
      out.set(data.subarray(from, from + count * headWidth), head * count * headWidth);
    }
    return out;
  };
  return { ...keyValue, key: cut(keyValue.key), value: cut(keyValue.value), positions: count };
}
