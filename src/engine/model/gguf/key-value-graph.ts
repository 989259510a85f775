/** The graph that makes one block's keys and values of given states, and nothing else: for states that are held, not run. */
import type { Hyperparameters } from "./hyperparameters.ts";
import { addNorm } from "./norm-graph.ts";
import { addKeysValues } from "./projection-graph.ts";
import { addRotaryInputs } from "./rotary-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Adds it to an empty graph. B rows, T positions.
 *
 * Inputs: `states [B, T, width]`; `offset [1]` int64, position of the first state; `cos` and `sin` `[C, ropeWidth / 2]`.
 * Outputs: `key [B, keyValueHeads, T, headWidth]` and `value [B, keyValueHeads, T, valueWidth]`.
 */
export function addKeyValue(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights): void {
  const { width, keyValueHeads, headWidth, valueWidth } = shape;
  const states = graph.input("states", ["B", "T", width]);
  const tables = addRotaryInputs(graph, shape);
  const normed = addNorm(graph, shape, states, weights.attentionNorm);
  const { key, value } = addKeysValues(graph, shape, weights, normed, tables);
  for (const [name, flat, each] of [
    ["key", key, headWidth],
    ["value", value, valueWidth],
  ] as const) {
    const perHead = graph.node("Reshape", [flat, graph.integers([0, 0, keyValueHeads, each])]);
    graph.node("Transpose", [perHead], { perm: [0, 2, 1, 3] }, "", name);
    graph.output(name, ["B", keyValueHeads, "T", each]);
  }
}
