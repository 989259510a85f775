/** A plain computation of the feed-forward sublayer, with experts: position by position. */
import { activationOf } from "./activations.ts";
import type { Experts, FeedForward } from "./experts.ts";
import type { ExpertGroups, Routing } from "./routing.ts";
import { SMALLEST_SUM } from "./experts-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { linear } from "./reference-linear.ts";
import { norm } from "./reference-norm.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { BlockWeights } from "./weights.ts";

/**
 * @param x what the sublayer reads, `[positions, width]`
 * @param input of the block, `[positions, width]`
 */
export function referenceFeedForward(
  source: TensorSource,
  shape: Hyperparameters,
  { feedForward, experts, expertsNorm, k }: BlockWeights,
  x: Float32Array,
  input: Float32Array,
): Float32Array {
  const { width, family } = shape;
  const read = expertsNorm ? norm(source, shape, input, expertsNorm) : x;
  const both = experts && feedForward ? family.besideExperts.scale : 1;
  const out = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const row = x.subarray(from, from + width);
    const add = (given: Float32Array, weight: number): void => {
      for (let i = 0; i < width; i++) out[from + i]! += both * weight * given[i]!;
    };
    if (experts) {
      const own = read.subarray(from, from + width);
      const routedBy = family.routesByInput ? input.subarray(from, from + width) : own;
      for (const { expert, weight } of chosenOf(source, shape.experts!, experts, routedBy)) {
        const products = experts.each[expert]!;
        if (family.weighsExpertInput)
          add(
            one(
              source,
              shape,
              k,
              products,
              own.map((value) => weight * value),
            ),
            1,
          );
        else add(one(source, shape, k, products, own), weight);
      }
    }
    if (feedForward) {
      const gate = experts?.sharedGate && linear(source, experts.sharedGate, row, 1)[0]!;
      add(one(source, shape, k, feedForward, row), gate === undefined ? 1 : sigmoid(gate));
    }
  }
  return out;
}

function one(
  source: TensorSource,
  shape: Hyperparameters,
  k: number,
  { gate, up, down }: FeedForward,
  x: Float32Array,
): Float32Array {
  const { of, ofUp = (value: number): number => value } = activationOf(shape, k);
  const ups = linear(source, up, x, 1);
  const hidden = gate ? linear(source, gate, x, 1).map((g, i) => of(g) * ofUp(ups[i]!)) : ups.map(of);
  return linear(source, down, hidden, 1);
}

function chosenOf(
  source: TensorSource,
  { used, gating, isNormalised, scale, groups }: Routing,
  { router, selectionBias }: Experts,
  x: Float32Array,
): readonly { readonly expert: number; readonly weight: number }[] {
  const products = [...linear(source, router, x, 1)];
  const scores =
    gating === "softmax" ? softmax(products) : gating === "sigmoid" ? products.map(sigmoid) : products;
  const biases = selectionBias && source.floats(selectionBias);
  const compared = scores.map((score, i) => score + (biases ? biases[i]! : 0));
  const chosen = openTo(compared, groups)
    .sort((a, b) => compared[b]! - compared[a]!)
    .slice(0, used);
  const taken = chosen.map((expert) => scores[expert]!);
  const gated = gating === "softmax-chosen" ? softmax(taken) : taken;
  const sum = Math.max(
    SMALLEST_SUM,
    gated.reduce((total, weight) => total + weight, 0),
  );
  return chosen.map((expert, i) => ({ expert, weight: (scale * gated[i]!) / (isNormalised ? sum : 1) }));
}

/** Experts that may be chosen: all, or those of the groups whose two largest scores sum to most. */
function openTo(scores: readonly number[], groups: ExpertGroups | null): number[] {
  const all = scores.map((_, i) => i);
  if (!groups) return all;
  const each = scores.length / groups.count;
  const groupOf = (expert: number): number => Math.floor(expert / each);
  const sums = Array.from({ length: groups.count }, (_, group) => {
    const [first, second] = scores.filter((_, i) => groupOf(i) === group).sort((a, b) => b - a);
    return first! + second!;
  });
  const open = new Set(
    sums
      .map((_, group) => group)
      .sort((a, b) => sums[b]! - sums[a]!)
      .slice(0, groups.used),
  );
  return all.filter((expert) => open.has(groupOf(expert)));
}

function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const raised = values.map((value) => Math.exp(value - largest));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

/** Of -infinity to infinity, 0 to 1. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
