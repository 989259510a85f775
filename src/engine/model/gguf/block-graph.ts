/** The graph of one block of the llama family: RMS norm, rotary grouped-query attention, gated feed-forward (engine.md section 11.1). */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { addAttentionApart, addAttentionJoined } from "./attention-core-graph.ts";
import { addLinears } from "./linear-graph.ts";
import type { GgufTensor } from "./reader.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { BlockWeights, Linear } from "./weights.ts";

/**
 * Adds a block to an empty graph. B rows, T positions, P positions of past, S = P + T.
 *
 * Inputs: `states [B, T, width]`; `offset [1]` int64, position of the first state; `cos` and `sin`
 * `[S, ropeWidth / 2]`; `wanted [N]` int64, which of the T states go through the whole block, the others only leaving keys
 * and values; `queries [Q]` int64, states that ask in attention, and `answers [N]` int64, which of the Q answers each
 * wanted state takes; `mask [Q, S]`, added to the attention scores; `gate [1]`, times which the attention sublayer's output
 * is added (1, or 0 to skip attention); `past_key` and `past_value` `[R, keyValueHeads, P, headWidth]`, R = 1 or B;
 * `past_shape [4]` int64, `[B, keyValueHeads, P, headWidth]`; `apart [1]` bool: the rows read one past where it lies, and
 * no keys and values of theirs and the past come out together (R = 1).
 * Q is N but for N = 1, where the only state asks twice: one query would take another kernel, which sums in another order.
 * Outputs: `next [B, N, width]`; `present_key` and `present_value` `[B, keyValueHeads, S, headWidth]`.
 */
export function addBlock(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights): void {
  const { width, keyValueHeads, headWidth } = shape;
  const states = graph.input("states", ["B", "T", width]);
  const attended = addAttention(graph, shape, weights, addNorm(graph, shape, states, weights.attentionNorm));
  const gated = graph.node("Mul", [attended, graph.input("gate", [1])]);
  const wanted = graph.node("Gather", [states, graph.input("wanted", ["N"], DataType.int64)], { axis: 1 });
  const middle = graph.node("Add", [wanted, gated]);
  const normed = addNorm(graph, shape, middle, weights.feedForwardNorm);
  const [gate, up] = addLinears(graph, normed, [weights.gate, weights.up]);
  // QuickGelu with alpha 1 is SiLU: x * sigmoid(x)
  const activated = graph.node("QuickGelu", [gate!], { alpha: { float: 1 } }, "com.microsoft");
  const down = addLinear(graph, graph.node("Mul", [activated, up!]), weights.down);
  graph.node("Add", [middle, down], {}, "", "next");
  graph.output("next", ["B", "N", width]);
  for (const name of ["present_key", "present_value"])
    graph.output(name, ["B", keyValueHeads, "S", headWidth]);
}

/** Adds the final norm and the head to an empty graph: `states [1, R, width]` to `logits [1, R, vocab]`. */
export function addHead(graph: StageGraph, shape: Hyperparameters, norm: GgufTensor, head: Linear): void {
  const states = graph.input("states", [1, "R", shape.width]);
  const logits = addLinear(graph, addNorm(graph, shape, states, norm), head);
  graph.node("Identity", [logits], {}, "", "logits");
  graph.output("logits", [1, "R", shape.vocab]);
}

function addAttention(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights, x: string): string {
  const { keyValueHeads, headWidth } = shape;
  const queries = graph.input("queries", ["Q"], DataType.int64);
  const answers = graph.input("answers", ["N"], DataType.int64);
  const mask = graph.input("mask", ["Q", "S"]);
  const pastShape = graph.input("past_shape", [4], DataType.int64);
  const past = (["past_key", "past_value"] as const).map((name) =>
    graph.input(name, ["R", keyValueHeads, "P", headWidth]),
  );
  const [query, key, value] = addLinears(graph, x, [weights.query, weights.key, weights.value]);
  const rotated = addRotation(graph, shape, weights, query!, key!);
  const asking = graph.node("Gather", [rotated.query, queries], { axis: 1 });
  const operands = { asking, key: rotated.key, value: value!, mask, pastKey: past[0]!, pastValue: past[1]! };
  const attended = graph.fresh("attended");
  graph.choose(
    graph.input("apart", [1], DataType.bool),
    [attended, "present_key", "present_value"],
    () => addAttentionApart(graph, shape, operands),
    () => addAttentionJoined(graph, shape, operands, pastShape),
  );
  return addLinear(graph, graph.node("Gather", [attended, answers], { axis: 1 }), weights.output);
}

/**
 * Head norms, where the architecture has them, then rotary positions. Adds the inputs `offset [1]` int64, position of the
 * first state, and `cos` and `sin` `[C, ropeWidth / 2]`, of positions from 0 up to at least the last state's.
 */
export function addRotation(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  query: string,
  key: string,
): { readonly query: string; readonly key: string } {
  const { heads, keyValueHeads, ropeWidth } = shape;
  const offset = graph.input("offset", [1], DataType.int64);
  const cos = graph.input("cos", ["C", ropeWidth / 2]);
  const sin = graph.input("sin", ["C", ropeWidth / 2]);
  const tables = { offset, cos, sin };
  const rotate = (value: string, count: number): string => addRotary(graph, shape, value, count, tables);
  return {
    query: rotate(addHeadNorm(graph, shape, query, heads, weights.queryNorm), heads),
    key: rotate(addHeadNorm(graph, shape, key, keyValueHeads, weights.keyNorm), keyValueHeads),
  };
}

/** Values that a rotation reads: position of the first state, and the tables. */
export interface RotaryInputs {
  readonly offset: string;
  readonly cos: string;
  readonly sin: string;
}

/** Rotary positions on `count` heads, `[B, T, count * headWidth]`. */
export function addRotary(
  graph: StageGraph,
  { headWidth, ropeWidth, ropePairing }: Hyperparameters,
  value: string,
  count: number,
  { offset, cos, sin }: RotaryInputs,
): string {
  return graph.node(
    "RotaryEmbedding",
    [value, offset, cos, sin],
    {
      num_heads: count,
      interleaved: ropePairing === "interleaved" ? 1 : 0,
      ...(ropeWidth < headWidth ? { rotary_embedding_dim: ropeWidth } : {}),
    },
    "com.microsoft",
  );
}

function addLinear(graph: StageGraph, x: string, linear: Linear): string {
  return addLinears(graph, x, [linear])[0]!;
}

/** RMS norm over the last axis. */
export function addNorm(graph: StageGraph, shape: Hyperparameters, x: string, weight: GgufTensor): string {
  return graph.node("SimplifiedLayerNormalization", [x, graph.vector(weight)], {
    axis: -1,
    epsilon: { float: shape.normEpsilon },
    stash_type: 1,
  });
}

/** RMS norm over each head, where the architecture has one. */
export function addHeadNorm(
  graph: StageGraph,
  shape: Hyperparameters,
  x: string,
  heads: number,
  weight: GgufTensor | undefined,
): string {
  if (!weight) return x;
  const perHead = graph.node("Reshape", [x, graph.integers([0, 0, heads, shape.headWidth])]);
  const normed = addNorm(graph, shape, perHead, weight);
  return graph.node("Reshape", [normed, graph.integers([0, 0, heads * shape.headWidth])]);
}
