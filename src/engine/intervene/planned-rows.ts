/** From an experiment's condition to patched rows: the only place that knows all interventions. */
import type { Condition, ConditionKind } from "../../shared/condition/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import { entriesIn, rowShapes } from "../../shared/experiment/row-shape.ts";
import type { Matrix } from "../matrix.ts";
import type { UnpatchedRun } from "../states.ts";
import { angleStates } from "./angle.ts";
import { frozenStates } from "./freeze.ts";
import { meanStates } from "./mean.ts";
import type { PatchedRow } from "./patched-row.ts";
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

/** What the states of one row are made from. */
interface RowParts<C> extends PlanRuns, Pick<RowShape, "k" | "positions"> {
  readonly condition: C;
  /** 0 for conditions without seeds. */
  readonly seed: number;
  readonly layers: LayerRange;
  /** The row's place among the condition's rows over `layers`. */
  readonly index: number;
  /** The states to be replaced, `[positions, width]`. */
  readonly replaced: Matrix;
}

interface Numbers<C> {
  putIn(parts: RowParts<C>): Matrix;
}

/** The states that each condition puts in, `[positions, width]`; those of skip attention are never looked at. */
const NUMBERS: { readonly [K in ConditionKind]: Numbers<Extract<Condition, { kind: K }>>["putIn"] } = {
  swap({ condition, source, k }) {
    if (!source) throw new SwapError("bad-condition", "A swap needs a source prompt.");
    return swapStates(condition.pairs, source, condition.sourceLayer ?? k);
  },
  random: ({ replaced, positions, k, seed }) => randomStates(replaced, positions, k, seed),
  angle: ({ replaced, positions, k, seed, condition }) =>
    angleStates(replaced, positions, k, seed, condition.angle),
  shuffle: ({ replaced, positions, k, seed }) => shuffledStates(replaced, positions, k, seed),
  freeze: ({ unpatched, positions, k }) => frozenStates(unpatched, positions, k),
  "skip-attention": ({ replaced }) => replaced,
  zero: ({ replaced }) => zeroStates(replaced),
  mean: ({ unpatched, condition, positions, k }) =>
    meanStates(unpatched, condition.over, k, positions.length),
  identity: ({ replaced }) => replaced,
  vectors: ({ condition, layers, index, unpatched }) =>
    givenStates(entriesIn(condition, layers)[index]!, unpatched.width),
};

/** The patched rows of a condition over a range of k, ordered by k, then seed. */
export function planRows(condition: Condition, layers: LayerRange, runs: PlanRuns): PatchedRow[] {
  const strength = "strength" in condition ? condition.strength : 1;
  const putIn: Numbers<Condition>["putIn"] = NUMBERS[condition.kind];
  return rowShapes(condition, layers).map((shape, index) => ({
    ...shape,
    vectors(replaced) {
      const { k, positions, seed } = shape;
      const states = putIn({ ...runs, condition, k, positions, seed: seed ?? 0, layers, index, replaced });
      return interpolatedStates(replaced, states, strength);
    },
  }));
}
