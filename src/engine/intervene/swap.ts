/** Swap: the source run's states, put over the target's (docs/conditions/swap.md). */
import type { SwapPair } from "../../shared/condition/parts.ts";
import type { Matrix } from "../matrix.ts";
import type { UnpatchedRun } from "../states.ts";
import { meanState } from "../states.ts";

/**
 * The states that a swap puts in: for each pair the mean of the source run's inputs of one block at the pair's source
 * positions (with one position: that state itself).
 *
 * @param layer 0-based block of the source run whose input is taken; the paper's is k
 * @returns `[pairs, width]`
 */
export function swapStates(pairs: readonly SwapPair[], source: UnpatchedRun, layer: number): Matrix {
  const { width } = source;
  const data = new Float32Array(pairs.length * width);
  pairs.forEach((pair, i) => {
    data.set(meanState(source, layer, pair.source), i * width);
  });
  return { data, rows: pairs.length, width };
}
