/** The rows of a condition: one patched run for each k and seed, told apart from the states that they put in. */
import type { Condition } from "../condition/condition.ts";
import { descriptorOf } from "../condition/condition.ts";
import type { Vectors } from "../condition/kinds/vectors.ts";
import type { VectorsEntry } from "../condition/parts.ts";
import type { LayerRange } from "./experiment.ts";

/** One patched run of the prompt, without the states that it puts in. */
export interface RowShape {
  /** 0-based block whose input is replaced; `blocks` replaces the output of the last block. */
  readonly k: number;
  /** The seed that made it; null for conditions without. */
  readonly seed: number | null;
  /** Replaced positions, 0-based, ascending; empty for skip attention. */
  readonly positions: readonly number[];
  /** Puts the same states in again at the inputs of all later blocks (freeze). */
  readonly holds: boolean;
  /** Runs blocks from k on without their attention sublayer. All rows of a batch or none. */
  readonly skipsAttention: boolean;
}

/** The rows of a condition over a range of k, ordered by k, then seed. */
export function rowShapes(condition: Condition, layers: LayerRange): RowShape[] {
  if ("entries" in condition) {
    return entriesIn(condition, layers).map(({ k, positions }) => shapeOf(condition, k, null, positions));
  }
  const positions = descriptorOf(condition.kind).replaced(condition);
  const seeds = "seeds" in condition ? condition.seeds : [null];
  const ks = Array.from({ length: layers.to - layers.from + 1 }, (_, i) => layers.from + i);
  return ks.flatMap((k) => seeds.map((seed) => shapeOf(condition, k, seed, positions)));
}

function shapeOf(
  { kind }: Condition,
  k: number,
  seed: number | null,
  positions: readonly number[],
): RowShape {
  const { acts } = descriptorOf(kind);
  return { k, seed, positions, holds: acts === "held", skipsAttention: acts === "skips-attention" };
}

/** Entries of given vectors in a range of k, ascending. */
export function entriesIn({ entries }: Vectors, { from, to }: LayerRange): VectorsEntry[] {
  return entries.filter(({ k }) => from <= k && k <= to).sort((a, b) => a.k - b.k);
}
