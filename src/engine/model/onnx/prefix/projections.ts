/**
 * Shares a position prefix in graphs whose own cache is of no use: finds the projections that attention reads and the
 * value behind attention, between which a block must run at all positions.
 */
import type { BlockPath } from "../attention/core.ts";
import { dependents, outputsOf } from "../attention/core.ts";
import type { OnnxNode } from "../graph.ts";
import { fusedAttention, isProduct } from "../operators.ts";
import type { LiftPoints } from "./lift.ts";
import { liftedKeyValue, liftedStage } from "./lift.ts";
import type { SharedBlock } from "./past.ts";
import type { StageCut } from "../stage.ts";
import type { Wiring } from "../wiring.ts";

/** A block that runs at all positions from its projections to its attention's output, or why it cannot. */
export function sharedByProjections(
  wiring: Wiring,
  path: BlockPath,
  cut: StageCut,
  form: "own-queries" | "all-queries",
): SharedBlock | string {
  const points = liftPoints(wiring, path);
  if (typeof points === "string") return points;
  const block = liftedStage(wiring, path, cut, points, form === "own-queries");
  if (typeof block === "string") return block;
  return { block, keyValue: () => liftedKeyValue(wiring, path, cut, points) };
}

/** Finds the lift points of a block, or says why it has none. */
function liftPoints(wiring: Wiring, path: BlockPath): LiftPoints | string {
  if (path.cores.length === 0) return "no attention core was found";
  const end = attentionEnd(wiring, path);
  if (end === null) return "no projection follows attention";
  const projections = projectionsBefore(wiring, path, end);
  if (typeof projections === "string") return projections;
  const lifts = projections.filter(
    (value) =>
      !projections.some((other) => other !== value && dependents(wiring, path.nodes, [other]).has(value)),
  );
  if (bypasses(wiring, path, lifts, end)) return "attention reads the residual stream without a projection";
  const between = nodesBetween(wiring, path, lifts, end);
  const kept = lifts.filter((value) => isKept(wiring, path, between, value));
  if (kept.length < 1 || kept.length > 2)
    return `keys and values come from ${kept.length || "no"} projections, not from one or two`;
  const meetings = between.filter((i) => mixes(wiring, path, i));
  return {
    kept,
    asking: lifts.filter((value) => !kept.includes(value)),
    end,
    between: new Set(between),
    meetings: new Set(meetings),
    mixed: dependents(wiring, between, outputsOf(wiring, meetings)),
  };
}

/** A product of states with weights. */
function isProjection(node: OnnxNode, path: BlockPath): boolean {
  return (
    (isProduct(node) || node.opType.includes("Gemm")) &&
    node.inputs.filter((input) => path.values.has(input)).length === 1
  );
}

/** Input of the output projection, before it is flattened for a Gemm. */
function attentionEnd(wiring: Wiring, path: BlockPath): string | null {
  const below = dependents(wiring, path.nodes, outputsOf(wiring, path.cores));
  for (const i of path.nodes) {
    const node = wiring.nodes[i]!;
    const input = node.inputs.find((value) => below.has(value));
    if (input === undefined || !isProjection(node, path)) continue;
    if (!node.opType.includes("Gemm")) return input;
    const flattening = wiring.nodes[wiring.producer.get(input)!]!;
    return /Reshape|Flatten/.test(flattening.opType) ? flattening.inputs[0]! : null;
  }
  return null;
}

/** Outputs of the projections that reach `end` through no other projection, in topological order. */
function projectionsBefore(wiring: Wiring, path: BlockPath, end: string): string[] | string {
  const found = new Set<number>();
  const seen = new Set<number>();
  const open = [end];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const i = wiring.producer.get(value);
    if (i === undefined || !path.values.has(value) || seen.has(i)) continue;
    if (value === path.from) return "attention reads the residual stream without a projection";
    seen.add(i);
    if (isProjection(wiring.nodes[i]!, path)) found.add(i);
    else open.push(...wiring.reads[i]!);
  }
  const outputs: string[] = [];
  for (const i of [...found].sort((a, b) => a - b)) {
    const node = wiring.nodes[i]!;
    const unflattened = node.opType.includes("Gemm") ? unflattenedOf(wiring, node) : node.outputs[0]!;
    if (unflattened === null) return `the projection ${node.name} is not turned back into rows and positions`;
    outputs.push(unflattened);
  }
  return outputs;
}

/** A Gemm's result in its Reshape back to `[rows, positions, width]`. */
function unflattenedOf(wiring: Wiring, node: OnnxNode): string | null {
  const readers = wiring.nodes.filter((reader) => reader.inputs.includes(node.outputs[0]!));
  return readers.length === 1 && readers[0]!.opType === "Reshape" ? readers[0]!.outputs[0]! : null;
}

/** Whether the path up to `end` reads the residual stream beside the lifts. */
function bypasses(wiring: Wiring, path: BlockPath, lifts: readonly string[], end: string): boolean {
  const seen = new Set<string>();
  const open = [end];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === path.from) return true;
    const i = wiring.producer.get(value);
    if (i === undefined || lifts.includes(value) || !path.values.has(value) || seen.has(value)) continue;
    seen.add(value);
    open.push(...wiring.reads[i]!);
  }
  return false;
}

/** Nodes of the block that depend on the lifts, but not through `end`; dead ends, of which shapes are read, too. */
function nodesBetween(wiring: Wiring, path: BlockPath, lifts: readonly string[], end: string): number[] {
  const first = wiring.producer.get(path.from)! + 1;
  const nodes = Array.from({ length: wiring.producer.get(path.to)! - first }, (_, i) => first + i);
  const values = dependents(wiring, nodes, lifts, (_, value) => value !== end);
  return nodes.filter((i) => {
    const { outputs } = wiring.nodes[i]!;
    return outputs.some((output) => values.has(output) && !lifts.includes(output));
  });
}

/** Whether states of several positions meet in a node: a fused attention, or a product of states with states. */
function mixes(wiring: Wiring, path: BlockPath, i: number): boolean {
  const node = wiring.nodes[i]!;
  if (path.cores.includes(i)) return true;
  return isProduct(node) && node.inputs.filter((input) => path.values.has(input)).length >= 2;
}

/** Whether other positions see it: it enters a node where positions meet otherwise than as its query, or first operand. */
function isKept(wiring: Wiring, path: BlockPath, between: readonly number[], lift: string): boolean {
  const meets = (i: number): boolean => mixes(wiring, path, i);
  const values = dependents(wiring, between, [lift], (i) => !meets(i));
  return between.filter(meets).some((i) => {
    const node = wiring.nodes[i]!;
    const { query, key } = fusedAttention(node) ?? { query: 0, key: null };
    const isPacked = key !== null && !node.inputs[key];
    return node.inputs.some((input, at) => values.has(input) && (at !== query || isPacked));
  });
}
