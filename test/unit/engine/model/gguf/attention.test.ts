/** The attention sublayer over random tiny models: skipped over a shared prefix, windows, and what reading weights leaves alone. */
import { expect, test } from "vitest";

import type { DecoderModel, States } from "../../../../../src/engine/model/decoder.ts";
import { mixed, open, run } from "../../../../support/gguf/gguf-variants.ts";

const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];

/** Outputs of all blocks, each on the one before, with attention skipped in all of them. */
async function runSkipping(decoder: DecoderModel): Promise<States[]> {
  const states = [await decoder.embed(ids)];
  for (let k = 0; k < decoder.info.blocks; k++) {
    states.push((await decoder.block(k, states.at(-1)!, { ids, start: 0, skipAttention: true })).states);
  }
  return states;
}

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
