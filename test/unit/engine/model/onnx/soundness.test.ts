/** Damaged graphs are refused with the node that is wrong, and nodes that cannot run name themselves. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MessageWriter } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { node } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { rejectionOf } from "../../../../support/error-of.ts";
import { IDS, NORM, OUT, PLAIN, SEQUENTIAL, openBlock } from "../../../../support/onnx-attention-graphs.ts";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-damaged-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const file = (): string => path.join(folder, "damaged.onnx");
const BLOCK = [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL];

const damaged: Readonly<Record<string, readonly [readonly MessageWriter[], string]>> = {
  "a node that feeds itself": [
    [node("Add", ["h", "itself"], ["itself"]), ...BLOCK],
    "its node Add reads itself, which nothing before it can make",
  ],
  "two nodes that feed each other": [
    [node("Add", ["h", "second"], ["first"]), node("Add", ["h", "first"], ["second"]), ...BLOCK],
    "reads second, which nothing before it can make",
  ],
  "a value that nothing makes": [
    [node("Add", ["h", "nowhere"], ["lost"]), ...BLOCK],
    "reads nowhere, which nothing before it can make",
  ],
  "a value that is made twice": [
    [...BLOCK, node("Identity", ["h"], ["normed"])],
    "makes normed, which is there already",
  ],
};

test.each(Object.entries(damaged))("%s is named", async (_, [block, words]) => {
  const error = await rejectionOf(openBlock(file(), block));
  expect(error).toMatchObject({ code: "not-a-model" });
  expect(error.message).toContain(words);
});

test("nodes in another order are put in theirs", async () => {
  const decoder = await openBlock(file(), [...BLOCK].reverse());
  const inOrder = await openBlock(path.join(folder, "in-order.onnx"), BLOCK);
  const states = await decoder.embed(IDS);
  const context = { ids: IDS, start: 0 };
  expect((await decoder.block(0, states, context)).states.data).toEqual(
    (await inOrder.block(0, states, context)).states.data,
  );
});

test("a node that cannot run is an error of its file, not of the program", async () => {
  const wrong = node("Add", ["normed", "causal8"], ["unequal"]);
  const block = [...NORM, wrong, ...PLAIN, ...OUT, node("Add", ["unequal", "attended"], ["middle"])];
  const error = await rejectionOf(openBlock(file(), [...block, ...SEQUENTIAL.slice(1)]));
  expect(error).toMatchObject({ code: "engine-failed" });
  expect(error.message).toContain(file());
});
