/** Nodes of graphs that share a position prefix in their own ways: fused projections, caches, grouped queries. */
import type { MessageWriter } from "../../src/engine/model/runtime/protobuf-writer.ts";
import {
  bytesOf,
  DataType,
  node,
  tensorRaw,
  valueInfo,
} from "../../src/engine/model/runtime/protobuf-writer.ts";
import type { CacheValues } from "./onnx-attention-graphs.ts";
import { HEADS, MIXED, NORM, OUT, SEQUENTIAL } from "./onnx-attention-graphs.ts";

/** A constant of whole numbers. */
export function integers(name: string, values: readonly number[]): MessageWriter {
  const tensor = tensorRaw(
    name,
    DataType.int64,
    [values.length],
    bytesOf(BigInt64Array.from(values, BigInt)),
  );
  return node("Constant", [], [name], { value: { tensor } });
}

/** One product for queries, keys, values and the feed-forward sublayer, as PaLM and its heirs have. */
export const FUSED = [
  node("Concat", ["q", "k", "v", "up"], ["all_weights"], { axis: 1 }),
  integers("widths", [8, 8, 8, 8]),
  node("MatMul", ["normed", "all_weights"], ["all"]),
  node("Split", ["all", "widths"], ["q_flat", "k_flat", "v_flat", "wide"], { axis: -1 }),
];

export const HEADS_OF = ["q", "k", "v"].flatMap((name) => [
  node("Reshape", [`${name}_flat`, "heads_shape"], [`${name}_split`]),
  node("Transpose", [`${name}_split`], [`${name}_heads`], { perm: [0, 2, 1, 3] }),
]);

export const SOFT = node("Softmax", ["scores"], ["shares"], { axis: -1 });
/** Masked scores and their mixture of the values `v_heads`, from `q_heads` and `k_heads`. */
export const ATTEND = [
  node("Transpose", ["k_heads"], ["k_turned"], { perm: [0, 1, 3, 2] }),
  node("MatMul", ["q_heads", "k_turned"], ["raw"]),
  node("Add", ["raw", "mask"], ["scores"]),
  SOFT,
  ...MIXED,
];

export const CACHE_VALUES: CacheValues = {
  inputs: ["key", "value"].map((part) =>
    valueInfo(`past_key_values.0.${part}`, DataType.float, ["b", HEADS, "past_sequence_length", 4]),
  ),
  outputs: ["key", "value"].map((part) => valueInfo(`present.0.${part}`, DataType.float)),
};
export const FLAT = ["q", "k", "v"].map((name) => node("MatMul", ["normed", name], [`${name}_flat`]));
/** Scores over a cache, from a mask of the given rows. */
export const cached = (mask: readonly MessageWriter[]): MessageWriter[] => [
  ...NORM,
  ...FLAT,
  ...HEADS_OF,
  node("Concat", ["past_key_values.0.key", "k_heads"], ["present.0.key"], { axis: 2 }),
  node("Concat", ["past_key_values.0.value", "v_heads"], ["present.0.value"], { axis: 2 }),
  integers("two", [2]),
  node("Shape", ["past_key_values.0.key"], ["past_shape"]),
  node("Gather", ["past_shape", "two"], ["past_length"]),
  node("Add", ["past_length", "length"], ["whole_length"]),
  ...mask,
  node("Transpose", ["present.0.key"], ["k_turned"], { perm: [0, 1, 3, 2] }),
  node("MatMul", ["q_heads", "k_turned"], ["raw"]),
  node("Add", ["raw", "cached_mask"], ["scores"]),
  SOFT,
  node("MatMul", ["shares", "present.0.value"], ["mixed_heads"]),
  ...MIXED.slice(1),
  ...OUT,
  ...SEQUENTIAL,
];

export const sliceOfCausal = (from: string): MessageWriter[] => [
  node("Concat", [from, "zero"], ["mask_from"], { axis: 0 }),
  node("Add", [from, "length"], ["mask_rows"]),
  node("Concat", ["mask_rows", "whole_length"], ["mask_to"], { axis: 0 }),
  node("Slice", ["causal8", "mask_from", "mask_to", "first_axes"], ["cached_mask"]),
];

/** GroupQueryAttention with one head of width 8 and everything that the operator takes beside a cache. */
export const GROUPED = [
  ...NORM,
  ...FLAT,
  integers("two", [2]),
  node("Shape", ["past_key_values.0.key"], ["past_shape"]),
  node("Gather", ["past_shape", "two"], ["past_length"]),
  node("Add", ["past_length", "length"], ["whole_length"]),
  ...sliceOfCausal("past_length"),
  node("Unsqueeze", ["cached_mask", "first_axes"], ["attention_bias"]),
  node("Gather", ["shape", "zero"], ["batch"]),
  node("Sub", ["whole_length", "one"], ["last"]),
  node("Expand", ["last", "batch"], ["lasts"]),
  node("Cast", ["lasts"], ["seqlens"], { to: DataType.int32 }),
  node("Squeeze", ["whole_length"], ["total"]),
  node("Cast", ["total"], ["total_length"], { to: DataType.int32 }),
  node("Constant", [], ["head_sink"], {
    value: { tensor: tensorRaw("head_sink", DataType.float, [1], bytesOf(Float32Array.of(0.4))) },
  }),
  node(
    "GroupQueryAttention",
    [
      ...["q_flat", "k_flat", "v_flat", "past_key_values.0.key", "past_key_values.0.value"],
      ...["seqlens", "total_length", "", "", "", "attention_bias", "head_sink"],
    ],
    ["mixed", "present.0.key", "present.0.value"],
    {
      num_heads: 1,
      kv_num_heads: 1,
      local_window_size: 3,
      softcap: { float: 0.5 },
      scale: { float: 0.7 },
    },
    "com.microsoft",
  ),
  ...OUT,
  ...SEQUENTIAL,
];
export const ONE_HEAD: CacheValues = {
  inputs: ["key", "value"].map((part) =>
    valueInfo(`past_key_values.0.${part}`, DataType.float, ["b", 1, "past_sequence_length", 8]),
  ),
  outputs: CACHE_VALUES.outputs,
};
