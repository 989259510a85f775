/**
 * Latent attention in a stage's graph: each head's keys and values are made of the narrow vector, so that the rest is as in any
 * attention. llama.cpp multiplies queries by that product instead and lets all heads read the vector; sums are the same.
 */
import type { Hyperparameters } from "./hyperparameters.ts";
import type { LatentTensors } from "./latent.ts";
import { addLinears } from "./linear-graph.ts";
import { addNorm } from "./norm-graph.ts";
import type { RotaryInputs } from "./rotary-graph.ts";
import { addRotary } from "./rotary-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { GgufTensor } from "./reader.ts";
import type { Linear } from "./tensor-picker.ts";

/** @returns queries, the last part of each head rotated, `[B, T, heads * headWidth]` */
export function addLatentQueries(
  graph: StageGraph,
  shape: Hyperparameters,
  { query, latent }: LatentTensors,
  x: string,
  tables: RotaryInputs,
): string {
  const { heads, headWidth, ropeWidth } = shape;
  const asked = latent.query
    ? addNorm(graph, shape, addLinear(graph, x, latent.query.down), latent.query.norm)
    : x;
  const perHead = addPerHead(graph, addLinear(graph, asked, query), heads, headWidth);
  const [plain, last] = addSplit(graph, perHead, [headWidth - ropeWidth, ropeWidth]);
  const flat = graph.node("Reshape", [last!, graph.integers([0, 0, heads * ropeWidth])]);
  const turned = addRotary(graph, shape, flat, heads, ropeWidth, tables);
  return addWholeHeads(graph, shape, plain!, addPerHead(graph, turned, heads, ropeWidth));
}

/** @returns keys `[B, T, heads * headWidth]`, the last part of each head rotated and the same; values `[B, T, heads * valueWidth]` */
export function addLatentKeysValues(
  graph: StageGraph,
  shape: Hyperparameters,
  { key, value, latent }: LatentTensors,
  x: string,
  tables: RotaryInputs,
): { readonly key: string; readonly value: string } {
  const { heads, headWidth, valueWidth, ropeWidth } = shape;
  const unrotated = headWidth - ropeWidth;
  const rank = shape.latent!.rank;
  const [narrow, shared] = addSplit(graph, addLinear(graph, x, key), [rank, ropeWidth]);
  const normed = addNorm(graph, shape, narrow!, latent.norm);
  const turned = addPerHead(graph, addRotary(graph, shape, shared!, 1, ropeWidth, tables), 1, ropeWidth);
  const spread = graph.node("Expand", [turned, graph.integers([1, 1, heads, ropeWidth])]);
  const flat = (values: string): string =>
    graph.node("Reshape", [values, graph.integers([0, 0, heads * valueWidth])]);
  if (latent.key) {
    const plain = graph.productWithTransposed(normed, addTurnedRound(graph, latent.key), 2);
    return {
      key: addWholeHeads(graph, shape, addPerHead(graph, plain, heads, unrotated), spread),
      value: addLinear(graph, normed, value),
    };
  }
  const both = addPerHead(graph, addLinear(graph, normed, value), heads, unrotated + valueWidth);
  const [plain, values] = addSplit(graph, both, [unrotated, valueWidth]);
  return { key: addWholeHeads(graph, shape, plain!, spread), value: flat(values!) };
}

/**
 * `[rank][unrotated]` of each head as one weight of a row for each feature, `[heads * unrotated, rank]`, in float32: its blocks
 * of numbers run across the sums of this product, so that it cannot stay packed.
 */
function addTurnedRound(graph: StageGraph, tensor: GgufTensor): string {
  const [unrotated, rank, heads] = tensor.dims as [number, number, number];
  const given = graph.source.floats(tensor);
  const rows = new Float32Array(given.length);
  for (let head = 0; head < heads; head++) {
    for (let from = 0; from < rank; from++) {
      const at = (head * rank + from) * unrotated;
      for (let i = 0; i < unrotated; i++) rows[(head * unrotated + i) * rank + from] = given[at + i]!;
    }
  }
  return graph.constant("keys", rows, [heads * unrotated, rank]);
}

/** Both parts of each head, `[B, T, heads, ...]`, side by side: `[B, T, heads * headWidth]`. */
function addWholeHeads(
  graph: StageGraph,
  { heads, headWidth }: Hyperparameters,
  plain: string,
  turned: string,
): string {
  const whole = graph.node("Concat", [plain, turned], { axis: -1 });
  return graph.node("Reshape", [whole, graph.integers([0, 0, heads * headWidth])]);
}

function addPerHead(graph: StageGraph, values: string, heads: number, width: number): string {
  return graph.node("Reshape", [values, graph.integers([0, 0, heads, width])]);
}

function addSplit(graph: StageGraph, value: string, widths: readonly number[]): readonly string[] {
  const names = widths.map(() => graph.fresh("part"));
  graph.nodes("Split", [value, graph.integers(widths)], names, { axis: -1 });
  return names;
}

function addLinear(graph: StageGraph, x: string, linear: Linear): string {
  return addLinears(graph, x, [linear])[0]!;
}
