/** The graph of one block, by what its family declares: norms, rotary grouped-query attention, feed-forward. */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { activationOf } from "./activations.ts";
import { addAlibi } from "./alibi.ts";
import {
  addAttentionApart,
  addAttentionJoined,
  addAttentionSpelledOut,
  addAttentionWithSinks,
} from "./attention-core-graph.ts";
import type { FeedForward } from "./experts.ts";
import { addExperts } from "./experts-graph.ts";
import { addNorm } from "./norm-graph.ts";
import { addLinears } from "./linear-graph.ts";
import { addQueriesKeysValues } from "./projection-graph.ts";
import { addScale, addSoftCap } from "./scalar-graph.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { Linear, Norm } from "./tensor-picker.ts";
import { rowCount } from "./tensor-source.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * Adds a block to an empty graph. B rows, T positions, P positions of past, S = P + T.
 *
 * Inputs: `states [B, T, width]`; `offset [1]` int64, position of the first state; `cos` and `sin`
 * `[S, ropeWidth / 2]`; `wanted [N]` int64, which of the T states go through the whole block, the others only leaving keys
 * and values; `queries [Q]` int64, states that ask in attention, and `answers [N]` int64, which of the Q answers each
 * wanted state takes; `mask [Q, S]`, added to the attention scores; `gate [1]`, times which the attention sublayer's output
 * is added (1, or 0 to skip attention); `past_key [R, keyValueHeads, P, headWidth]` and `past_value [R, keyValueHeads, P, valueWidth]`,
 * R = 1 or B; `past_shape [4]` int64, `[B, keyValueHeads, P, 1]`; `apart [1]` bool: the rows read one past where it lies, and
 * no keys and values of theirs and the past come out together (R = 1).
 * Q is N but for N = 1, where the only state asks twice: one query would take another kernel, which sums in another order.
 * Outputs: `next [B, N, width]`; `present_key [B, keyValueHeads, S, headWidth]`; `present_value [B, keyValueHeads, S, valueWidth]`.
 */
export function addBlock(graph: StageGraph, shape: Hyperparameters, weights: BlockWeights): void {
  const { family, width, keyValueHeads, headWidth, valueWidth } = shape;
  const states = graph.input("states", ["B", "T", width]);
  const normed = addNorm(graph, shape, states, weights.attentionNorm);
  const places = graph.input("wanted", ["N"], DataType.int64);
  const wantedOf = (value: string): string => graph.node("Gather", [value, places], { axis: 1 });
  const attended = addSublayerEnd(
    graph,
    shape,
    addAttention(graph, shape, weights, normed, wantedOf),
    weights.attentionPostNorm,
  );
  const gated = graph.node("Mul", [attended, graph.input("gate", [1])]);
  const wanted = wantedOf(states);
  const middle = graph.node("Add", [wanted, gated]);
  const read = family.isParallel ? wanted : middle;
  const isShared = family.isParallel && !weights.feedForwardNorm;
  const fed = addFeedForward(
    graph,
    shape,
    weights,
    isShared ? wantedOf(normed) : addNorm(graph, shape, read, weights.feedForwardNorm),
    wanted,
  );
  graph.node("Add", [middle, fed], {}, "", "next");
  graph.output("next", ["B", "N", width]);
  const recorded = graph.lacks("Attention") ? 1 : "B";
  graph.output("present_key", [recorded, keyValueHeads, "S", headWidth]);
  graph.output("present_value", [recorded, keyValueHeads, "S", valueWidth]);
}

/**
 * @param x what the sublayer reads
 * @param input of the block
 */
function addFeedForward(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  x: string,
  input: string,
): string {
  const { feedForward, experts, expertsNorm, k } = weights;
  const { family } = shape;
  const one = (products: FeedForward, of: string): string => addOneFeedForward(graph, shape, k, products, of);
  const shared = feedForward && one(feedForward, x);
  const read = expertsNorm ? addNorm(graph, shape, input, expertsNorm) : x;
  const routed =
    experts &&
    addExperts(graph, shape, experts, { read, routedBy: family.routesByInput ? input : read }, one);
  const gated =
    experts?.sharedGate && shared !== undefined
      ? graph.node("Mul", [shared, graph.node("Sigmoid", [addLinear(graph, x, experts.sharedGate)])])
      : shared;
  const parts = [routed, gated].filter((part) => part !== undefined);
  const sum =
    parts.length === 2 ? addScale(graph, graph.node("Add", parts), family.besideExperts.scale) : parts[0]!;
  return addSublayerEnd(graph, shape, sum, weights.feedForwardPostNorm);
}

function addOneFeedForward(
  graph: StageGraph,
  shape: Hyperparameters,
  k: number,
  { gate, up, down }: FeedForward,
  x: string,
): string {
  const { add, addUp } = activationOf(shape, k);
  const [first, second] = addLinears(graph, x, gate ? [gate, up] : [up]);
  const activated = add(graph, first!);
  if (second === undefined) return addLinear(graph, activated, down);
  const factor = addUp ? addUp(graph, second) : second;
  return addLinear(graph, graph.node("Mul", [activated, factor]), down);
}

/** What a sublayer adds: through its norm behind, where it has one, times the residual scale. */
function addSublayerEnd(
  graph: StageGraph,
  shape: Hyperparameters,
  value: string,
  norm: Norm | undefined,
): string {
  return addScale(graph, addNorm(graph, shape, value, norm), shape.residualScale);
}

/** Adds the final norm and the head to an empty graph: `states [1, R, width]` to `logits [1, R, vocab]`. */
export function addHead(graph: StageGraph, shape: Hyperparameters, norm: Norm, head: Linear): void {
  const states = graph.input("states", [1, "R", shape.width]);
  const product = addLinear(graph, addNorm(graph, shape, states, norm), head);
  const logits = addSoftCap(graph, addScale(graph, product, shape.logitScale), shape.logitCap);
  graph.node("Identity", [logits], {}, "", "logits");
  graph.output("logits", [1, "R", shape.vocab]);
}

function addAttention(
  graph: StageGraph,
  shape: Hyperparameters,
  weights: BlockWeights,
  x: string,
  wantedOf: (value: string) => string,
): string {
  const { keyValueHeads, headWidth, valueWidth } = shape;
  const queries = graph.input("queries", ["Q"], DataType.int64);
  const answers = graph.input("answers", ["N"], DataType.int64);
  const causal = graph.input("mask", ["Q", "S"]);
  const pastShape = graph.input("past_shape", [4], DataType.int64);
  const pastKey = graph.input("past_key", ["R", keyValueHeads, "P", headWidth]);
  const pastValue = graph.input("past_value", ["R", keyValueHeads, "P", valueWidth]);
  const { query, key, value } = addQueriesKeysValues(graph, shape, weights, x);
  const asking = graph.node("Gather", [query, queries], { axis: 1 });
  const mask =
    shape.maxAlibiBias === null
      ? causal
      : addAlibi(graph, shape.heads, shape.maxAlibiBias, causal, graph.node("Add", [queries, "offset"]));
  const operands = {
    asking,
    key,
    value,
    mask,
    pastKey,
    pastValue,
    ...(weights.sinks ? { sinks: graph.vector(weights.sinks) } : {}),
  };
  const apart = graph.input("apart", [1], DataType.bool);
  const attended = graph.fresh("attended");
  const outputs = [attended, "present_key", "present_value"];
  const addJoined = weights.sinks ? addAttentionWithSinks : addAttentionJoined;
  if (graph.lacks("Attention")) {
    for (const [i, value] of addAttentionSpelledOut(graph, shape, operands).entries())
      graph.nodes("Identity", [value], [outputs[i]!]);
  } else {
    graph.choose(
      apart,
      outputs,
      () => addAttentionApart(graph, shape, operands),
      () => addJoined(graph, shape, operands, pastShape),
    );
  }
  const answered = graph.node("Gather", [attended, answers], { axis: 1 });
  const { attentionGate } = weights;
  const gated = attentionGate
    ? addHeadGate(
        graph,
        shape,
        answered,
        addLinear(graph, wantedOf(x), attentionGate),
        rowCount(attentionGate.weight),
      )
    : answered;
  return addLinear(graph, gated, weights.output);
}

/** `[B, N, heads * valueWidth]` times the sigmoid of a gate `[B, N, count]`: for each number, or for each head. */
function addHeadGate(
  graph: StageGraph,
  { heads, valueWidth }: Hyperparameters,
  value: string,
  products: string,
  count: number,
): string {
  const gate = graph.node("Sigmoid", [products]);
  if (count === heads * valueWidth) return graph.node("Mul", [value, gate]);
  const perHead = graph.node("Reshape", [value, graph.integers([0, 0, heads, valueWidth])]);
  const gated = graph.node("Mul", [perHead, graph.node("Unsqueeze", [gate, graph.integers([-1])])]);
  return graph.node("Reshape", [gated, graph.integers([0, 0, heads * valueWidth])]);
}

function addLinear(graph: StageGraph, x: string, linear: Linear): string {
  return addLinears(graph, x, [linear])[0]!;
}
