/** Products with weights in a stage's graph: packed ones through MatMulNBits with exact sums, float ones in place. */
import * as path from "node:path";
import { DataType } from "../runtime/protobuf-writer.ts";
import type { PackedWeights } from "./packing.ts";
import { packingOf } from "./packing.ts";
import type { StageGraph } from "./stage-graph.ts";
import { alignedBytes, scratchBytes } from "./stage-graph.ts";
import { rowCount } from "./tensor-source.ts";
import type { Linear } from "./tensor-picker.ts";

/**
 * Adds `y = scale * x W^T + b` for several linears of the same input; neighbours of the same quantised type become one product.
 *
 * @param x value of shape `[rows, positions, inner]`
 * @returns names of the results, `[rows, positions, outputs]` each, in order
 */
export function addLinears(graph: StageGraph, x: string, linears: readonly Linear[]): readonly string[] {
  const results: string[] = [];
  for (const group of groupByType(linears)) {
    const products = packingOf(group[0]!.weight.type)
      ? addPackedProduct(graph, x, group)
      : [addFloatProduct(graph, x, group[0]!)];
    for (const [i, product] of products.entries()) {
      const { scale, bias } = group[i]!;
      const scaled = scale ? graph.node("Mul", [product, graph.vector(scale)]) : product;
      results.push(bias ? graph.node("Add", [scaled, graph.vector(bias)]) : scaled);
    }
  }
  return results;
}

/**
 * Scratch that {@link addLinears} needs for these; 0 when all can stay in their files.
 *
 * @param folder where they must lie for that; null: none can
 */
export function linearScratchBytes(linears: readonly Linear[], folder: string | null): number {
  if (linears.every(({ weight }) => !packingOf(weight.type) && path.dirname(weight.file) === folder))
    return 0;
  return linears.reduce((sum, { weight }) => {
    const packing = packingOf(weight.type);
    return (
      sum + (packing ? scratchBytes(packing, rowCount(weight), weight.dims[0]!) : alignedBytes(weight.bytes))
    );
  }, 0);
}

/** Runs of neighbours with the same quantised type; a float weight stands alone, since it is used where it lies. */
function groupByType(linears: readonly Linear[]): readonly (readonly Linear[])[] {
  const groups: Linear[][] = [];
  for (const linear of linears) {
    const { type } = linear.weight;
    const last = groups.at(-1);
    if (packingOf(type) && last?.[0]?.weight.type === type) last.push(linear);
    else groups.push([linear]);
  }
  return groups;
}

function addPackedProduct(graph: StageGraph, x: string, group: readonly Linear[]): readonly string[] {
  const first = group[0]!.weight;
  const inner = first.dims[0]!;
  const outputs = group.map(({ weight }) => rowCount(weight));
  const rows = outputs.reduce((sum, count) => sum + count, 0);
  const packed = graph.packed(packingOf(first.type)!, rows, inner);
  let row = 0;
  for (const { weight } of group) {
    graph.source.pack(weight, packed, row);
    row += rowCount(weight);
  }
  const product = addMatMul(graph, x, packed);
  if (group.length === 1) return [product];
  const names = outputs.map(() => graph.fresh("part"));
  graph.nodes("Split", [product, graph.integers(outputs)], names, { axis: -1 });
  return names;
}

/** `x W^T` for packed weights. */
function addMatMul(graph: StageGraph, x: string, packed: PackedWeights): string {
  const { packing, rows, inner } = packed;
  const { blockSize } = packing;
  const blocks = inner / blockSize;
  const attributes = { K: inner, N: rows, bits: 4, block_size: blockSize, accuracy_level: 0 };
  const nibbles = (data: Uint16Array): string =>
    graph.scratchWeight("codes", DataType.uint8, [rows, blocks, blockSize / 2], data);
  const scales = graph.scratchWeight("scales", DataType.float, [rows * blocks], packed.scales);
  let sum: string;
  if (packed.low) {
    const sixteenfold = graph.once(`16 ${x}`, () =>
      graph.node("Mul", [x, graph.constant("sixteen", Float32Array.of(16), [])]),
    );
    const zeroPoints = graph.zeros("zero_points", rows * Math.ceil(blocks / 2));
    const high = graph.node(
      "MatMulNBits",
      [sixteenfold, nibbles(packed.codes), scales],
      attributes,
      "com.microsoft",
    );
    const low = graph.node(
      "MatMulNBits",
      [x, nibbles(packed.low), scales, zeroPoints],
      attributes,
      "com.microsoft",
    );
    sum = graph.node("Add", [high, low]);
  } else {
    sum = graph.node("MatMulNBits", [x, nibbles(packed.codes), scales], attributes, "com.microsoft");
  }
  if (!packed.minimums) return sum;
  const minimums = graph.scratchWeight("minimums", DataType.float, [blocks, rows], packed.minimums);
  return graph.node("Add", [sum, graph.node("MatMul", [addBlockSums(graph, x, blockSize), minimums])]);
}

/** Sums of `x` over blocks of its last axis, `[rows, positions, inner / blockSize]`. */
function addBlockSums(graph: StageGraph, x: string, blockSize: number): string {
  return graph.once(`sums of ${blockSize} ${x}`, () => {
    const blocks = graph.node("Reshape", [x, graph.integers([0, 0, -1, blockSize])]);
    return graph.node("ReduceSum", [blocks, graph.integers([-1])], { keepdims: 0 });
  });
}

function addFloatProduct(graph: StageGraph, x: string, { weight }: Linear): string {
  const types = { F32: DataType.float, F16: DataType.float16, BF16: DataType.bfloat16 } as const;
  if (weight.type !== "F32" && weight.type !== "F16" && weight.type !== "BF16") {
    throw new Error(`${weight.type} is no float type`);
  }
  const stored = graph.floatWeight(weight, types[weight.type]);
  const floats = weight.type === "F32" ? stored : graph.node("Cast", [stored], { to: DataType.float });
  return graph.productWithTransposed(x, floats, 2);
}
