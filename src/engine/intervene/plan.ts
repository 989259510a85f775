/** From an experiment's condition to patched rows: the only place that knows all interventions. */
import type { Condition } from "../../shared/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment.ts";
import type { Matrix } from "../../shared/matrix.ts";
import type { CleanRun } from "../pass/clean-run.ts";
import type { PatchedRow } from "../pass/staircase.ts";
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
  readonly clean: CleanRun;
  /** For a swap; null otherwise. */
  readonly source: CleanRun | null;
}

/** What is put in, given what it replaces; both `[positions, width]`. */
type StatesAtK = (k: number, replaced: Matrix, seed: number) => Matrix;

/** The patched rows of a condition over a range of k, ordered by k, then seed. */
export function planRows(condition: Condition, layers: LayerRange, runs: PlanRuns): PatchedRow[] {
  const { clean, source } = runs;
  switch (condition.kind) {
    case "swap": {
      if (!source) throw new SwapError("bad-condition", "A swap needs a source prompt.");
      const { pairs, sourceLayer } = condition;
      const positions = pairs.map((pair) => pair.target);
      return rows(condition, layers, positions, (k) => swapStates(pairs, source, sourceLayer ?? k));
    }
    case "random":
      return rows(condition, layers, condition.positions, (k, replaced, seed) =>
        randomStates(replaced, condition.positions, k, seed),
      );
    case "shuffle":
      return rows(condition, layers, condition.positions, (k, replaced, seed) =>
        shuffledStates(replaced, condition.positions, k, seed),
      );
    case "zero":
      return rows(condition, layers, condition.positions, (_, replaced) => zeroStates(replaced));
    case "mean": {
      const { over, positions } = condition;
      return rows(condition, layers, positions, (k) => meanStates(clean, over, k, positions.length));
    }
    case "identity":
      return rows(condition, layers, condition.positions, (_, replaced) => replaced);
    case "freeze":
      return rows(condition, layers, condition.positions, (k) =>
        frozenStates(clean, condition.positions, k),
      ).map((row) => ({ ...row, holds: true }));
    case "skip-attention":
      return rows(condition, layers, [], (_, replaced) => replaced).map((row) => ({
        ...row,
        skipsAttention: true,
      }));
    case "vectors":
      return condition.entries
        .filter((entry) => entry.k >= layers.from && entry.k <= layers.to)
        .sort((a, b) => a.k - b.k)
        .flatMap((entry) =>
          rows(condition, { from: entry.k, to: entry.k }, entry.positions, () =>
            givenStates(entry, clean.width),
          ),
        );
  }
}

function rows(
  condition: Condition,
  layers: LayerRange,
  positions: readonly number[],
  statesAt: StatesAtK,
): PatchedRow[] {
  const seeds = "seeds" in condition ? condition.seeds : [null];
  const strength = "strength" in condition ? condition.strength : 1;
  const ks = Array.from({ length: layers.to - layers.from + 1 }, (_, i) => layers.from + i);
  return ks.flatMap((k) =>
    seeds.map((seed): PatchedRow => ({
      k,
      seed,
      positions,
      vectors: (replaced) => interpolatedStates(replaced, statesAt(k, replaced, seed ?? 0), strength),
      holds: false,
      skipsAttention: false,
    })),
  );
}
