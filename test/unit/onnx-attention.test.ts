/** Attention in ONNX graphs that no fixture has: other joins, routers beside attention, sinks, fused scores, other mixers. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DecoderModel, States } from "../../src/engine/model/decoder.ts";
import { withTriedAttention } from "../../src/engine/model/onnx/attention-check.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import type { MessageWriter } from "../../src/engine/model/onnx/protobuf-writer.ts";
import {
  bytesOf,
  DataType,
  node,
  serializeModel,
  tensorRaw,
  valueInfo,
} from "../../src/engine/model/onnx/protobuf-writer.ts";

const WIDTH = 8;
const HEADS = 2;
const VOCAB = 16;
const IDS = [3, 7, 1, 12];

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-attention-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

/** Fixed numbers in -0.5..0.5 that differ from tensor to tensor. */
function weight(name: string, dims: readonly number[]): MessageWriter {
  let state = new TextEncoder().encode(name).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
  const size = dims.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  return tensorRaw(name, DataType.float, dims, bytesOf(data));
}

function integers(name: string, values: readonly number[]): MessageWriter {
  return tensorRaw(name, DataType.int64, [values.length], bytesOf(BigInt64Array.from(values, BigInt)));
}

const floats = (name: string, values: readonly number[], dims: readonly number[]): MessageWriter =>
  tensorRaw(name, DataType.float, dims, bytesOf(Float32Array.from(values)));

const SQUARE = [WIDTH, WIDTH];
const WEIGHTS = [
  weight("table", [VOCAB, WIDTH]),
  weight("head", [WIDTH, VOCAB]),
  ...["q", "k", "v", "o", "up", "down", "gate"].map((name) => weight(name, SQUARE)),
  weight("router", [WIDTH, WIDTH]),
  weight("bias", [WIDTH]),
  floats("scale", [0.25], [1]),
  // Added to scores of up to 8 positions: 0 up to the own position, far below otherwise.
  floats(
    "causal8",
    Array.from({ length: 64 }, (_, i) => (i % 8 <= Math.floor(i / 8) ? 0 : -1e9)),
    [8, 8],
  ),
  integers("zero", [0]),
  integers("one", [1]),
  integers("heads_shape", [0, 0, HEADS, WIDTH / HEADS]),
  integers("flat_shape", [0, 0, WIDTH]),
  integers("first_axes", [0, 1]),
  integers("starts", [0, 0]),
  integers("last_axis", [3]),
  integers("minus_one", [-1]),
  floats("sink", [0.3, -0.2], [1, HEADS, 1, 1]),
];

/** Causal mask of the prompt's length, from the ids' shape. */
const MASK = [
  node("Shape", ["input_ids"], ["shape"]),
  node("Gather", ["shape", "one"], ["length"]),
  node("Concat", ["length", "length"], ["lengths"], { axis: 0 }),
  node("Slice", ["causal8", "starts", "lengths", "first_axes"], ["mask"]),
];

const PROJECTIONS = ["q", "k", "v"].flatMap((name) => [
  node("MatMul", ["normed", name], [`${name}_flat`]),
  node("Reshape", [`${name}_flat`, "heads_shape"], [`${name}_split`]),
  node("Transpose", [`${name}_split`], [`${name}_heads`], { perm: [0, 2, 1, 3] }),
]);

/** Masked scores of decomposed attention. */
const SCORES = [
  ...PROJECTIONS,
  node("Transpose", ["k_heads"], ["k_turned"], { perm: [0, 1, 3, 2] }),
  node("MatMul", ["q_heads", "k_turned"], ["raw"]),
  node("Mul", ["raw", "scale"], ["scaled"]),
  node("Add", ["scaled", "mask"], ["scores"]),
];

/** From weights to the heads' result side by side. */
const MIXED = [
  node("MatMul", ["shares", "v_heads"], ["mixed_heads"]),
  node("Transpose", ["mixed_heads"], ["mixed_split"], { perm: [0, 2, 1, 3] }),
  node("Reshape", ["mixed_split", "flat_shape"], ["mixed"]),
];

const PLAIN = [...SCORES, node("Softmax", ["scores"], ["shares"], { axis: -1 }), ...MIXED];
const OUT = [node("MatMul", ["mixed", "o"], ["projected"]), node("Add", ["projected", "bias"], ["attended"])];
const NORM = [node("LpNormalization", ["h"], ["normed"], { axis: -1, p: 2 })];
const mlp = (from: string): MessageWriter[] => [
  node("MatMul", [from, "up"], ["wide"]),
  node("Relu", ["wide"], ["active"]),
  node("MatMul", ["active", "down"], ["fed"]),
];
const SEQUENTIAL = [
  node("Add", ["h", "attended"], ["middle"]),
  ...mlp("middle"),
  node("Add", ["middle", "fed"], ["out"]),
];

/** Opens a decoder of one block: `block` makes `out` from `h`. */
function decoderOf(name: string, block: readonly MessageWriter[]): Promise<DecoderModel> {
  const file = path.join(folder, `${name}.onnx`);
  const bytes = serializeModel({
    nodes: [
      node("Gather", ["table", "input_ids"], ["h"]),
      ...MASK,
      ...block,
      node("MatMul", ["out", "head"], ["logits"]),
    ],
    initializers: WEIGHTS,
    inputs: [valueInfo("input_ids", DataType.int64, ["b", "s"])],
    outputs: [valueInfo("logits", DataType.float)],
    opsets: [
      { domain: "", version: 18 },
      { domain: "com.microsoft", version: 1 },
    ],
    irVersion: 9,
  });
  fs.writeFileSync(file, bytes);
  return openOnnxDecoder({ file, config: null, threads: 1 });
}

/** Output of the block with attention skipped in one decoder, and of another decoder as it is. */
async function outputsOf(skipping: DecoderModel, other: DecoderModel): Promise<[States, States]> {
  const states = await skipping.embed(IDS);
  const context = { ids: IDS, start: 0 };
  return [
    (await skipping.block(0, states, { ...context, skipAttention: true })).states,
    (await other.block(0, states, context)).states,
  ];
}

async function attentionOf(decoder: DecoderModel): Promise<number[]> {
  return Array.from((await decoder.attention(0, await decoder.embed(IDS), IDS)).data);
}

function maxDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

describe("skipping attention leaves exactly the rest of the block", () => {
  /** The block as it is, and the same written without its attention (an attention of weight 0 keeps it a decoder). */
  const none = [...PLAIN, node("Sub", ["mixed", "mixed"], ["nothing"])];
  const cases: Record<string, { block: MessageWriter[]; rest: MessageWriter[] }> = {
    sequential: {
      block: [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL],
      rest: [
        ...NORM,
        ...none,
        node("Add", ["h", "nothing"], ["middle"]),
        ...mlp("middle"),
        node("Add", ["middle", "fed"], ["out"]),
      ],
    },
    "one Sum of three": {
      block: [
        ...NORM,
        ...PLAIN,
        ...OUT,
        ...mlp("normed"),
        node("Sum", ["fed", "h", "attended"], ["sum"]),
        node("Add", ["sum", "h"], ["out"]),
      ],
      rest: [
        ...NORM,
        ...none,
        ...mlp("normed"),
        node("Sum", ["fed", "h", "nothing"], ["sum"]),
        node("Add", ["sum", "h"], ["out"]),
      ],
    },
    "scaled before the residual sum": {
      block: [
        ...NORM,
        ...PLAIN,
        ...OUT,
        ...mlp("normed"),
        node("Add", ["attended", "fed"], ["both"]),
        node("Mul", ["both", "scale"], ["scaled_both"]),
        node("Add", ["scaled_both", "h"], ["out"]),
      ],
      rest: [
        ...NORM,
        ...none,
        ...mlp("normed"),
        node("Add", ["nothing", "fed"], ["both"]),
        node("Mul", ["both", "scale"], ["scaled_both"]),
        node("Add", ["scaled_both", "h"], ["out"]),
      ],
    },
    "a sum with the values inside the sublayer": {
      block: [
        ...NORM,
        ...PLAIN,
        node("Add", ["mixed", "v_flat"], ["mixed_too"]),
        node("MatMul", ["mixed_too", "o"], ["attended"]),
        ...SEQUENTIAL,
      ],
      rest: [
        ...NORM,
        ...none,
        node("Add", ["h", "nothing"], ["middle"]),
        ...mlp("middle"),
        node("Add", ["middle", "fed"], ["out"]),
      ],
    },
    "a router's softmax before attention": {
      block: [
        ...NORM,
        node("MatMul", ["normed", "router"], ["chances"]),
        node("Softmax", ["chances"], ["routed"], { axis: -1 }),
        ...mlp("normed"),
        node("Mul", ["fed", "routed"], ["chosen"]),
        ...PLAIN,
        ...OUT,
        node("Add", ["attended", "chosen"], ["both"]),
        node("Add", ["both", "h"], ["out"]),
      ],
      rest: [
        ...NORM,
        node("MatMul", ["normed", "router"], ["chances"]),
        node("Softmax", ["chances"], ["routed"], { axis: -1 }),
        ...mlp("normed"),
        node("Mul", ["fed", "routed"], ["chosen"]),
        ...none,
        node("Add", ["nothing", "chosen"], ["both"]),
        node("Add", ["both", "h"], ["out"]),
      ],
    },
  };

  test.each(Object.entries(cases))("%s", async (name, { block, rest }) => {
    const decoder = await decoderOf(name, block);
    const without = await decoderOf(`${name} without`, rest);
    expect(decoder.info).toMatchObject({ skipsAttention: true, givesAttention: true });
    const [skipped, expected] = await outputsOf(decoder, without);
    expect(maxDistance(skipped.data, expected.data)).toBeLessThan(1e-6);
    const [, attending] = await outputsOf(without, decoder);
    expect(maxDistance(attending.data, expected.data)).toBeGreaterThan(1e-3);
    await decoder.close();
    await without.close();
  });
});

describe("attention that cannot be skipped is said not to be", () => {
  test("when its result multiplies the stream", async () => {
    const decoder = await decoderOf("product", [
      ...NORM,
      ...PLAIN,
      ...OUT,
      node("Mul", ["h", "attended"], ["gated"]),
      ...mlp("gated"),
      node("Add", ["gated", "fed"], ["out"]),
    ]);
    expect(decoder.info.skipsAttention).toBe(false);
    expect(decoder.info.notes.join("\n")).toMatch(/skip attention: no, in block 0 .*sum was not found/);
    const context = { ids: IDS, start: 0, skipAttention: true };
    await expect(decoder.block(0, await decoder.embed(IDS), context)).rejects.toThrow(/skip attention/);
    await decoder.close();
  });

  test("when positions also meet elsewhere in the block", async () => {
    const decoder = await decoderOf("cumulative", [
      ...NORM,
      ...PLAIN,
      ...OUT,
      node("Add", ["h", "attended"], ["middle"]),
      node("CumSum", ["middle", "one"], ["carried"]),
      ...mlp("carried"),
      node("Add", ["middle", "fed"], ["out"]),
    ]);
    expect(decoder.info.skipsAttention).toBe(false);
    expect(decoder.info.notes.join("\n")).toMatch(/skip attention: no, block 0 mixes positions/);
    await decoder.close();
  });

  test("when the switch does nothing", async () => {
    const decoder = await decoderOf("switchless", [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL]);
    const stuck: DecoderModel = {
      info: decoder.info,
      embed: (ids) => decoder.embed(ids),
      block: (k, states, { ids, start }) => decoder.block(k, states, { ids, start }),
      keyValue: (k, states, start) => decoder.keyValue(k, states, start),
      attention: (k, states, ids) => decoder.attention(k, states, ids),
      logits: (states) => decoder.logits(states),
      compareWithWhole: () => decoder.compareWithWhole(),
      close: () => decoder.close(),
    };
    expect((await withTriedAttention(stuck)).skipsAttention).toBe(false);
    await decoder.close();
  });
});

describe("attention weights", () => {
  test("of MultiHeadAttention are those of the same attention written out", async () => {
    const fused = [
      ...["q", "k", "v"].map((name) => node("MatMul", ["normed", name], [`${name}_flat`])),
      node("Unsqueeze", ["mask", "first_axes"], ["mask4"]),
      node(
        "MultiHeadAttention",
        ["q_flat", "k_flat", "v_flat", "", "", "mask4"],
        ["mixed"],
        { num_heads: HEADS, scale: { float: 0.25 } },
        "com.microsoft",
      ),
    ];
    const written = await decoderOf("written", [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL]);
    const decoder = await decoderOf("fused", [...NORM, ...fused, ...OUT, ...SEQUENTIAL]);
    expect(decoder.info).toMatchObject({ skipsAttention: true, givesAttention: true });
    const expected = await attentionOf(written);
    expect(new Set(expected).size).toBe(expected.length);
    expect(maxDistance(await attentionOf(decoder), expected)).toBeLessThan(1e-6);
    await written.close();
    await decoder.close();
  });

  test("leave out an attention sink, whose share is missing from the sum", async () => {
    const sunk = [
      ...SCORES,
      node("Slice", ["scores", "zero", "one", "last_axis"], ["first_key"]),
      node("Sub", ["first_key", "first_key"], ["zeros"]),
      node("Add", ["zeros", "sink"], ["sinks"]),
      node("Concat", ["scores", "sinks"], ["with_sink"], { axis: -1 }),
      node("Softmax", ["with_sink"], ["all_shares"], { axis: -1 }),
      node("Slice", ["all_shares", "zero", "minus_one", "last_axis"], ["shares"]),
      ...MIXED,
    ];
    const plain = await decoderOf("without sink", [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL]);
    const decoder = await decoderOf("sink", [...NORM, ...sunk, ...OUT, ...SEQUENTIAL]);
    expect(decoder.info).toMatchObject({ skipsAttention: true, givesAttention: true });
    const [shares, expected] = [await attentionOf(decoder), await attentionOf(plain)];
    for (let head = 0; head < HEADS; head++) {
      const own = shares.slice(head * IDS.length, (head + 1) * IDS.length);
      const sum = own.reduce((a, b) => a + b, 0);
      expect(sum).toBeLessThan(0.95);
      expect(
        maxDistance(
          own.map((share) => share / sum),
          expected.slice(head * IDS.length, (head + 1) * IDS.length),
        ),
      ).toBeLessThan(1e-6);
    }
    await plain.close();
    await decoder.close();
  });

  test("are none for operators that do not hand them out, with the reason", async () => {
    const decoder = await decoderOf("packed", [
      ...NORM,
      node("Concat", ["q", "k", "v"], ["qkv"], { axis: 1 }),
      node("Concat", ["bias", "bias", "bias"], ["qkv_bias"], { axis: 0 }),
      node(
        "Attention",
        ["normed", "qkv", "qkv_bias"],
        ["mixed"],
        { num_heads: HEADS, unidirectional: 1 },
        "com.microsoft",
      ),
      ...OUT,
      ...SEQUENTIAL,
    ]);
    expect(decoder.info).toMatchObject({ skipsAttention: true, givesAttention: false });
    expect(decoder.info.notes.join("\n")).toMatch(/attention weights: none, .*Attention \(com\.microsoft\)/);
    await expect(attentionOf(decoder)).rejects.toThrow(/no attention weights/);
    await decoder.close();
  });
});
