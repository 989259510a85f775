/**
 * The attention of a block over a shared past, in two forms. Joined: the past is spread over the rows and one operator does
 * the rest; bits are those of a run without a past. Apart: scores on the past and on the rows' own keys are products of
 * their own under one softmax, so that a long past is not copied for each row; sums are ordered otherwise.
 */
import type { Hyperparameters } from "./hyperparameters.ts";
import { addSoftCap } from "./scalar-graph.ts";
import type { StageGraph } from "./stage-graph.ts";

/** A longer prefix is not copied for each row; up to this length it is, since bits then do not depend on the batch. */
export const LONGEST_JOINED_PAST = 127;

/** Values that attention reads. */
export interface AttentionOperands {
  /** Rotated queries, `[B, Q, heads * headWidth]`. */
  readonly asking: string;
  /** Rotated keys of the rows' own states, `[B, T, keyValueHeads * headWidth]`. */
  readonly key: string;
  /** `[B, T, keyValueHeads * valueWidth]` */
  readonly value: string;
  /** Added to the scores, `[Q, P + T]`, or `[1, heads, Q, P + T]` where heads differ. */
  readonly mask: string;
  /** `[R, keyValueHeads, P, headWidth]`, R = 1 or B. */
  readonly pastKey: string;
  /** `[R, keyValueHeads, P, valueWidth]` */
  readonly pastValue: string;
  /** A score of each head beside those of its keys, which takes part in the softmax alone, `[heads]`; gpt-oss. */
  readonly sinks?: string;
}

/** @returns `[B, Q, heads * valueWidth]`, and keys and values of past and rows `[B, keyValueHeads, P + T, …]` */
export function addAttentionJoined(
  graph: StageGraph,
  { heads, keyValueHeads, attentionScale, attentionCap }: Hyperparameters,
  { asking, key, value, mask, pastKey, pastValue }: AttentionOperands,
  pastShape: string,
): readonly string[] {
  const past = [pastKey, pastValue].map((values) => graph.node("Expand", [values, pastShape]));
  const outputs = ["attended", "present_key", "present_value"].map((name) => graph.fresh(name));
  graph.nodes("Attention", [asking, key, value, mask, ...past], outputs, {
    q_num_heads: heads,
    kv_num_heads: keyValueHeads,
    ...(attentionScale === null ? {} : { scale: { float: attentionScale } }),
    ...(attentionCap === null ? {} : { softcap: { float: attentionCap } }),
  });
  return outputs;
}

/**
 * As {@link addAttentionJoined}, in products and a softmax of its own: no operator has sinks among its inputs.
 * One product each over past and rows, so that bits are those of a run without a past.
 */
export function addAttentionWithSinks(
  graph: StageGraph,
  shape: Hyperparameters,
  operands: AttentionOperands,
  pastShape: string,
): readonly string[] {
  const { key, value, pastKey, pastValue } = operands;
  const joined = (past: string, own: string): string =>
    graph.node("Concat", [graph.node("Expand", [past, pastShape]), own], { axis: 2 });
  const keys = joined(pastKey, addPerHead(graph, shape, key, shape.headWidth));
  const values = joined(pastValue, addPerHead(graph, shape, value, shape.valueWidth));
  const query = addGroupedQueries(graph, shape, operands.asking);
  const scale = shape.attentionScale ?? 1 / Math.sqrt(shape.headWidth);
  const shares = addShares(graph, shape, operands, graph.productWithTransposed(query, keys, 4, scale));
  return [addUngrouped(graph, shape, graph.node("MatMul", [shares, values])), keys, values];
}

/** @returns `[B, Q, heads * valueWidth]`, and keys and values of the rows alone `[B, keyValueHeads, T, …]` */
export function addAttentionApart(
  graph: StageGraph,
  shape: Hyperparameters,
  operands: AttentionOperands,
): readonly string[] {
  const { key, value, pastKey, pastValue } = operands;
  const scale = shape.attentionScale ?? 1 / Math.sqrt(shape.headWidth);
  const ownKey = addPerHead(graph, shape, key, shape.headWidth);
  const ownValue = addPerHead(graph, shape, value, shape.valueWidth);
  const query = addGroupedQueries(graph, shape, operands.asking);
  const scoresOn = (keys: string): string => graph.productWithTransposed(query, keys, 4, scale);
  const products = graph.node("Concat", [scoresOn(pastKey), scoresOn(ownKey)], { axis: -1 });
  const shares = addShares(graph, shape, operands, products);
  const [onPast, onOwn] = [graph.fresh("on_past"), graph.fresh("on_own")];
  const lengths = graph.node("Concat", [lengthOf(graph, pastKey, 2), lengthOf(graph, key, 1)], { axis: 0 });
  graph.nodes("Split", [shares, lengths], [onPast, onOwn], { axis: -1 });
  // Where Attention is lacking this form runs without a past, too, and a product over nothing ends the process there.
  const [shareOfPast, valueOfPast] = graph.lacks("Attention")
    ? [
        graph.node("Pad", [onPast, graph.integers([0, 0, 0, 0, 0, 0, 0, 1])]),
        graph.node("Pad", [pastValue, graph.integers([0, 0, 0, 0, 0, 0, 1, 0])]),
      ]
    : [onPast, pastValue];
  const sum = graph.node("Add", [
    graph.node("MatMul", [shareOfPast, valueOfPast]),
    graph.node("MatMul", [onOwn, ownValue]),
  ]);
  return [
    addUngrouped(graph, shape, sum),
    graph.node("Identity", [ownKey]),
    graph.node("Identity", [ownValue]),
  ];
}

/** `[B, T, keyValueHeads * width]` to `[B, keyValueHeads, T, width]`. */
function addPerHead(
  graph: StageGraph,
  { keyValueHeads }: Hyperparameters,
  values: string,
  width: number,
): string {
  const split = graph.node("Reshape", [values, graph.integers([0, 0, keyValueHeads, width])]);
  return graph.node("Transpose", [split], { perm: [0, 2, 1, 3] });
}

/**
 * Neighbouring query heads share a key head: `[B, Q, heads * headWidth]` to `[B, keyValueHeads, group * Q, headWidth]`, all
 * queries of a head together.
 */
function addGroupedQueries(
  graph: StageGraph,
  { heads, keyValueHeads, headWidth }: Hyperparameters,
  asking: string,
): string {
  const group = heads / keyValueHeads;
  const perHead = graph.node("Reshape", [asking, graph.integers([0, 0, keyValueHeads, group, headWidth])]);
  const grouped = graph.node("Transpose", [perHead], { perm: [0, 2, 3, 1, 4] });
  return graph.node("Reshape", [grouped, graph.integers([0, keyValueHeads, -1, headWidth])]);
}

/** The other way round, of values: to `[B, Q, heads * valueWidth]`. */
function addUngrouped(
  graph: StageGraph,
  { heads, keyValueHeads, valueWidth }: Hyperparameters,
  sum: string,
): string {
  const group = heads / keyValueHeads;
  const ungrouped = graph.node("Reshape", [sum, graph.integers([0, keyValueHeads, group, -1, valueWidth])]);
  const ordered = graph.node("Transpose", [ungrouped], { perm: [0, 3, 1, 2, 4] });
  return graph.node("Reshape", [ordered, graph.integers([0, 0, heads * valueWidth])]);
}

/** From scaled products to attention weights, `[B, keyValueHeads, group * Q, S]` both. */
function addShares(
  graph: StageGraph,
  { heads, keyValueHeads, attentionCap, maxAlibiBias }: Hyperparameters,
  { mask, sinks }: AttentionOperands,
  products: string,
): string {
  const group = heads / keyValueHeads;
  const scores = addSoftCap(graph, products, attentionCap);
  const size = graph.node("Shape", [mask], { start: maxAlibiBias === null ? 0 : 2 });
  const split = graph.node("Concat", [graph.integers([-1, keyValueHeads, group]), size], { axis: 0 });
  const ofHeads = maxAlibiBias === null ? mask : graph.node("Reshape", [mask, split]);
  const masked = graph.node("Add", [graph.node("Reshape", [scores, split]), ofHeads]);
  const softmax =
    sinks === undefined
      ? graph.node("Softmax", [masked], { axis: -1 })
      : addSoftmaxWithSinks(
          graph,
          masked,
          graph.node("Reshape", [sinks, graph.integers([1, keyValueHeads, group, 1, 1])]),
        );
  const joinedAgain = graph.node("Concat", [graph.integers([0, keyValueHeads, -1]), lastOf(graph, size)], {
    axis: 0,
  });
  return graph.node("Reshape", [softmax, joinedAgain]);
}

/** Softmax over one score more, before the others of the last axis whatever their number, and left out of the result; `sinks` as `scores`, its last axis 1. */
export function addSoftmaxWithSinks(graph: StageGraph, scores: string, sinks: string): string {
  const before = graph.node("Shape", [scores], { end: -1 });
  const size = graph.node("Concat", [before, graph.integers([1])], { axis: 0 });
  const all = graph.node("Concat", [graph.node("Expand", [sinks, size]), scores], { axis: -1 });
  const softmax = graph.node("Softmax", [all], { axis: -1 });
  const end = graph.integers([Number.MAX_SAFE_INTEGER]);
  return graph.node("Slice", [softmax, graph.integers([1]), end, graph.integers([-1])]);
}

/** As {@link addAttentionApart}, with keys and values of the past and of row 0 `[1, keyValueHeads, P + T, …]`. */
export function addAttentionSpelledOut(
  graph: StageGraph,
  shape: Hyperparameters,
  operands: AttentionOperands,
): readonly string[] {
  const [attended, ...own] = addAttentionApart(graph, shape, operands);
  const ofRow0 = (values: string): string =>
    graph.node("Slice", [values, graph.integers([0]), graph.integers([1]), graph.integers([0])]);
  const { pastKey, pastValue } = operands;
  const present = [pastKey, pastValue].map((past, i) =>
    graph.node("Concat", [ofRow0(past), ofRow0(own[i]!)], { axis: 2 }),
  );
  return [attended!, ...present];
}

/** Last number of a shape, `[1]`. */
function lastOf(graph: StageGraph, shape: string): string {
  return graph.node("Gather", [shape, graph.integers([-1])], { axis: 0 });
}

/** One dimension of a value, `[1]`. */
function lengthOf(graph: StageGraph, value: string, axis: number): string {
  return graph.node("Shape", [value], { start: axis, end: axis + 1 });
}
