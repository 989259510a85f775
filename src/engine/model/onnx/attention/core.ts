/** The path of the states through one block, and on it the nodes where positions meet: the attention cores. */
import type { Wiring } from "../wiring.ts";
import { fusedAttention, isAttention, isProduct } from "../operators.ts";
import { readsShapeOnly } from "../wiring.ts";

/** Everything between the input and the output of one block. */
export interface BlockPath {
  /** Input of the block. */
  readonly from: string;
  /** Output of the block. */
  readonly to: string;
  /** Nodes through which the input reaches the output, in topological order. */
  readonly nodes: readonly number[];
  /** Values that depend on the input, itself included; shapes are no values. */
  readonly values: ReadonlySet<string>;
  /** Attention cores on the path that depend on no other core, in topological order. */
  readonly cores: readonly number[];
}

/**
 * Paths of all blocks.
 *
 * @param boundaries `[blocks + 1]` inputs of the blocks and the last one's output
 */
export function blockPaths(wiring: Wiring, boundaries: readonly string[]): BlockPath[] {
  return boundaries.slice(1).map((to, k) => blockPath(wiring, boundaries[k]!, to));
}

function blockPath(wiring: Wiring, from: string, to: string): BlockPath {
  const [first, last] = [wiring.producer.get(from)!, wiring.producer.get(to)!];
  const between = Array.from({ length: last - first }, (_, i) => first + 1 + i);
  const values = dependents(wiring, between, [from]);
  const needed = new Set([to]);
  const nodes: number[] = [];
  for (const i of between.reverse()) {
    const node = wiring.nodes[i]!;
    const isOnPath = node.outputs.some((output) => needed.has(output) && values.has(output));
    if (!isOnPath) continue;
    nodes.unshift(i);
    for (const value of wiring.reads[i]!) needed.add(value);
  }
  return { from, to, nodes, values, cores: coresOf(wiring, nodes, values) };
}

/**
 * Values that depend on `seeds` (which are among them) through the given nodes.
 *
 * @param nodes in topological order
 * @param follows whether a node's reading of a value counts
 */
export function dependents(
  wiring: Wiring,
  nodes: readonly number[],
  seeds: readonly string[],
  follows: (node: number, value: string) => boolean = () => true,
): Set<string> {
  const values = new Set(seeds);
  for (const i of nodes) {
    const node = wiring.nodes[i]!;
    if (readsShapeOnly(node)) continue;
    const depends = wiring.reads[i]!.some((value) => values.has(value) && follows(i, value));
    if (depends) for (const output of node.outputs) if (output) values.add(output);
  }
  return values;
}

function coresOf(wiring: Wiring, nodes: readonly number[], values: ReadonlySet<string>): number[] {
  const scores = dependents(wiring, nodes, productsOfStates(wiring, nodes, values));
  const cores: number[] = [];
  let below = new Set<string>();
  for (const i of nodes) {
    const node = wiring.nodes[i]!;
    const fused = fusedAttention(node);
    const asked = node.inputs[fused?.query ?? 0]!;
    if (!isAttention(node) || below.has(asked)) continue;
    // A softmax over products with weights alone is a router of experts, which may stand beside attention.
    if (fused === null && !scores.has(asked)) continue;
    cores.push(i);
    below = dependents(wiring, nodes, outputsOf(wiring, cores));
  }
  return cores;
}

/** Outputs of nodes. */
export function outputsOf(wiring: Wiring, nodes: readonly number[]): string[] {
  return nodes.flatMap((i) => wiring.nodes[i]!.outputs.filter((output) => output !== ""));
}

/** Products whose both sides depend on the block's input, as queries with keys: weights are on no side. */
function productsOfStates(wiring: Wiring, nodes: readonly number[], values: ReadonlySet<string>): string[] {
  const products = nodes.filter((i) => {
    const node = wiring.nodes[i]!;
    return isProduct(node) && node.inputs.filter((input) => values.has(input)).length >= 2;
  });
  return outputsOf(wiring, products);
}
