/**
 * Runs a fused attention row by row inside the graph, where onnxruntime's kernel takes several queries behind a cache for
 * one row only (GroupQueryAttention). The operator itself stays as it is, with whatever attributes and inputs it has.
 */
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxValue } from "../graph.ts";
import { makeNode } from "../normalize.ts";
import { MessageWriter, valueInfo } from "../../runtime/protobuf-writer.ts";
import type { FusedAttention } from "../operators.ts";
import { constant } from "../stage-nodes.ts";
import { nodeMessageOf } from "../stage.ts";
import type { Wiring } from "../wiring.ts";
import { elementType } from "../wiring.ts";

/** AttributeProto.AttributeType. */
const GRAPH_ATTRIBUTE = 5;

/**
 * The nodes that stand for one fused attention; its outputs keep their names.
 *
 * @param byRow which of its inputs have rows
 */
export function rowByRow(
  wiring: Wiring,
  node: OnnxNode,
  byRow: NonNullable<FusedAttention["byRow"]>,
): OnnxNode[] {
  const prefix = `state_swap/by_row/${node.outputs[0]!}`;
  const [zero, one] = [`${prefix}/zero`, `${prefix}/one`];
  const outer: OnnxNode[] = [constant(zero, [0]), constant(one, [1])];
  const inner: OnnxNode[] = [];
  const bodyInputs: OnnxValue[] = [];
  const scanned: string[] = [];
  const inputs = node.inputs.map((input, i) => {
    if (input === "") return input;
    const name = `${prefix}/input_${i}`;
    if (byRow.differing.includes(i)) {
      scanned.push(input);
      bodyInputs.push({ name: `${name}/row`, dataType: elementType(wiring, input), dims: null });
      inner.push(makeNode("Unsqueeze", [`${name}/row`, zero], [name]));
      return name;
    }
    if (!byRow.alike.includes(i)) return input;
    outer.push(makeNode("Slice", [input, zero, one, zero], [name]));
    return name;
  });
  const outputs = node.outputs.map((output, i) => (output === "" ? "" : `${prefix}/output_${i}`));
  inner.push({ ...node, inputs, outputs });
  const bodyOutputs: OnnxValue[] = [];
  for (const output of outputs.filter((name) => name !== "")) {
    inner.push(makeNode("Squeeze", [output, zero], [`${output}/row`]));
    const dataType = elementType(wiring, node.inputs[0]!);
    bodyOutputs.push({ name: `${output}/row`, dataType, dims: null });
  }
  const body: OnnxGraph = {
    name: `${prefix}/body`,
    nodes: inner,
    initializers: new Map(),
    inputs: bodyInputs,
    outputs: bodyOutputs,
    values: new Map(),
  };
  const scan = makeNode(
    "Scan",
    scanned,
    node.outputs.filter((output) => output !== ""),
    { num_scan_inputs: scanned.length },
  );
  const attributes = new Map([...scan.attributes, ["body", graphAttribute("body", body)]]);
  return [...outer, { ...scan, name: prefix, attributes }];
}

function graphAttribute(name: string, graph: OnnxGraph): OnnxAttribute {
  const message = new MessageWriter();
  for (const node of graph.nodes) message.message(1, nodeMessageOf(node));
  message.string(2, graph.name);
  for (const { name, dataType } of graph.inputs) message.message(11, valueInfo(name, dataType));
  for (const { name, dataType } of graph.outputs) message.message(12, valueInfo(name, dataType));
  const attribute = new MessageWriter().string(1, name).message(6, message).int(20, GRAPH_ATTRIBUTE);
  return {
    name,
    message: attribute.finish(),
    graph,
    int: null,
    float: null,
    string: null,
    ints: null,
    tensor: null,
  };
}
