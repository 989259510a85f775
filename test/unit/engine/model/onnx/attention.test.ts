/** Attention in ONNX graphs that no fixture has: other joins, routers beside attention, sinks, fused scores, other mixers. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../../../../src/engine/difference.ts";
import type { DecoderModel, States } from "../../../../../src/engine/model/decoder.ts";
import { withTriedAttention } from "../../../../../src/engine/model/onnx/attention/check.ts";
import type { MessageWriter } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { node } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import {
  HEADS,
  IDS,
  MIXED,
  NORM,
  OUT,
  PLAIN,
  SCORES,
  SEQUENTIAL,
  mlp,
  openBlock,
} from "../../../../support/onnx-attention-graphs.ts";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-attention-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

function decoderOf(name: string, block: readonly MessageWriter[]): Promise<DecoderModel> {
  return openBlock(path.join(folder, `${name}.onnx`), block);
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
      block: [...NORM, ...PLAIN, ...OUT, ...mlp("normed"), node("Sum", ["fed", "h", "attended"], ["out"])],
      rest: [...NORM, ...none, ...mlp("normed"), node("Sum", ["fed", "h", "nothing"], ["out"])],
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
    expect(decoder.info.can).toMatchObject({ skipAttention: true, giveAttention: true });
    const [skipped, expected] = await outputsOf(decoder, without);
    expect(maxAbsDifference(skipped.data, expected.data)).toBeLessThan(1e-6);
    const [, attending] = await outputsOf(without, decoder);
    expect(maxAbsDifference(attending.data, expected.data)).toBeGreaterThan(1e-3);
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
    expect(decoder.info.can.skipAttention).not.toBe(true);
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
    expect(decoder.info.can.skipAttention).not.toBe(true);
    expect(decoder.info.notes.join("\n")).toMatch(/skip attention: no, block 0 mixes positions/);
    await decoder.close();
  });

  test("when the switch does nothing", async () => {
    const decoder = await decoderOf("switchless", [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL]);
    const stuck: DecoderModel = {
      info: decoder.info,
      embed: (ids) => decoder.embed(ids),
      block: (k, states, { ids, start }) => decoder.block(k, states, { ids, start }),
      keyValue: (k, states, start, tokens) => decoder.keyValue(k, states, start, tokens),
      attention: (k, states, ids) => decoder.attention(k, states, ids),
      logits: (states) => decoder.logits(states),
      compareWithWhole: () => decoder.compareWithWhole(),
      close: () => decoder.close(),
    };
    expect((await withTriedAttention(stuck)).can.skipAttention).not.toBe(true);
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
    expect(decoder.info.can).toMatchObject({ skipAttention: true, giveAttention: true });
    const expected = await attentionOf(written);
    expect(new Set(expected).size).toBe(expected.length);
    expect(maxAbsDifference(await attentionOf(decoder), expected)).toBeLessThan(1e-6);
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
    expect(decoder.info.can).toMatchObject({ skipAttention: true, giveAttention: true });
    const [shares, expected] = [await attentionOf(decoder), await attentionOf(plain)];
    for (let head = 0; head < HEADS; head++) {
      const own = shares.slice(head * IDS.length, (head + 1) * IDS.length);
      const sum = own.reduce((a, b) => a + b, 0);
      expect(sum).toBeLessThan(0.95);
      expect(
        maxAbsDifference(
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
    expect(decoder.info.can.skipAttention).toBe(true);
    expect(decoder.info.can.giveAttention).not.toBe(true);
    expect(decoder.info.notes.join("\n")).toMatch(/attention weights: none, .*Attention \(com\.microsoft\)/);
    await expect(attentionOf(decoder)).rejects.toThrow(/no attention weights/);
    await decoder.close();
  });
});
