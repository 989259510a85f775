/** The graph that makes one block's keys and values of given states, and nothing else: for states that are held, not run. */
import { DataType } from "../runtime/protobuf-writer.ts";
import { addProjections, addTurned } from "./block-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { addNorm } from "./norm-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Adds it to an empty graph. B rows, T positions.
 *
 * Inputs: `states [B, T, width]`; `offset [1]` int64, position of the first state; `cos` and `sin` `[C, ropeWidth / 2]`.
 * Outputs: `key` and `value` `[B, keyValueHeads, T, headWidth]`.
 */
export function addKeyValue(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights): void {
  const { width, keyValueHeads, headWidth, ropeWidth } = shape;
  const states = graph.input("states", ["B", "T", width]);
  const tables = {
    offset: graph.input("offset", [1], DataType.int64),
    cos: graph.input("cos", ["C", ropeWidth / 2]),
    sin: graph.input("sin", ["C", ropeWidth / 2]),
  };
  const normed = addNorm(graph, shape, states, weights.attentionNorm);
  const [key, value] = addProjections(graph, shape, normed, [weights.key, weights.value]);
  const rotated = addTurned(graph, shape, key!, keyValueHeads, weights.keyNorm, tables);
  for (const [name, flat] of [
    ["key", rotated],
    ["value", value!],
  ] as const) {
    const perHead = graph.node("Reshape", [flat, graph.integers([0, 0, keyValueHeads, headWidth])]);
    graph.node("Transpose", [perHead], { perm: [0, 2, 1, 3] }, "", name);
    graph.output(name, ["B", keyValueHeads, "T", headWidth]);
  }
}
