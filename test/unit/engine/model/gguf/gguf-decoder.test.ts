/** The decoder over random tiny models: rows, shards, files, what it says of itself. What all families must do is their suite's. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { describe, expect, test } from "vitest";

import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { randomNumbers, tinyDecoder } from "../../../../support/gguf/gguf-random.ts";
import { mixed, open, openFile, run } from "../../../../support/gguf/gguf-variants.ts";
import { gguf, temporaryFile, temporaryFolder } from "../../../../support/gguf/gguf-writer.ts";

describe("block 0 and the logits are compared with the plain reference", () => {
  test("a weight that changed after opening is found", async () => {
    const { metadata, tensors } = tinyDecoder({ type: () => "Q8_0" });
    const file = temporaryFile(gguf(metadata, tensors));
    const decoder = await openFile(file);
    const bytes = readFileSync(file);
    const { offset } = readGguf(file).tensors.get("blk.0.ffn_down.weight")!;
    for (let i = 2; i < 34; i++) bytes[offset + i]! ^= 0x40;
    writeFileSync(file, bytes);
    const { maxAbsDiff, tolerance } = await decoder.compareWithWhole();
    expect(maxAbsDiff).toBeGreaterThan(tolerance);
  });
});

test("rows of a batch do not influence each other, with and without past", async () => {
  const decoder = await open(mixed, 2);
  const ids = [7, 8, 9, 10, 11];
  const { width } = decoder.info;
  const whole = await run(decoder, ids);
  const random = randomNumbers(5);
  for (const start of [0, 3, 4]) {
    const positions = ids.length - start;
    const past = start > 0 ? (await run(decoder, ids.slice(0, start))).keyValues[1]! : undefined;
    const context = { ids, start, ...(past ? { past } : {}) };
    const rows = Array.from({ length: 4 }, () =>
      new Float32Array(positions * width).map(() => random() - 0.5),
    );
    rows[2] = whole.states[1]!.data.slice(start * width);
    const data = new Float32Array(4 * positions * width);
    for (const [i, row] of rows.entries()) data.set(row, i * row.length);
    const batch = await decoder.block(1, { data, rows: 4, positions, width }, context);
    for (const [i, row] of rows.entries()) {
      const single = await decoder.block(1, { data: row, rows: 1, positions, width }, context);
      const own = batch.states.data.subarray(i * row.length, (i + 1) * row.length);
      expect(single.states.data.every((x, j) => x === own[j])).toBe(true);
    }
  }
});

test.each([
  [43, 3],
  [129, 1],
  [3, 43],
  [1, 129],
  [1, 257],
])("%i rows of %i positions, one more than a kernel's tile, change no bit", async (rows, positions) => {
  const metadata = { "llama.context_length": ["u32", 512] } as const;
  const decoder = await open({ ...mixed, metadata }, 2);
  const random = randomNumbers(8);
  const ids = Array.from({ length: positions + 1 }, (_, i) => (i * 7) % 40);
  const size = positions * 256;
  const states = new Float32Array((rows + 1) * size).map(() => random() - 0.5);
  const context = { ids: ids.slice(1), start: 0 };
  const more = await decoder.block(0, { data: states, rows: rows + 1, positions, width: 256 }, context);
  const some = { data: states.slice(0, rows * size), rows, positions, width: 256 };
  const output = await decoder.block(0, some, { ...context, recordKeyValue: true });
  expect(output.states).toMatchObject({ rows, positions, width: 256 });
  expect(output.states.data.length).toBe(rows * size);
  expect(output.keyValue!.key.length).toBe(2 * positions * 64);
  expect(output.states.data.every((x, i) => x === more.states.data[i])).toBe(true);
  const logits = await decoder.logits({ data: some.data, rows: rows * positions, width: 256 });
  const others = await decoder.logits({ data: states, rows: (rows + 1) * positions, width: 256 });
  expect(logits.data.length).toBe(rows * positions * 40);
  expect(logits.data.every((x, i) => x === others.data[i])).toBe(true);
});

test("inputs are not modified and outputs are buffers of their own", async () => {
  const decoder = await open({});
  const states = await decoder.embed([5]);
  const before = states.data.slice();
  const first = await decoder.block(0, states, { ids: [5], start: 0, recordKeyValue: true });
  expect(states.data).toEqual(before);
  expect(first.states).toMatchObject({ rows: 1, positions: 1, width: 64 });
  expect(first.keyValue).toMatchObject({ heads: 2, positions: 1, headWidth: 16 });
  expect(first.keyValue!.key.length).toBe(2 * 16);
  const copy = first.states.data.slice();
  await decoder.block(0, states, { ids: [5], start: 0 });
  expect(first.states.data).toEqual(copy);
});

test("logits of one row equal those of the same row among others", async () => {
  const decoder = await open(mixed);
  const { states } = await run(decoder, [1, 2, 3]);
  const all = await decoder.logits({ data: states.at(-1)!.data, rows: 3, width: 256 });
  expect(all).toMatchObject({ rows: 3, width: 40 });
  for (let i = 0; i < 3; i++) {
    const row = states.at(-1)!.data.slice(i * 256, (i + 1) * 256);
    const one = await decoder.logits({ data: row, rows: 1, width: 256 });
    expect(one.data).toEqual(all.data.slice(i * 40, (i + 1) * 40));
  }
});

test("a model in shards gives what the model in one file gives", async () => {
  const { metadata, tensors } = tinyDecoder(mixed);
  const folder = temporaryFolder();
  for (const number of [1, 2]) {
    const own = tensors.filter((_, i) => i % 2 === number - 1);
    const bytes = gguf(number === 1 ? { ...metadata, "split.count": ["u16", 2] } : {}, own);
    writeFileSync(path.join(folder, `m-0000${number}-of-00002.gguf`), bytes);
  }
  const sharded = await openFile(path.join(folder, "m-00001-of-00002.gguf"));
  const single = await open(mixed);
  const ids = [1, 2, 3, 4];
  expect((await run(sharded, ids)).states.at(-1)).toEqual((await run(single, ids)).states.at(-1));
});

test("float weights are mapped from files whatever their folder and name", async () => {
  const { metadata, tensors } = tinyDecoder({ type: (name) => (name.includes("attn") ? "F16" : "BF16") });
  const folder = path.join(temporaryFolder(), "Modèles & 模型 #1");
  mkdirSync(folder);
  const decoder = await openFile(temporaryFile(gguf(metadata, tensors), "a b%20c 日本.bin", folder));
  expect((await decoder.compareWithWhole()).maxAbsDiff).toBeLessThan(5e-6);
});

test("the model says what it is", async () => {
  const { info } = await open({ ...mixed, metadata: { "general.name": ["string", "Tiny"] } });
  expect(info).toMatchObject({
    architecture: "llama",
    blocks: 2,
    width: 256,
    vocab: 40,
    contextLength: 128,
    numeric: "q4_k + q6_k, exact (fp32 sums)",
    cut: "blocks built from GGUF tensors",
    can: { sharePrefix: true, skipAttention: true, giveAttention: true },
  });
  expect(info.notes.join("\n")).toMatch(/name: Tiny[^]*version 3[^]*Q4_K[^]*neighbouring pairs[^]*4 heads/);
  expect(info.memoryBytes).toBeGreaterThan(400_000);
});
