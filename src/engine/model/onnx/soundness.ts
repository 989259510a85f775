/** What a graph must be before it is analysed: each value made once, and nodes in the order in which they can run. */
import { SwapError } from "../../../shared/errors.ts";
import type { OnnxGraph, OnnxNode } from "./graph.ts";
import { readsOf } from "./wiring.ts";

/**
 * The graph with its nodes in topological order, which ONNX demands and some converters do not keep (casts at the end
 * of fp16 graphs). Nodes that are in order stay where they are.
 *
 * @throws SwapError `not-a-model` for a cycle, a value that nothing makes and one that is made twice, with a node
 */
export function inOrder(graph: OnnxGraph, file: string): OnnxGraph {
  const made = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
  const waiting = new Map<string, OnnxNode[]>();
  const nodes: OnnxNode[] = [];
  for (const next of graph.nodes) {
    const open = [next];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const missing = readsOf(node).find((value) => !made.has(value));
      if (missing !== undefined) {
        waiting.set(missing, [...(waiting.get(missing) ?? []), node]);
        continue;
      }
      nodes.push(node);
      for (const output of node.outputs.filter((name) => name !== "")) {
        if (made.has(output)) throw damaged(file, node, `makes ${output}, which is there already`);
        made.add(output);
        open.push(...(waiting.get(output) ?? []));
        waiting.delete(output);
      }
    }
  }
  for (const [value, [node]] of waiting) {
    throw damaged(file, node!, `reads ${value}, which nothing before it can make`);
  }
  return { ...graph, nodes };
}

function damaged(file: string, { name, opType }: OnnxNode, why: string): SwapError {
  const node = name || opType;
  return new SwapError(
    "not-a-model",
    `${file} is damaged: its node ${node} ${why}.`,
    "Fetch or export it again.",
  );
}
