/** Swap: the source run's states, put over the target's (paper.md 1.2, `information_injection`). */
import type { SwapPair } from "../../shared/experiment.ts";
import type { Matrix } from "../../shared/matrix.ts";
import type { CleanRun } from "../pass/clean-run.ts";
import { stateAt } from "../pass/clean-run.ts";

/**
 * The states that a swap puts at the input of block k: for each pair the mean of the source run's inputs of the same
 * block at the pair's source positions (with one position: that state itself).
 *
 * @param k 0-based block whose input is replaced
 * @returns `[pairs, width]`
 */
export function swapStates(pairs: readonly SwapPair[], source: CleanRun, k: number): Matrix {
  const { width } = source;
  const data = new Float32Array(pairs.length * width);
  pairs.forEach((pair, i) => {
    data.set(meanState(source, k, pair.source), i * width);
  });
  return { data, rows: pairs.length, width };
}

/** Mean of a run's inputs of block k over some positions, `[width]`; summed in double precision. */
export function meanState(run: CleanRun, k: number, positions: readonly number[]): Float32Array {
  if (positions.length === 1) return stateAt(run, k, positions[0]!);
  const sum = new Float64Array(run.width);
  for (const position of positions) stateAt(run, k, position).forEach((value, i) => (sum[i]! += value));
  return Float32Array.from(sum, (value) => value / positions.length);
}
