/** The tiny decoder's attention: its weights, and blocks that skip it. */
import { expect, test } from "vitest";

import { row } from "../../../src/engine/matrix.ts";
import type { States } from "../../../src/engine/model/decoder.ts";
import { createTinyDecoder, TINY_SHAPE } from "../../support/tiny/tiny-decoder.ts";

const decoder = createTinyDecoder();
const { width } = decoder.info;
const ids = [3, 17, 5, 22, 9, 30, 11];

/** The same state at all positions. */
function constant(positions: number): { readonly states: States; readonly ids: readonly number[] } {
  const data = new Float32Array(positions * width).map((_, i) => Math.sin(1 + (i % width)));
  return { states: { data, rows: 1, positions, width }, ids: ids.slice(0, positions) };
}

test("attention has a row for each head, and each sums to 1", async () => {
  for (let length = 1; length <= ids.length; length++) {
    const prompt = ids.slice(0, length);
    const weights = await decoder.attention(0, await decoder.embed(prompt), prompt);
    expect(weights).toMatchObject({ rows: TINY_SHAPE.heads, width: length });
    for (let head = 0; head < TINY_SHAPE.heads; head++) {
      expect(row(weights, head).every((weight) => weight > 0)).toBe(true);
      expect(row(weights, head).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    }
    expect(row(weights, 0).join() === row(weights, 1).join()).toBe(length === 1);
  }
});

test("among equal states attention depends on distance alone", async () => {
  const long = constant(7);
  const short = constant(4);
  const many = await decoder.attention(2, long.states, long.ids);
  const few = await decoder.attention(2, short.states, short.ids);
  for (let head = 0; head < TINY_SHAPE.heads; head++) {
    const [wide, narrow] = [row(many, head), row(few, head)];
    expect(Math.max(...narrow) / Math.min(...narrow)).toBeGreaterThan(1.01);
    for (let back = 1; back <= 4; back++) {
      expect(wide.at(-back)! / wide.at(-1)!).toBeCloseTo(narrow.at(-back)! / narrow.at(-1)!, 5);
    }
  }
});

test("without attention a position depends on itself alone, in every row", async () => {
  const { data } = await decoder.embed(ids);
  const other = data.map((x, i) => (i < 3 * width ? -x : x));
  const rows = { data: Float32Array.from([...data, ...other]), rows: 2, positions: ids.length, width };
  const context = { ids, start: 0 };
  const skipped = (await decoder.block(1, rows, { ...context, skipAttention: true })).states.data;
  const plain = (await decoder.block(1, rows, context)).states.data;
  const tail = (states: Float32Array, r: number): Float32Array =>
    states.slice(r * data.length + 3 * width, (r + 1) * data.length);
  expect(tail(skipped, 1)).toEqual(tail(skipped, 0));
  expect(tail(plain, 1)).not.toEqual(tail(plain, 0));
  expect(tail(skipped, 0)).not.toEqual(tail(plain, 0));
  const alone = { data: data.slice(-width), rows: 1, positions: 1, width };
  const single = await decoder.block(1, alone, { ids: [11], start: 0, skipAttention: true });
  expect(single.states.data).toEqual(skipped.slice(data.length - width, data.length));
});
