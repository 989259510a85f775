/** Which runs of a prompt are drawn beside the shown one, and which of them it is compared with. */
import type { PanelRun } from "../../src/shared/protocol/panel-runs.ts";
import { isComparable } from "../../src/shared/words/run-comparison.ts";
import type { OtherRun } from "../figures/other-lines.tsx";

/** Runs whose curves can be laid behind that of the shown one. */
export function othersOf(runs: readonly PanelRun[], compared: number | null): OtherRun[] {
  const shown = runs.find(({ isShown }) => isShown);
  return runs
    .filter((run) => shown && run !== shown && isComparable(run, shown))
    .map((run) => ({ ...run, isCompared: run.run === compared }));
}

/**
 * Number of the run that is compared with the shown one.
 *
 * @param chosen null: none; undefined: by default, the newest whole one that can be
 */
export function comparedOf(runs: readonly PanelRun[], chosen: number | null | undefined): number | null {
  if (chosen !== undefined) return chosen;
  const shown = runs.find(({ isShown }) => isShown);
  const other = runs.find(
    (run) =>
      shown &&
      run !== shown &&
      run.state === "complete" &&
      run.standing.kind === "fresh" &&
      isComparable(run, shown),
  );
  return other?.run ?? null;
}
