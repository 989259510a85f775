/**
 * Rewrites products with dynamically quantised activations into products with float32 ones on the same int8 weights. A
 * dynamic scale is taken over a whole tensor, so that every position and every row of a batch changes every other.
 */
import { SwapError } from "../../../shared/errors.ts";
import type { OnnxGraph, OnnxModel, OnnxNode } from "./graph.ts";
import { makeNode } from "./normalize.ts";
import { readsOf } from "./wiring.ts";

/** A product of int8 numbers, scaled back to floats. Empty names are absent. */
interface ScaledProduct {
  /** Activations before they were quantised. */
  readonly x: string;
  readonly weight: string;
  readonly scale: string;
  readonly zeroPoint: string;
  readonly bias: string;
  readonly output: string;
}

/** What is left of a graph when its products are rewritten, and how many were. */
export interface FloatActivations {
  readonly graph: OnnxGraph;
  readonly rewritten: number;
}

/**
 * Rewrites `DynamicQuantizeLinear` and `MatMulInteger` with its `Cast` and `Mul`, and onnxruntime's fused forms of them.
 *
 * @throws SwapError `unsupported-model` where activations would still be quantised dynamically, with the operator
 */
export function floatActivations({ file }: OnnxModel, graph: OnnxGraph): FloatActivations {
  const lookup = new Lookup(graph);
  let rewritten = 0;
  const nodes = graph.nodes.flatMap((node): readonly OnnxNode[] => {
    const product = scaledProduct(node, lookup);
    if (!product) return [node];
    rewritten++;
    return floatProduct(product);
  });
  if (rewritten === 0) return { graph: refused(file, graph), rewritten };
  return { graph: refused(file, { ...graph, nodes: withoutIdle(nodes, graph) }), rewritten };
}

/** Who makes a value. */
class Lookup {
  readonly #producers = new Map<string, OnnxNode>();

  constructor({ nodes }: OnnxGraph) {
    for (const node of nodes)
      for (const output of node.outputs) if (output) this.#producers.set(output, node);
  }

  /** The node of this operator that makes a value. */
  producer(value: string | undefined, opType: string): OnnxNode | null {
    const node = this.#producers.get(value ?? "");
    return node?.opType === opType ? node : null;
  }

  /** What a value was before `DynamicQuantizeLinear`, if it is that node's output `at`. */
  quantised(value: string | undefined, at: 0 | 1): string | null {
    const node = this.producer(value, "DynamicQuantizeLinear");
    return node && node.outputs[at] === value ? node.inputs[0]! : null;
  }
}

/** The product whose floats this node hands out; null for other nodes. */
function scaledProduct(node: OnnxNode, lookup: Lookup): ScaledProduct | null {
  const input = (at: number): string => node.inputs[at] ?? "";
  const output = node.outputs[0]!;
  switch (node.opType) {
    case "Mul":
      return scaledBack(node, lookup);
    case "DynamicQuantizeMatMul":
      return {
        x: input(0),
        weight: input(1),
        scale: input(2),
        zeroPoint: input(3),
        bias: input(4),
        output,
      };
    case "MatMulIntegerToFloat": {
      const x = lookup.quantised(input(0), 0);
      if (x === null) return null;
      return { x, weight: input(1), scale: input(3), zeroPoint: input(5), bias: input(6), output };
    }
    default:
      return null;
  }
}

/** `Mul(Cast(MatMulInteger(x, w)), Mul(scale of x, scale of w))`, operands in either order. */
function scaledBack({ inputs, outputs }: OnnxNode, lookup: Lookup): ScaledProduct | null {
  for (const [sum, scales] of [inputs, [...inputs].reverse()] as const) {
    const cast = lookup.producer(sum, "Cast");
    const product = lookup.producer(cast?.inputs[0], "MatMulInteger");
    const both = lookup.producer(scales, "Mul");
    const x = lookup.quantised(product?.inputs[0], 0);
    if (!product || !both || x === null) continue;
    const scale = both.inputs.find((value) => lookup.quantised(value, 1) !== x);
    if (scale === undefined) continue;
    const [, weight, , zeroPoint = ""] = product.inputs;
    return { x, weight: weight!, scale, zeroPoint, bias: "", output: outputs[0]! };
  }
  return null;
}

/** Scales of a weight are one number, or one for each output feature: the last axis. */
function floatProduct({ x, weight, scale, zeroPoint, bias, output }: ScaledProduct): OnnxNode[] {
  const floats = `${output}/weight`;
  const operands = [weight, scale, ...(zeroPoint === "" ? [] : [zeroPoint])];
  const product = bias === "" ? output : `${output}/product`;
  return [
    makeNode("DequantizeLinear", operands, [floats], { axis: -1 }),
    makeNode("MatMul", [x, floats], [product]),
    ...(bias === "" ? [] : [makeNode("Add", [product, bias], [output])]),
  ];
}

const IDLE = new Set(["DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul"]);

/** Without the nodes of the integer product that nothing reads any more. */
function withoutIdle(nodes: readonly OnnxNode[], { outputs }: OnnxGraph): OnnxNode[] {
  const read = new Set(outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (IDLE.has(node.opType) && !node.outputs.some((output) => read.has(output))) continue;
    for (const value of readsOf(node)) read.add(value);
    kept.unshift(node);
  }
  return kept;
}

function refused(file: string, graph: OnnxGraph): OnnxGraph {
  const left = graph.nodes.find(({ opType }) => /^DynamicQuantize|^QAttention$/.test(opType));
  if (!left) return graph;
  throw new SwapError(
    "unsupported-model",
    `${file} quantises activations dynamically to int8 in a way that cannot be undone (${left.opType} ${left.name}): each position would change all others, and causal results would be wrong.`,
    "Take another file of the model: fp32, fp16, q4 or bnb4.",
  );
}
