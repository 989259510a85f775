/** Sharing a position prefix in ONNX graphs that no fixture has: what is taken, and what is refused with which reason. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference, maxRelativeDifference } from "../../../../../src/engine/difference.ts";
import type { DecoderModel } from "../../../../../src/engine/model/decoder.ts";
import { whyPrefixFails } from "../../../../../src/engine/model/onnx/prefix/check.ts";
import type { MessageWriter } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import {
  bytesOf,
  DataType,
  node,
  tensorRaw,
} from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { firstPositions } from "../../../../../src/engine/pass/unpatched-run.ts";
import type { CacheValues } from "../../../../support/onnx-attention-graphs.ts";
import {
  HEADS,
  MIXED,
  NORM,
  OUT,
  PLAIN,
  SCORES,
  SEQUENTIAL,
  mlp,
  openBlock,
} from "../../../../support/onnx-attention-graphs.ts";
import {
  ATTEND,
  cached,
  CACHE_VALUES,
  FLAT,
  FUSED,
  GROUPED,
  HEADS_OF,
  integers,
  ONE_HEAD,
  sliceOfCausal,
  SOFT,
} from "../../../../support/onnx-prefix-graphs.ts";

const IDS = [3, 7, 1, 12, 5, 9, 14, 2];
const CACHE = "shared prefix: through the graph's own cache";
const PROJECTIONS = "shared prefix: prepended to the projections of keys and values";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-prefix-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

let count = 0;
const open = (block: readonly MessageWriter[], cache?: CacheValues): Promise<DecoderModel> =>
  openBlock(path.join(folder, `${count++}.onnx`), block, cache);

const noteOf = (decoder: DecoderModel): string[] =>
  decoder.info.notes.filter((note) => note.startsWith("shared prefix"));

/** Largest difference between the block behind a shared prefix and in a whole prompt, relative to the output. */
async function prefixError(decoder: DecoderModel, start: number): Promise<number> {
  const states = await decoder.embed(IDS);
  const whole = await decoder.block(0, states, { ids: IDS, start: 0, recordKeyValue: true });
  const past = firstPositions(whole.keyValue!, start);
  const suffix = {
    ...states,
    data: states.data.slice(start * states.width),
    positions: IDS.length - start,
  };
  const part = await decoder.block(0, suffix, { ids: IDS, start, past });
  const expected = whole.states.data.subarray(start * states.width);
  return maxRelativeDifference(part.states.data, expected);
}

describe("a prefix is shared", () => {
  const cases: Record<string, { block: MessageWriter[]; cache?: CacheValues; note: string }> = {
    "by plain attention with a mask of the prompt's length": {
      block: [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL],
      note: PROJECTIONS,
    },
    "where one projection feeds attention and the feed-forward sublayer": {
      block: [
        ...NORM,
        ...FUSED,
        ...HEADS_OF,
        ...ATTEND,
        ...OUT,
        node("Relu", ["wide"], ["active"]),
        node("MatMul", ["active", "down"], ["fed"]),
        node("Add", ["attended", "fed"], ["both"]),
        node("Add", ["h", "both"], ["out"]),
      ],
      note: PROJECTIONS,
    },
    "where attention's result is gated by the position's own state": {
      block: [
        ...NORM,
        ...SCORES,
        SOFT,
        ...MIXED,
        node("MatMul", ["normed", "gate"], ["gate_raw"]),
        node("Sigmoid", ["gate_raw"], ["gate_open"]),
        node("Mul", ["mixed", "gate_open"], ["gated"]),
        node("MatMul", ["gated", "o"], ["projected"]),
        node("Add", ["projected", "bias"], ["attended"]),
        ...SEQUENTIAL,
      ],
      note: PROJECTIONS,
    },
    "by MultiHeadAttention with a bias": {
      block: [
        ...NORM,
        ...FLAT,
        node("Unsqueeze", ["mask", "first_axes"], ["attention_bias"]),
        node(
          "MultiHeadAttention",
          ["q_flat", "k_flat", "v_flat", "", "", "attention_bias"],
          ["mixed"],
          { num_heads: HEADS },
          "com.microsoft",
        ),
        ...OUT,
        ...SEQUENTIAL,
      ],
      note: PROJECTIONS,
    },
    "through a cache": { block: cached(sliceOfCausal("past_length")), cache: CACHE_VALUES, note: CACHE },
    "through the cache of a GroupQueryAttention with window, soft cap, bias and sink": {
      block: GROUPED,
      cache: ONE_HEAD,
      note: CACHE,
    },
    "beside a cache whose mask counts queries from position 0": {
      block: cached(sliceOfCausal("zero")),
      cache: CACHE_VALUES,
      note: PROJECTIONS,
    },
  };

  test.each(Object.entries(cases))("%s", async (_name, { block, cache, note }) => {
    const decoder = await open(block, cache);
    try {
      expect(noteOf(decoder)).toEqual([note]);
      expect(decoder.info.can.sharePrefix).toBe(true);
      for (const start of [1, 3, 7]) expect(await prefixError(decoder, start)).toBeLessThan(1e-5);
    } finally {
      await decoder.close();
    }
  });
});

/** A decoder whose states behind a prefix of `start` positions have one NaN, before finite numbers. */
function withNaNBehind(decoder: DecoderModel, start: number): DecoderModel {
  return {
    info: decoder.info,
    embed: (ids) => decoder.embed(ids),
    block: async (k, states, context) => {
      const output = await decoder.block(k, states, context);
      if (context.start === start) output.states.data[0] = NaN;
      return output;
    },
    keyValue: (k, states, from, tokens) => decoder.keyValue(k, states, from, tokens),
    attention: (k, states, ids) => decoder.attention(k, states, ids),
    logits: (states) => decoder.logits(states),
    compareWithWhole: () => decoder.compareWithWhole(),
    close: () => decoder.close(),
  };
}

test("a NaN behind a prefix is refused, whatever finite numbers and later checks follow it", async () => {
  const decoder = await open([...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL]);
  try {
    expect(await whyPrefixFails(decoder)).toBeNull();
    for (const start of [1, 4]) {
      const why = `block 0 differs by NaN behind ${start} shared positions`;
      expect(await whyPrefixFails(withNaNBehind(decoder, start))).toBe(why);
    }
  } finally {
    await decoder.close();
  }
});

test("a graph exported for a batch of one shares a prefix row by row", async () => {
  const block = [...NORM, ...PLAIN, ...OUT, ...SEQUENTIAL];
  const [single, batched] = [await open(block, { inputs: [], outputs: [], batch: 1 }), await open(block)];
  try {
    expect(noteOf(single)).toEqual([PROJECTIONS]);
    const unpatched = await single.embed(IDS);
    const { keyValue } = await single.block(0, unpatched, { ids: IDS, start: 0, recordKeyValue: true });
    const data = Float32Array.from({ length: 3 * 5 * unpatched.width }, (_, i) => Math.sin(i));
    const states = { data, rows: 3, positions: 5, width: unpatched.width };
    const one = firstPositions(keyValue!, 3);
    const twice = (array: Float32Array): Float32Array => array.map((value) => 2 * value);
    const all = (array: Float32Array): Float32Array =>
      Float32Array.from([...array, ...twice(array), ...array.map((value) => -value)]);
    for (const past of [one, { ...one, rows: 3, key: all(one.key), value: all(one.value) }]) {
      const context = { ids: IDS, start: 3, past, recordKeyValue: true };
      const [actual, expected] = [
        await single.block(0, states, context),
        await batched.block(0, states, context),
      ];
      expect(actual.states).toMatchObject({ rows: 3, positions: 5 });
      expect(maxAbsDifference(actual.states.data, expected.states.data)).toBeLessThan(1e-6);
      expect(maxAbsDifference(actual.keyValue!.key, expected.keyValue!.key)).toBeLessThan(1e-6);
    }
    const [made, expected] = [
      await single.keyValue(0, states, 3, 3 + states.positions),
      await batched.keyValue(0, states, 3, 3 + states.positions),
    ];
    expect(made).toMatchObject({ rows: 3, positions: 5 });
    expect(maxAbsDifference(made.key, expected.key)).toBeLessThan(1e-6);
    expect(maxAbsDifference(made.value, expected.value)).toBeLessThan(1e-6);
  } finally {
    await single.close();
    await batched.close();
  }
});

describe("a prefix is not shared", () => {
  const cases: Record<string, { block: MessageWriter[]; why: string }> = {
    "where a position's number enters behind attention": {
      block: [
        ...NORM,
        ...PLAIN,
        ...OUT,
        node("Add", ["h", "attended"], ["middle"]),
        ...mlp("middle"),
        // A column of the causal mask's sums stands for learned positions; its length is all that the graph knows.
        integers("column", [1]),
        node("ReduceMax", ["mask", "minus_one"], ["nothing"], { keepdims: 1 }),
        node("CumSum", ["nothing", "axis_zero"], ["zeros"]),
        node("Cos", ["zeros"], ["ones"]),
        node("CumSum", ["ones", "axis_zero"], ["numbers"]),
        node("Add", ["fed", "numbers"], ["numbered"]),
        node("Add", ["middle", "numbered"], ["out"]),
      ],
      why: "block 0 differs by ",
    },
    "where keys and values come from three projections": {
      block: [
        ...NORM,
        ...FLAT,
        ...HEADS_OF.filter((_, i) => i !== 2 && i !== 3),
        node("MatMul", ["normed", "gate"], ["k_gate"]),
        node("Mul", ["k_flat", "k_gate"], ["k_gated"]),
        node("Reshape", ["k_gated", "heads_shape"], ["k_split"]),
        node("Transpose", ["k_split"], ["k_heads"], { perm: [0, 2, 1, 3] }),
        ...ATTEND,
        ...OUT,
        ...SEQUENTIAL,
      ],
      why: "in block 0 keys and values come from 3 projections, not from one or two",
    },
    "where attention mixes the states themselves": {
      block: [
        ...NORM,
        ...FLAT.slice(0, 2),
        node("Identity", ["normed"], ["v_flat"]),
        ...HEADS_OF,
        ...ATTEND,
        ...OUT,
        ...SEQUENTIAL,
      ],
      why: "in block 0 attention reads the residual stream without a projection",
    },
  };

  test.each(Object.entries(cases))("%s, and the reason is said", async (_name, { block, why }) => {
    const axis = node("Constant", [], ["axis_zero"], {
      value: { tensor: tensorRaw("axis_zero", DataType.int64, [], bytesOf(BigInt64Array.of(0n))) },
    });
    const decoder = await open([axis, ...block]);
    try {
      expect(decoder.info.can.sharePrefix).not.toBe(true);
      expect(noteOf(decoder)).toHaveLength(1);
      expect(noteOf(decoder)[0]).toContain(why);
      const states = await decoder.embed(IDS);
      const whole = await decoder.block(0, states, { ids: IDS, start: 0, recordKeyValue: true });
      expect(whole.keyValue).toBeUndefined();
      const behind = { ...states, data: states.data.slice(states.width), positions: IDS.length - 1 };
      await expect(decoder.block(0, behind, { ids: IDS, start: 1 })).rejects.toThrow("position prefix");
      await expect(decoder.keyValue(0, states, 0, states.positions)).rejects.toThrow("keys and values alone");
    } finally {
      await decoder.close();
    }
  });
});
