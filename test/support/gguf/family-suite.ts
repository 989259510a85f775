/**
 * What every family must do, over random tiny decoders with the tensors that it declares: equal the plain reference, share
 * a prefix and skip attention without a changed bit, and give attention weights. A family registers by one call.
 */
import { describe, expect, test } from "vitest";
import type { DecoderModel, States } from "../../../src/engine/model/decoder.ts";
import type { Family } from "../../../src/engine/model/gguf/families/family.ts";
import type { Hyperparameters } from "../../../src/engine/model/gguf/hyperparameters.ts";
import { readHyperparameters } from "../../../src/engine/model/gguf/hyperparameters.ts";
import { BlockRotations } from "../../../src/engine/model/gguf/block-rotations.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import { referenceAttention, referenceBlock } from "../../../src/engine/model/gguf/reference-block.ts";
import { TensorSource } from "../../../src/engine/model/gguf/tensor-source.ts";
import type { DecoderWeights } from "../../../src/engine/model/gguf/weights.ts";
import { collectWeights } from "../../../src/engine/model/gguf/weights.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { tinyDecoder } from "./gguf-random.ts";
import { open, openFile, run } from "./gguf-variants.ts";
import { gguf, temporaryFile } from "./gguf-writer.ts";

const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];

/**
 * Registers a family's tests.
 *
 * @param options what files of the family differ in, by name
 */
export function familySuite(family: Family, options: Readonly<Record<string, TinyOptions>>): void {
  const variants = Object.fromEntries(
    Object.entries(options).map(([name, variant]) => [name, { ...variant, family }]),
  );

  describe(family.architecture, () => {
    describe("block 0 and the logits equal the plain reference", () => {
      test.each(Object.entries(variants))("%s", async (_, options) => {
        const comparison = await (await open(options)).compareWithWhole();
        expect(comparison.maxAbsDiff).toBeLessThan(5e-6);
        expect(comparison.maxAbsDiff).toBeLessThan(comparison.tolerance);
      });
    });

    describe("every block equals the plain reference", () => {
      test.each(Object.entries(variants))("%s", async (_, options) => {
        const { decoder, shape, weights, source, rotations } = await opened(options);
        const { states } = await run(decoder, ids);
        for (const [k, block] of weights.blocks.entries()) {
          const expected = referenceBlock(source, shape, block, rotations.of(k, ids.length), states[k]!.data);
          const worst = states[k + 1]!.data.reduce(
            (max, x, i) => Math.max(max, Math.abs(x - expected[i]!)),
            0,
          );
          const scale = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
          expect(worst / scale).toBeLessThan(5e-6);
        }
        source.close();
      });
    });

    describe("sharing the prefix gives the whole run, bit for bit", () => {
      test.each(Object.entries(variants))("%s", async (_, options) => {
        const decoder = await open(options, 2);
        const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];
        const whole = await run(decoder, ids);
        const { width } = decoder.info;
        for (const start of [1, 2, 6, ids.length - 2, ids.length - 1]) {
          const prefix = await run(decoder, ids.slice(0, start));
          let states: States = {
            data: whole.states[0]!.data.slice(start * width),
            rows: 1,
            positions: ids.length - start,
            width,
          };
          for (let k = 0; k < decoder.info.blocks; k++) {
            const output = await decoder.block(k, states, {
              ids,
              start,
              past: prefix.keyValues[k]!,
              recordKeyValue: true,
            });
            states = output.states;
            expect(output.keyValue!.positions).toBe(ids.length);
            expect(output.keyValue!.key).toEqual(whole.keyValues[k]!.key);
            expect(output.keyValue!.value).toEqual(whole.keyValues[k]!.value);
          }
          const expected = whole.states.at(-1)!.data.subarray(start * width);
          expect(states.data.every((x, i) => x === expected[i])).toBe(true);
        }
      });
    });

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

    describe("attention weights equal the plain reference, and each head's sum to 1 but for sinks", () => {
      test.each(Object.entries(variants))("%s", async (_, options) => {
        const { decoder, shape, weights, source, rotations } = await opened(options);
        for (const length of [1, ids.length]) {
          const prompt = ids.slice(0, length);
          const { states } = await run(decoder, prompt);
          for (const [k, block] of weights.blocks.entries()) {
            const got = await decoder.attention(k, states[k]!, prompt);
            expect(got).toMatchObject({ rows: shape.heads, width: length });
            const expected = referenceAttention(
              source,
              shape,
              block,
              rotations.of(k, length),
              states[k]!.data,
            );
            expect(got.data.length).toBe(expected.length);
            for (const [i, x] of got.data.entries()) expect(Math.abs(x - expected[i]!)).toBeLessThan(2e-6);
            for (let head = 0; head < shape.heads; head++) {
              const sum = got.data.slice(head * length, (head + 1) * length).reduce((a, b) => a + b, 0);
              if (block.sinks) expect(sum).toBeLessThan(1);
              else expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
            }
          }
        }
        source.close();
      });
    });
  });
}

interface Opened {
  readonly decoder: DecoderModel;
  readonly shape: Hyperparameters;
  readonly weights: DecoderWeights;
  readonly source: TensorSource;
  readonly rotations: BlockRotations;
}

/** A random decoder, and what the plain reference needs of its file. */
async function opened(options: TinyOptions & { readonly family: Family }): Promise<Opened> {
  const { metadata, tensors } = tinyDecoder(options);
  const file = temporaryFile(gguf(metadata, tensors));
  const decoder = await openFile(file, 1, options.family);
  const header = readGguf(file);
  const shape = readHyperparameters(header, [options.family]);
  const weights = collectWeights(header, shape);
  const source = new TensorSource();
  return { decoder, shape, weights, source, rotations: new BlockRotations(source, shape, weights) };
}

/** The same decoder with an attention sublayer whose output is zero, so that attention adds nothing. */
async function withoutAttention(options: TinyOptions): Promise<DecoderModel> {
  const { metadata, tensors } = tinyDecoder(options);
  for (const { name, bytes } of tensors) if (name.includes(".attn_output.")) bytes.fill(0);
  return openFile(temporaryFile(gguf(metadata, tensors)), 1, options.family);
}

/** Outputs of all blocks, each on the one before, with attention skipped in all of them. */
async function runSkipping(decoder: DecoderModel): Promise<States[]> {
  const states = [await decoder.embed(ids)];
  for (let k = 0; k < decoder.info.blocks; k++) {
    states.push((await decoder.block(k, states.at(-1)!, { ids, start: 0, skipAttention: true })).states);
  }
  return states;
}
