/** The attention sublayer over random tiny models: skipped, and its weights against the plain reference. */
import { describe, expect, test } from "vitest";

import type { DecoderModel, States } from "../../src/engine/model/decoder.ts";
import { readHyperparameters } from "../../src/engine/model/gguf/hyperparameters.ts";
import { rotaryFrequencies } from "../../src/engine/model/gguf/position-tables.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { referenceAttention } from "../../src/engine/model/gguf/reference-block.ts";
import { TensorSource } from "../../src/engine/model/gguf/tensor-source.ts";
import { collectWeights } from "../../src/engine/model/gguf/weights.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { tinyDecoder } from "./gguf-random.ts";
import { mixed, open, openFile, run, variants } from "./gguf-variants.ts";
import { gguf, temporaryFile } from "./gguf-writer.ts";

const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];

/** The same decoder with an attention sublayer whose output is zero, so that attention adds nothing. */
async function withoutAttention(options: TinyOptions): Promise<DecoderModel> {
  const { metadata, tensors } = tinyDecoder(options);
  for (const { name, bytes } of tensors) if (name.includes(".attn_output.")) bytes.fill(0);
  return openFile(temporaryFile(gguf(metadata, tensors)));
}

/** Outputs of all blocks, each on the one before, with attention skipped in all of them. */
async function runSkipping(decoder: DecoderModel): Promise<States[]> {
  const states = [await decoder.embed(ids)];
  for (let k = 0; k < decoder.info.blocks; k++) {
    states.push((await decoder.block(k, states.at(-1)!, { ids, start: 0, skipAttention: true })).states);
  }
  return states;
}

describe("a block that skips attention is one whose attention sublayer puts out zeros, bit for bit", () => {
  test.each(Object.entries(variants))("%s", async (_, options) => {
    const skipped = await runSkipping(await open(options));
    const { states } = await run(await withoutAttention(options), ids);
    const whole = await run(await open(options), ids);
    for (const [k, { data }] of skipped.entries()) {
      expect(data.every((x, i) => x === states[k]!.data[i])).toBe(true);
      expect(data.some((x, i) => x !== whole.states[k]!.data[i])).toBe(k > 0);
    }
  });
});

test.each([1, 6, ids.length - 1])(
  "skipped from position %i on over a shared prefix, no bit changes",
  async (start) => {
    const decoder = await open(mixed, 2);
    const { width } = decoder.info;
    const whole = await runSkipping(decoder);
    const past = (await run(decoder, ids.slice(0, start))).keyValues[1]!;
    const states = {
      data: whole[1]!.data.slice(start * width),
      rows: 1,
      positions: ids.length - start,
      width,
    };
    const output = await decoder.block(1, states, { ids, start, past, skipAttention: true });
    expect(output.states.data).toEqual(whole[2]!.data.slice(start * width));
  },
);

describe("attention weights equal the plain reference, and each head's sum to 1", () => {
  test.each(Object.entries(variants))("%s", async (_, options) => {
    const { metadata, tensors } = tinyDecoder(options);
    const file = temporaryFile(gguf(metadata, tensors));
    const decoder = await openFile(file);
    const header = readGguf(file);
    const shape = readHyperparameters(header);
    const weights = collectWeights(header, shape);
    const source = new TensorSource();
    const divisors = weights.ropeDivisors && source.floats(weights.ropeDivisors);
    const frequencies = rotaryFrequencies(shape, divisors);
    for (const length of [1, ids.length]) {
      const prompt = ids.slice(0, length);
      const { states } = await run(decoder, prompt);
      for (const [k, block] of weights.blocks.entries()) {
        const got = await decoder.attention(k, states[k]!, prompt);
        expect(got).toMatchObject({ rows: shape.heads, width: length });
        const expected = referenceAttention(source, shape, block, frequencies, states[k]!.data);
        expect(got.data.length).toBe(expected.length);
        for (const [i, x] of got.data.entries()) expect(Math.abs(x - expected[i]!)).toBeLessThan(2e-6);
        for (let head = 0; head < shape.heads; head++) {
          const sum = got.data.slice(head * length, (head + 1) * length).reduce((a, b) => a + b, 0);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
        }
      }
    }
    source.close();
  });
});

test("heads attend differently, and a sliding window gives exactly nothing beyond it", async () => {
  const decoder = await open({ metadata: { "llama.attention.sliding_window": ["u32", 3] } });
  const { states } = await run(decoder, ids);
  const { data, rows, width } = await decoder.attention(1, states[1]!, ids);
  const heads = Array.from({ length: rows }, (_, head) => data.slice(head * width, (head + 1) * width));
  for (const head of heads) {
    expect(head.slice(0, -3).every((x) => x === 0)).toBe(true);
    expect(head.slice(-3).every((x) => x > 0)).toBe(true);
  }
  expect(new Set(heads.map((head) => head.join())).size).toBe(rows);
});

test("attention leaves the blocks' sessions and the states as they were", async () => {
  const decoder = await open(mixed);
  const before = await run(decoder, ids);
  const kept = before.states[1]!.data.slice();
  await decoder.attention(1, before.states[1]!, ids);
  expect(before.states[1]!.data).toEqual(kept);
  expect((await run(decoder, ids)).states).toEqual(before.states);
});
