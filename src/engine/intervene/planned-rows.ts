/** From an experiment's condition to patched rows: the only place that knows all interventions. */
import type { Condition, VectorsEntry } from "../../shared/condition/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { Matrix } from "../matrix.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import { entriesIn, rowShapes } from "../../shared/experiment/row-shape.ts";
import type { UnpatchedRun } from "../states.ts";
import type { PatchedRow } from "./patched-row.ts";
import { frozenStates } from "./freeze.ts";
import { meanStates } from "./mean.ts";
import { randomStates } from "./random.ts";
import { shuffledStates } from "./shuffle.ts";
import { interpolatedStates } from "./strength.ts";
import { swapStates } from "./swap.ts";
import { givenStates } from "./vectors.ts";
import { zeroStates } from "./zero.ts";

/** Unpatched runs that conditions read. */
export interface PlanRuns {
  readonly unpatched: UnpatchedRun;
  /** For a swap; null otherwise. */
  readonly source: UnpatchedRun | null;
}

/** The patched rows of a condition over a range of k, ordered by k, then seed. */
export function planRows(condition: Condition, layers: LayerRange, runs: PlanRuns): PatchedRow[] {
  const strength = "strength" in condition ? condition.strength : 1;
  const entries = condition.kind === "vectors" ? entriesIn(condition, layers) : [];
  return rowShapes(condition, layers).map((shape, i) => ({
    ...shape,
    vectors: (replaced) =>
      interpolatedStates(replaced, putInStates(condition, shape, entries[i], replaced, runs), strength),
  }));
}

/** What is put in, given what it replaces; both `[positions, width]`. */
function putInStates(
  condition: Condition,
  { k, seed, positions }: RowShape,
  entry: VectorsEntry | undefined,
  replaced: Matrix,
  { unpatched, source }: PlanRuns,
): Matrix {
  switch (condition.kind) {
    case "swap":
      if (!source) throw new SwapError("bad-condition", "A swap needs a source prompt.");
      return swapStates(condition.pairs, source, condition.sourceLayer ?? k);
    case "random":
      return randomStates(replaced, positions, k, seed!);
    case "shuffle":
      return shuffledStates(replaced, positions, k, seed!);
    case "zero":
      return zeroStates(replaced);
    case "mean":
      return meanStates(unpatched, condition.over, k, positions.length);
    case "freeze":
      return frozenStates(unpatched, positions, k);
    case "vectors":
      return givenStates(entry!, unpatched.width);
    case "identity":
    case "skip-attention":
      return replaced;
  }
}
