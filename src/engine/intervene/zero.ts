/** Zero: each chosen state becomes zero (a standard ablation; not in the paper's code). */
import type { Matrix } from "../matrix.ts";

/** Zeros in the shape of the replaced states, `[positions, width]`. */
export function zeroStates({ rows, width }: Matrix): Matrix {
  return { data: new Float32Array(rows * width), rows, width };
}
