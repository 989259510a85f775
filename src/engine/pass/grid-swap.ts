/** The swaps of a grid, for its run and its plan. */
import type { Swap } from "../../shared/condition/kinds/swap.ts";
import type { GridExperiment } from "../../shared/experiment/experiment.ts";

/** A grid's swap at some positions. */
export function gridSwap(
  { sourcePositions, sourceLayer, strength }: GridExperiment,
  positions: readonly number[],
): Swap {
  const pairs = positions.map((position) => ({ target: position, source: sourcePositions }));
  return { kind: "swap", align: null, pairs, sourceLayer, strength };
}

/** Whether the source's answer is found by a swap at the smallest k. */
export function namesSource({ answers, targetPositions }: GridExperiment): boolean {
  return answers.source === null && targetPositions.length > 0;
}
