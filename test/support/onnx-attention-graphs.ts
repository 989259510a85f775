/** Parts of small ONNX decoders of one block, for graphs that no exporter of the fixtures writes. */
import * as fs from "node:fs";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "./runtime.ts";
import type { MessageWriter } from "../../src/engine/model/runtime/protobuf-writer.ts";
import {
  bytesOf,
  DataType,
  node,
  serializeModel,
  tensorRaw,
  valueInfo,
} from "../../src/engine/model/runtime/protobuf-writer.ts";

const WIDTH = 8;
export const HEADS = 2;
const VOCAB = 16;
export const IDS = [3, 7, 1, 12];

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
export const SCORES = [
  ...PROJECTIONS,
  node("Transpose", ["k_heads"], ["k_turned"], { perm: [0, 1, 3, 2] }),
  node("MatMul", ["q_heads", "k_turned"], ["raw"]),
  node("Mul", ["raw", "scale"], ["scaled"]),
  node("Add", ["scaled", "mask"], ["scores"]),
];

/** From weights to the heads' result side by side. */
export const MIXED = [
  node("MatMul", ["shares", "v_heads"], ["mixed_heads"]),
  node("Transpose", ["mixed_heads"], ["mixed_split"], { perm: [0, 2, 1, 3] }),
  node("Reshape", ["mixed_split", "flat_shape"], ["mixed"]),
];

export const PLAIN = [...SCORES, node("Softmax", ["scores"], ["shares"], { axis: -1 }), ...MIXED];
export const OUT = [
  node("MatMul", ["mixed", "o"], ["projected"]),
  node("Add", ["projected", "bias"], ["attended"]),
];
export const NORM = [node("LpNormalization", ["h"], ["normed"], { axis: -1, p: 2 })];
export const mlp = (from: string): MessageWriter[] => [
  node("MatMul", [from, "up"], ["wide"]),
  node("Relu", ["wide"], ["active"]),
  node("MatMul", ["active", "down"], ["fed"]),
];
export const SEQUENTIAL = [
  node("Add", ["h", "attended"], ["middle"]),
  ...mlp("middle"),
  node("Add", ["middle", "fed"], ["out"]),
];

/** Graph inputs and outputs beside ids and logits, and a batch size, where it is fixed. */
export interface CacheValues {
  readonly inputs: readonly MessageWriter[];
  readonly outputs: readonly MessageWriter[];
  readonly batch?: number;
}

/** Writes a decoder of one block to a file and opens it: `block` makes `out` from `h`. */
export function openBlock(
  file: string,
  block: readonly MessageWriter[],
  cache: CacheValues = { inputs: [], outputs: [] },
): Promise<DecoderModel> {
  const bytes = serializeModel({
    nodes: [
      node("Gather", ["table", "input_ids"], ["h"]),
      ...MASK,
      ...block,
      node("MatMul", ["out", "head"], ["logits"]),
    ],
    initializers: WEIGHTS,
    inputs: [valueInfo("input_ids", DataType.int64, [cache.batch ?? "b", "s"]), ...cache.inputs],
    outputs: [valueInfo("logits", DataType.float), ...cache.outputs],
    opsets: [
      { domain: "", version: 18 },
      { domain: "com.microsoft", version: 1 },
    ],
    irVersion: 9,
  });
  fs.writeFileSync(file, bytes);
  return openOnnxDecoder({ file, config: null, runtime: testRuntime(1) });
}
