/** Mean: each chosen state becomes the mean of the prompt's own states (a standard ablation; not in the paper's code). */
import type { Matrix } from "../matrix.ts";
import type { UnpatchedRun } from "../states.ts";
import { meanState } from "../states.ts";

/**
 * The mean of the unpatched inputs of block k over the positions `over`, once for each replaced position.
 *
 * @param count number of replaced positions
 * @returns `[count, width]`
 */
export function meanStates(
  unpatched: UnpatchedRun,
  over: readonly number[],
  k: number,
  count: number,
): Matrix {
  const { width } = unpatched;
  const mean = meanState(unpatched, k, over);
  const data = new Float32Array(count * width);
  for (let i = 0; i < count; i++) data.set(mean, i * width);
  return { data, rows: count, width };
}
