/** Finds what the attention sublayer adds to the residual stream in a block, and puts a switch behind it. */
import type { BlockPath } from "./core.ts";
import { dependents, outputsOf } from "./core.ts";
import type { OnnxGraph, OnnxNode } from "../graph.ts";
import { makeNode } from "../normalize.ts";
import { KEEPS_NUMBERS, SUMS } from "../operators.ts";
import { DataType } from "../../runtime/protobuf-writer.ts";
import type { Wiring } from "../wiring.ts";

/** Graph input, bool `[1]`: whether the attention sublayers add anything. */
export const ATTENTION_SWITCH = "state_swap/attends";

/** Where the attention sublayer's result enters the residual stream. */
export interface AttentionContribution {
  /** The sum. */
  readonly join: number;
  /** Its operand that is the sublayer's result, output projection, bias and norm behind it included. */
  readonly value: string;
}

/**
 * The attention sublayer's contribution to a block, or null where none can be told apart. Sequential blocks join it as
 * h + attention, parallel ones also as (attention + mlp) + h, post-norm ones as h + norm(attention).
 */
export function attentionContribution(wiring: Wiring, path: BlockPath): AttentionContribution | null {
  const cores = outputsOf(wiring, path.cores);
  const below = dependents(wiring, path.nodes, cores);
  const stream = linearValues(wiring, path, path.from);
  for (const join of path.nodes) {
    const node = wiring.nodes[join]!;
    if (!SUMS.has(node.opType)) continue;
    const operands = node.inputs.filter((input) => path.values.has(input));
    const attended = operands.filter((input) => below.has(input));
    if (operands.length < 2 || attended.length !== 1) continue;
    const value = attended[0]!;
    // A sum within the sublayer (before its output projection) is not linear up to the block's output.
    const isResidual =
      operands.some((operand) => operand !== value && stream.has(operand)) ||
      linearValues(wiring, path, node.outputs[0]!).has(path.to);
    if (!isResidual) continue;
    const rest = dependents(wiring, path.nodes, cores, (i, read) => i !== join || read !== value);
    return rest.has(path.to) ? null : { join, value };
  }
  return null;
}

/** Values on the path that are `start` plus something: reached through sums, constant factors and changes of form. */
function linearValues(wiring: Wiring, path: BlockPath, start: string): Set<string> {
  return dependents(wiring, path.nodes, [start], (i, value) => {
    const { opType, inputs } = wiring.nodes[i]!;
    if (SUMS.has(opType)) return true;
    if (!isLone(inputs, path)) return false;
    return opType === "Mul" || ((opType === "Div" || KEEPS_NUMBERS.has(opType)) && inputs[0] === value);
  });
}

/** One input alone depends on the block's input: the others are constants. */
function isLone(inputs: readonly string[], path: BlockPath): boolean {
  return inputs.filter((input) => path.values.has(input)).length === 1;
}

/**
 * Puts a switch behind each contribution's sum: on, the sum as the file has it (no bit changes); off, its other
 * operands alone. Chosen instead of a factor of 0 or 1, so that nothing of the sublayer remains, not even its NaN, and
 * no element type need be known.
 */
export function withAttentionSwitch(
  graph: OnnxGraph,
  contributions: readonly AttentionContribution[],
): OnnxGraph {
  const byJoin = new Map(contributions.map((contribution) => [contribution.join, contribution.value]));
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node, i) => {
      const value = byJoin.get(i);
      return value === undefined ? [node] : switched(node, value);
    }),
    inputs: [...graph.inputs, { name: ATTENTION_SWITCH, dataType: DataType.bool, dims: [1] }],
  };
}

function switched(join: OnnxNode, value: string): OnnxNode[] {
  const output = join.outputs[0]!;
  const attended = `${output}/state_swap/attended`;
  const others = join.inputs.filter((input) => input !== value);
  const without = others.length === 1 ? others[0]! : `${output}/state_swap/unattended`;
  return [
    { ...join, outputs: [attended] },
    ...(others.length === 1 ? [] : [makeNode("Sum", others, [without])]),
    // Nodes made while unfusing are named after their output, as this one would be.
    { ...makeNode("Where", [ATTENTION_SWITCH, attended, without], [output]), name: `${attended}/switch` },
  ];
}
