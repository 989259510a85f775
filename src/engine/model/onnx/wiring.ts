/** How the nodes of a graph hang together: producers, consumers, captures of subgraphs, element types. */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./graph.ts";
import { resultType } from "./operators.ts";

/** A graph with its wiring looked up once. Nodes are in topological order, as ONNX demands. */
export interface Wiring {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Graph inputs that are not initializers, by name. */
  readonly inputs: ReadonlyMap<string, OnnxValue>;
  readonly outputs: readonly OnnxValue[];
  readonly values: ReadonlyMap<string, OnnxValue>;
  /** Index of the node that makes a value. */
  readonly producer: ReadonlyMap<string, number>;
  /** All values that node i reads, captures of its subgraphs included. */
  readonly reads: readonly (readonly string[])[];
}

/** Looks up the wiring of a graph. */
export function wiringOf(graph: OnnxGraph): Wiring {
  const producer = new Map<string, number>();
  graph.nodes.forEach((node, i) => {
    for (const output of node.outputs) if (output) producer.set(output, i);
  });
  return {
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: new Map(
      graph.inputs.filter((input) => !graph.initializers.has(input.name)).map((input) => [input.name, input]),
    ),
    outputs: graph.outputs,
    values: graph.values,
    producer,
    reads: graph.nodes.map(readsOf),
  };
}

/** Values that a node reads: its inputs, and what its subgraphs (If, Loop, Scan) capture from outside. */
export function readsOf(node: OnnxNode): string[] {
  const reads = new Set(node.inputs.filter((input) => input !== ""));
  for (const attribute of node.attributes.values()) {
    if (attribute.graph) for (const name of capturesOf(attribute.graph)) reads.add(name);
  }
  return [...reads];
}

function capturesOf(graph: OnnxGraph): string[] {
  const inner = new Set<string>([...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)]);
  for (const node of graph.nodes) for (const output of node.outputs) inner.add(output);
  const captured = new Set<string>();
  for (const node of graph.nodes) for (const name of readsOf(node)) if (!inner.has(name)) captured.add(name);
  // A branch may hand an outer value straight out.
  for (const output of graph.outputs) if (!inner.has(output.name)) captured.add(output.name);
  return [...captured];
}

/** Operators that read only the shape of their input: no value flows through them. */
export function readsShapeOnly(node: OnnxNode): boolean {
  return node.domain === "" && (node.opType === "Shape" || node.opType === "Size");
}

/** Nodes whose value depends on `start`'s outputs, through value edges that `follows` allows. */
export function reachedFrom(
  wiring: Wiring,
  start: number,
  follows: (value: string) => boolean = () => true,
): Set<number> {
  const reached = new Set([start]);
  wiring.nodes.forEach((node, i) => {
    if (i <= start || readsShapeOnly(node)) return;
    const depends = wiring.reads[i]!.some((value) => {
      const from = wiring.producer.get(value);
      return from !== undefined && reached.has(from) && follows(value);
    });
    if (depends) reached.add(i);
  });
  return reached;
}

/**
 * Element type (TensorProto.DataType) of a value: as declared, else followed back to where it is known. Float when
 * nothing says otherwise.
 */
export function elementType(wiring: Wiring, value: string): number {
  let name = value;
  // Each step goes to an earlier node, so this ends.
  for (;;) {
    const declared =
      wiring.initializers.get(name)?.dataType ??
      wiring.inputs.get(name)?.dataType ??
      wiring.values.get(name)?.dataType ??
      wiring.outputs.find((output) => output.name === name)?.dataType;
    if (declared !== undefined && declared !== 0) return declared;
    const index = wiring.producer.get(name);
    if (index === undefined) return DataType.float;
    const result = resultType(wiring.nodes[index]!);
    if (typeof result === "number") return result;
    if (result === null) return DataType.float;
    name = result.sameAs;
  }
}
