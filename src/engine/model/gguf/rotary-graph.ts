/** Rotary positions in a stage's graph. */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { StageGraph } from "./stage-graph.ts";

/** Values that a rotation reads: position of the first state, and the tables. */
export interface RotaryInputs {
  readonly offset: string;
  readonly cos: string;
  readonly sin: string;
}

/**
 * Adds the inputs `offset [1]` int64, position of the first state, and `cos` and `sin` `[C, ropeWidth / 2]`, of positions from
 * 0 up to at least the last state's.
 */
export function addRotaryInputs(graph: StageGraph, { ropeWidth }: Hyperparameters): RotaryInputs {
  return {
    offset: graph.input("offset", [1], DataType.int64),
    cos: graph.input("cos", ["C", ropeWidth / 2]),
    sin: graph.input("sin", ["C", ropeWidth / 2]),
  };
}

/** Turns the leading `ropeWidth` of each of `count` heads of `headWidth`, `[B, T, count * headWidth]`. */
export function addRotary(
  graph: StageGraph,
  { family, ropeWidth }: Hyperparameters,
  value: string,
  count: number,
  headWidth: number,
  { offset, cos, sin }: RotaryInputs,
): string {
  return graph.node(
    "RotaryEmbedding",
    [value, offset, cos, sin],
    {
      num_heads: count,
      interleaved: family.ropePairing === "interleaved" ? 1 : 0,
      ...(ropeWidth < headWidth ? { rotary_embedding_dim: ropeWidth } : {}),
    },
    "com.microsoft",
  );
}
