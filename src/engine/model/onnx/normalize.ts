/** Rewrites exporter habits that hide the residual stream: merged decoders, and fused residual add + norm. */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { AttributeValue } from "../runtime/protobuf-writer.ts";
import { attribute } from "../runtime/protobuf-writer.ts";
import type { OnnxAttribute, OnnxGraph, OnnxNode } from "./graph.ts";
import { CACHE_BRANCH } from "./names.ts";
import { fusedNorm } from "./operators.ts";

/** Makes a node that no file holds. */
export function makeNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = "",
): OnnxNode {
  const entries = Object.entries(attributes).map(([name, value]): [string, OnnxAttribute] => [
    name,
    {
      name,
      message: attribute(name, value).finish(),
      int: typeof value === "number" ? value : null,
      float: typeof value === "object" && "float" in value ? value.float : null,
      string: typeof value === "string" ? value : null,
      ints: null,
      tensor: null,
      graph: null,
    },
  ]);
  return { name: outputs[0] ?? "", opType, domain, inputs, outputs, attributes: new Map(entries) };
}

/**
 * Inlines the branch without a cache of a merged decoder (one `If` on `use_cache_branch`): whole sequences are run, and
 * the branch with a cache was traced for single tokens.
 */
export function inlineMergedDecoder(graph: OnnxGraph): OnnxGraph {
  const index = graph.nodes.findIndex((node) => node.opType === "If" && node.inputs[0] === CACHE_BRANCH);
  if (index < 0) return graph;
  const choice = graph.nodes[index]!;
  const branch = choice.attributes.get("else_branch")?.graph;
  if (!branch) return graph;
  const handedOut = choice.outputs.map((output, i) =>
    makeNode("Identity", [branch.outputs[i]!.name], [output]),
  );
  return {
    ...graph,
    nodes: [...graph.nodes.slice(0, index), ...branch.nodes, ...handedOut, ...graph.nodes.slice(index + 1)],
    initializers: new Map([...graph.initializers, ...branch.initializers]),
    inputs: graph.inputs.filter((input) => input.name !== CACHE_BRANCH),
    values: new Map([...graph.values, ...branch.values]),
  };
}

const EPSILON = 1e-12;

/**
 * Splits `Skip[Simplified]LayerNormalization(x, skip, gamma, …)` into the residual sum and the norm: the fused node
 * hands out both at once, so replacing its sum would leave the normed value, which feeds attention, as it was.
 */
export function unfuseSkipNorms(graph: OnnxGraph): OnnxGraph {
  return { ...graph, nodes: graph.nodes.flatMap(unfused) };
}

function unfused(node: OnnxNode): OnnxNode[] {
  const fused = fusedNorm(node);
  if (fused === null) return [node];
  const input = (at: number | null): string => (at === null ? "" : (node.inputs[at] ?? ""));
  const normed = node.outputs[0]!;
  const named = node.outputs[fused.sum] ?? "";
  const sum = named === "" ? `${normed}/residual` : named;
  const beta = input(fused.beta);
  const operands = [sum, input(fused.gamma), ...(beta === "" ? [] : [beta])];
  const epsilon = { float: node.attributes.get("epsilon")?.float ?? EPSILON };
  const isSimplified = fused.norm === "SimplifiedLayerNormalization";
  const attributes = { axis: -1, epsilon, ...(isSimplified ? { stash_type: DataType.float } : {}) };
  return [
    ...residualSum(input(fused.x), input(fused.skip), input(fused.bias), sum),
    makeNode(fused.norm, operands, [normed], attributes),
  ];
}

/** x + bias + skip. The bias belongs to the branch x, so it must not hide that x and skip are what is summed. */
function residualSum(x: string, skip: string, bias: string, sum: string): OnnxNode[] {
  if (bias === "") return [makeNode("Add", [x, skip], [sum])];
  const biased = `${sum}/biased`;
  return [makeNode("Add", [x, bias], [biased]), makeNode("Add", [biased, skip], [sum])];
}

/** Numeric rewrites: 4-bit products with float32 activations instead of int8 ones, so that rows stay exact. */
export function exactProducts(graph: OnnxGraph): { graph: OnnxGraph; rewritten: number } {
  let rewritten = 0;
  const nodes = graph.nodes.map((node) => {
    const level = node.attributes.get("accuracy_level")?.int ?? 0;
    const bits = node.attributes.get("bits")?.int ?? 4;
    if (node.opType !== "MatMulNBits" || bits !== 4 || level <= 1) return node;
    rewritten++;
    const exact = makeNode("", [], [], { accuracy_level: 0 }).attributes;
    return { ...node, attributes: new Map([...node.attributes, ...exact]) };
  });
  return { graph: { ...graph, nodes }, rewritten };
}
