/** The graph that gives one block's attention weights: the attention sublayer up to its softmax, for the last position. */
import { addAlibi } from "./alibi.ts";
import { addSoftmaxWithSinks } from "./attention-core-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { addNorm } from "./norm-graph.ts";
import { addQueriesKeys } from "./projection-graph.ts";
import { addSoftCap } from "./scalar-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Adds it to an empty graph. A graph of its own, made for one look: the block's graph, which passes run, stays as it is.
 *
 * Inputs: `states [1, S, width]`; `offset`, `cos` and `sin` of a rotation; `mask [1, S]`, added to the scores.
 * Output: `weights [heads, S]`: softmax(scale * q k^T + mask) of the last position's queries.
 */
export function addAttentionWeights(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights): void {
  const { heads, keyValueHeads, headWidth } = shape;
  const states = graph.input("states", [1, "S", shape.width]);
  const causal = graph.input("mask", [1, "S"]);
  const normed = addNorm(graph, shape, states, weights.attentionNorm);
  const { query, key } = addQueriesKeys(graph, shape, weights, normed);
  const last = graph.node("Gather", [query, graph.integers([-1])], { axis: 1 });
  // Neighbouring query heads share a key head: [keyValueHeads, heads / keyValueHeads, headWidth].
  const grouped = graph.node("Reshape", [last, graph.integers([keyValueHeads, -1, headWidth])]);
  const perHead = graph.node("Reshape", [key, graph.integers([-1, keyValueHeads, headWidth])]);
  const keys = graph.node("Transpose", [perHead], { perm: [1, 2, 0] });
  const scale = Float32Array.of(shape.attentionScale ?? 1 / Math.sqrt(headWidth));
  const products = graph.node("MatMul", [grouped, keys]);
  const scaled = graph.node("Mul", [products, graph.constant("scale", scale, [])]);
  const scores = addSoftCap(graph, scaled, shape.attentionCap);
  const masked = graph.node("Add", [scores, addBiases(graph, shape, causal)]);
  const softmax = weights.sinks
    ? addSoftmaxWithSinks(
        graph,
        masked,
        graph.node("Reshape", [graph.vector(weights.sinks), graph.integers([keyValueHeads, -1, 1])]),
      )
    : graph.node("Softmax", [masked], { axis: -1 });
  graph.node("Reshape", [softmax, graph.integers([heads, -1])], {}, "", "weights");
  graph.output("weights", [heads, "S"]);
}

/** The mask `[1, S]`, or `[keyValueHeads, heads / keyValueHeads, S]` where heads differ. */
function addBiases(graph: StageGraph, shape: Hyperparameters, mask: string): string {
  const { heads, keyValueHeads, maxAlibiBias } = shape;
  if (maxAlibiBias === null) return mask;
  const size = graph.node("Shape", [mask], { start: 1, end: 2 });
  const last = graph.node("Sub", [size, graph.integers([1])]);
  const ofHeads = addAlibi(graph, heads, maxAlibiBias, mask, last);
  const split = graph.node("Concat", [graph.integers([keyValueHeads, heads / keyValueHeads]), size], {
    axis: 0,
  });
  return graph.node("Reshape", [ofHeads, split]);
}
