/** Attention with linear biases (ALiBi, Press et al. 2022): what each head takes off a score for each position of distance. */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { StageGraph } from "./stage-graph.ts";

/**
 * Slope of each head, as llama.cpp has it: `2^(-bias (h + 1) / n)` for the first n heads, n the largest power of two among
 * them, and those between for the rest.
 */
export function alibiSlopes(heads: number, maxBias: number): Float32Array {
  const power = 2 ** Math.floor(Math.log2(heads));
  return Float32Array.from({ length: heads }, (_, head) =>
    head < power
      ? 2 ** ((-maxBias * (head + 1)) / power)
      : 2 ** ((-maxBias * (2 * (head - power) + 1)) / (2 * power)),
  );
}

/**
 * Adds the biases to a mask.
 *
 * @param mask `[Q, S]`
 * @param asking int64 `[Q]`, positions of the queries
 * @returns `[1, heads, Q, S]`
 */
export function addAlibi(
  graph: StageGraph,
  heads: number,
  maxBias: number,
  mask: string,
  asking: string,
): string {
  const slopes = graph.constant("slopes", alibiSlopes(heads, maxBias), [1, heads, 1, 1]);
  const [zero, one] = [0, 1].map((value) => graph.node("Squeeze", [graph.integers([value])]));
  const keys = graph.node("Shape", [mask], { start: 1, end: 2 });
  const all = graph.node("Range", [zero!, graph.node("Squeeze", [keys]), one!]);
  const column = graph.node("Unsqueeze", [asking, graph.integers([1])]);
  const distances = graph.node("Cast", [graph.node("Sub", [all, column])], { to: DataType.float });
  return graph.node("Add", [graph.node("Mul", [distances, slopes]), mask]);
}
