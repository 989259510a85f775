/** Finds where a block's attention weights can be read, and asks fused attention operators for them. */
import type { Matrix } from "../../../matrix.ts";
import type { BlockPath } from "./core.ts";
import { makeNode } from "../normalize.ts";
import { fusedAttention } from "../operators.ts";
import type { Wiring } from "../wiring.ts";

/** A graph in which a block's attention weights are a value. */
export interface AttentionReading {
  readonly wiring: Wiring;
  /** `[batch, heads, positions, positions]`, or the same numbers with other leading axes. */
  readonly value: string;
  /** The value holds scores before the softmax, masked positions far below all others. */
  readonly isScores: boolean;
  /** Element type of the value, where onnxruntime cannot infer it. */
  readonly type?: number;
}

const WEIGHTS = "state_swap/attention_weights";

/** Where the weights of a block are, or why they are nowhere. */
export function attentionReading(wiring: Wiring, path: BlockPath): AttentionReading | string {
  if (path.cores.length !== 1) return `it has ${path.cores.length || "no"} attention cores`;
  const core = path.cores[0]!;
  const node = wiring.nodes[core]!;
  if (node.opType === "Softmax") {
    return { wiring, value: afterSlices(wiring, path, node.outputs[0]!), isScores: false };
  }
  const form = fusedAttention(node)?.weights;
  if (!form) return `the operator ${node.opType} (${node.domain || "ai.onnx"}) does not hand them out`;
  const asking = {
    ...node,
    outputs: Array.from({ length: form.output }, (_, i) => node.outputs[i] ?? "").concat(WEIGHTS),
    attributes: new Map([...node.attributes, ...makeNode("", [], [], form.attributes).attributes]),
  };
  return {
    wiring: {
      ...wiring,
      nodes: wiring.nodes.map((other, i) => (i === core ? asking : other)),
      producer: new Map([...wiring.producer, [WEIGHTS, core]]),
    },
    value: WEIGHTS,
    isScores: form.isScores,
    ...(form.type === undefined ? {} : { type: form.type }),
  };
}

/** Steps between a softmax and the product with the values that leave the axes of positions as they are. */
const KEEPS_AXES = new Set(["Cast", "Identity", "Dropout", "Where", "Reshape"]);

/** A softmax over the scores and an attention sink is sliced behind: the weights are the last slice, else the softmax. */
function afterSlices(wiring: Wiring, path: BlockPath, softmax: string): string {
  let [value, weights] = [softmax, softmax];
  for (;;) {
    const readers = path.nodes
      .map((i) => wiring.nodes[i]!)
      .filter((node) => node.inputs.includes(value) && node.opType !== "IsNaN");
    const next = readers.length === 1 ? readers[0]! : null;
    if (next === null || (next.opType !== "Slice" && !KEEPS_AXES.has(next.opType))) return weights;
    value = next.outputs[0]!;
    if (next.opType === "Slice") weights = value;
  }
}

/**
 * Weights of the last query.
 *
 * @param data as `AttentionReading.value`, batch 1
 * @param dims its shape; the last two axes are queries and keys
 * @param positions of the prompt
 * @returns `[heads, positions]`
 * @throws Error when these are no weights: a graph that the analysis misread
 */
export function weightsOfLast(
  data: Float32Array,
  dims: readonly number[],
  positions: number,
  isScores: boolean,
): Matrix {
  if (dims.length < 3 || dims.at(-1) !== positions || dims.at(-2) !== positions)
    throw new Error(`attention weights have the shape ${dims.join(", ")} for ${positions} positions`);
  const heads = data.length / (positions * positions);
  const weights = new Float32Array(heads * positions);
  for (let head = 0; head < heads; head++) {
    const start = ((head + 1) * positions - 1) * positions;
    const row = data.subarray(start, start + positions);
    const ofHead = isScores ? softmax(row) : row;
    const sum = ofHead.reduce((a, b) => a + b, 0);
    // Less where a sink takes the rest; fp16 graphs round their weights.
    if (!(sum > 0 && sum < 1.01)) throw new Error(`the attention weights of head ${head} sum to ${sum}`);
    weights.set(ofHead, head * positions);
  }
  return { data: weights, rows: heads, width: positions };
}

function softmax(scores: Float32Array): Float32Array {
  const max = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = scores.map((score) => Math.exp(score - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}
