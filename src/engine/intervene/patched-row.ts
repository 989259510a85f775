/** A patched row as a condition makes it and a pass runs it. */
import type { Matrix } from "../matrix.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";

/** One patched run of the prompt. */
export interface PatchedRow extends RowShape {
  /**
   * The states to put in, given the ones they replace.
   *
   * @param replaced `[positions, width]`, the unpatched states at `positions`
   * @returns `[positions, width]`
   */
  readonly vectors: (replaced: Matrix) => Matrix;
}
