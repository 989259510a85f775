/** Parity of a runtime with the CPU: a stage that is off anywhere, in any row, is seen, and NaN passes nowhere. */
import * as path from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { DecoderDevice, DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import type { ParitySample } from "../../../src/engine/parity.ts";
import { PARITY_TOLERANCE, paritySample, parityWith } from "../../../src/engine/parity.ts";
import { deviceRuntime } from "../../support/device-runtime.ts";
import { testRuntime } from "../../support/runtime.ts";

const file = readGguf(path.resolve(import.meta.dirname, "../../fixtures/gguf_llama__Q4_0/model.gguf"));
let decoder: DecoderModel;
let sample: ParitySample;

beforeAll(async () => {
  decoder = await openGgufDecoder({ gguf: file, runtime: testRuntime(1) });
  sample = await paritySample(decoder);
});
afterAll(() => decoder.close());

/** The decoder with blocks whose last state is off, where `isOff`. */
function offBy(
  share: number,
  isOff: (k: number, start: number) => boolean,
): Pick<DecoderModel, keyof DecoderModel> {
  return {
    info: decoder.info,
    embed: (ids) => decoder.embed(ids),
    logits: (states) => decoder.logits(states),
    keyValue: (k, states, start, tokens) => decoder.keyValue(k, states, start, tokens),
    attention: (k, states, ids) => decoder.attention(k, states, ids),
    compareWithWhole: () => decoder.compareWithWhole(),
    close: () => Promise.resolve(),
    block: async (k, states, context) => {
      const output = await decoder.block(k, states, context);
      const { data, width } = output.states;
      if (isOff(k, context.start))
        for (let i = data.length - width; i < data.length; i++) data[i]! *= 1 + share;
      return output;
    },
  };
}

it("finds the same numbers the same, behind a prefix within rounding", async () => {
  expect(await parityWith(decoder, sample)).toBeLessThan(PARITY_TOLERANCE.float / 10);
});

it.each([
  ["the first block", (k: number) => k === 0],
  ["the last block", (k: number) => k === decoder.info.blocks - 1],
  ["a block behind a prefix", (_: number, start: number) => start > 0],
])("sees %s off, and how far", async (_, isOff) => {
  const parity = await parityWith(offBy(0.01, isOff), sample);
  expect(parity).toBeCloseTo(0.01, 4);
  expect(parity <= PARITY_TOLERANCE.float).toBe(false);
});

it("runs the blocks with states on the device, too, and sees rows or vectors that go amiss there", async () => {
  const { runtime, live } = deviceRuntime();
  const other = await openGgufDecoder({ gguf: file, runtime });
  onTestFinished(() => other.close());
  const { states, block } = other.device!;
  const parityOf = (device: Partial<DecoderDevice["states"]>): Promise<number> => {
    const place = {
      take: states.take.bind(states),
      put: states.put.bind(states),
      read: states.read.bind(states),
      close: () => Promise.resolve(),
      ...device,
    };
    return parityWith({ ...offBy(0, () => false), device: { states: place, block } }, sample);
  };
  expect(await parityOf({})).toBeLessThan(PARITY_TOLERANCE.float / 10);
  expect(live()).toBe(0);
  const wrong: Partial<DecoderDevice["states"]>[] = [
    { put: (given, [first]) => states.put(given, [first!]) },
    {
      put: (given, puts) =>
        states.put(
          given,
          puts.map((put) => ({ ...put, position: 1 })),
        ),
    },
    { read: async (given, positions) => (await states.read(given, positions)).fill(0, 0, 1) },
  ];
  for (const device of wrong) expect((await parityOf(device)) <= PARITY_TOLERANCE.float).toBe(false);
});

it("lets NaN pass nowhere", async () => {
  const parity = await parityWith(
    offBy(NaN, () => true),
    sample,
  );
  expect(parity <= PARITY_TOLERANCE.half).toBe(false);
});
