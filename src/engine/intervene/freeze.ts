/** Freeze: the chosen states stay the unpatched inputs of block k - 1 in all blocks from k on (docs/conditions/freeze.md). */
import type { Matrix } from "../matrix.ts";
import type { UnpatchedRun } from "../states.ts";
import { statesAt } from "../states.ts";

/**
 * What is put at the inputs of blocks k, k + 1, …: h[k - 1] at the positions, not h[k].
 *
 * @param k at least 1
 * @returns `[positions, width]`
 */
export function frozenStates(unpatched: UnpatchedRun, positions: readonly number[], k: number): Matrix {
  return statesAt(unpatched, k - 1, positions);
}
