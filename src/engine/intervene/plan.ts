/** From an experiment's condition to patched rows: the only place that knows all interventions. */
import type { Condition, LayerRange } from "../../shared/experiment.ts";
import { SwapError } from "../../shared/errors.ts";
import type { CleanRun } from "../pass/clean-run.ts";
import type { PatchedRow } from "../pass/staircase.ts";
import { swapStates } from "./swap.ts";
import { givenStates } from "./vectors.ts";

/**
 * The patched rows of a condition over a range of k, ordered by k.
 *
 * @param source the source run, for conditions that read one
 * @param width of the model's hidden states
 */
export function planRows(
  condition: Condition,
  layers: LayerRange,
  source: CleanRun | null,
  width: number,
): PatchedRow[] {
  switch (condition.kind) {
    case "swap": {
      if (!source) throw new SwapError("bad-condition", "A swap needs a source prompt.");
      const positions = condition.pairs.map((pair) => pair.target);
      return eachK(layers, (k) => ({
        k,
        positions,
        vectors: () => swapStates(condition.pairs, source, k),
      }));
    }
    case "identity":
      return eachK(layers, (k) => ({
        k,
        positions: condition.positions,
        vectors: (replaced) => replaced,
      }));
    case "vectors":
      return condition.entries
        .filter((entry) => entry.k >= layers.from && entry.k <= layers.to)
        .map((entry) => ({
          k: entry.k,
          positions: entry.positions,
          vectors: () => givenStates(entry, width),
        }))
        .sort((a, b) => a.k - b.k);
  }
}

function eachK(layers: LayerRange, row: (k: number) => PatchedRow): PatchedRow[] {
  return Array.from({ length: layers.to - layers.from + 1 }, (_, i) => row(layers.from + i));
}
