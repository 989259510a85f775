/** Queries, keys and values of normed states, in a stage's graph: products, norms of heads, and rotary positions. */
import type { Hyperparameters } from "./hyperparameters.ts";
import { addLatentKeysValues, addLatentQueries } from "./latent-graph.ts";
import { addLinears } from "./linear-graph.ts";
import { addHeadNorm } from "./norm-graph.ts";
import type { RotaryInputs } from "./rotary-graph.ts";
import { addRotary, addRotaryInputs } from "./rotary-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { Linear, Norm } from "./tensor-picker.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Rotated queries `[B, T, heads * headWidth]`, rotated keys `[B, T, keyValueHeads * headWidth]`, values
 * `[B, T, keyValueHeads * valueWidth]`.
 */
interface Projected {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

/** Adds all three, and the inputs of {@link addRotaryInputs}. */
export function addQueriesKeysValues(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  x: string,
): Projected {
  const { latent } = weights;
  if (latent) {
    const tables = addRotaryInputs(graph, shape);
    const query = addLatentQueries(graph, shape, { ...weights, latent }, x, tables);
    return { query, ...addLatentKeysValues(graph, shape, { ...weights, latent }, x, tables) };
  }
  const [query, key, value] = addProjections(graph, shape, x, [weights.query, weights.key, weights.value]);
  return { ...addRotation(graph, shape, weights, query!, key!), value: value! };
}

/** Adds what attention weights come of, and the inputs of {@link addRotaryInputs}. */
export function addQueriesKeys(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  x: string,
): Omit<Projected, "value"> {
  if (weights.latent) return addQueriesKeysValues(graph, shape, weights, x);
  const [query, key] = addProjections(graph, shape, x, [weights.query, weights.key]);
  return addRotation(graph, shape, weights, query!, key!);
}

/** Adds keys and values alone. */
export function addKeysValues(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  x: string,
  tables: RotaryInputs,
): Omit<Projected, "query"> {
  const { latent } = weights;
  if (latent) return addLatentKeysValues(graph, shape, { ...weights, latent }, x, tables);
  const [key, value] = addProjections(graph, shape, x, [weights.key, weights.value]);
  return {
    key: addTurned(graph, shape, key!, shape.keyValueHeads, weights.keyNorm, tables),
    value: value!,
  };
}

/** Head norms, where the architecture has them, then rotary positions. */
function addRotation(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  query: string,
  key: string,
): Omit<Projected, "value"> {
  const { heads, keyValueHeads } = shape;
  const tables = addRotaryInputs(graph, shape);
  return {
    query: addTurned(graph, shape, query, heads, weights.queryNorm, tables),
    key: addTurned(graph, shape, key, keyValueHeads, weights.keyNorm, tables),
  };
}

/** Norm and rotation of queries or keys, `[B, T, count * headWidth]`, in the family's order. */
function addTurned(
  graph: StageGraph,
  shape: Hyperparameters,
  value: string,
  count: number,
  norm: Norm | undefined,
  tables: RotaryInputs,
): string {
  const normed = (x: string): string => addHeadNorm(graph, shape, x, count, norm);
  const rotated = (x: string): string => addRotary(graph, shape, x, count, shape.headWidth, tables);
  return shape.family.normsRotated ? normed(rotated(value)) : rotated(normed(value));
}

/** Products of which queries, keys and values come, kept within the family's clamp. */
function addProjections(
  graph: StageGraph,
  { clamp }: Hyperparameters,
  x: string,
  linears: readonly Linear[],
): readonly string[] {
  const products = addLinears(graph, x, linears);
  if (clamp === null) return products;
  const [low, high] = [-clamp, clamp].map((bound) => graph.constant("bound", Float32Array.of(bound), []));
  return products.map((product) => graph.node("Clip", [product, low!, high!]));
}
