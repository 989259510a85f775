/** A grid beside the sweep of its prompt: which of its rows the sweep has run too. */
import { rowOfSweep } from "../../shared/protocol/panel-result.ts";
import type { MadeGrid } from "../../shared/protocol/panel-result.ts";
import type { GridRun, Intervention } from "./records.ts";

/** A grid with what it was made from, as the panel asks for it. */
export function madeGrid(run: GridRun): MadeGrid {
  const { sourceLayer, strength } = run.setup.choice;
  return { ...run, sourceLayer, strength, targetPositions: run.request?.targetPositions ?? [] };
}

/** The token whose row of the grid is the sweep; null where the sweep is of something else. */
export function sweepRowOf({ sweep }: Pick<Intervention, "sweep">, grid: GridRun): number | null {
  const inputs = sweep?.inputs;
  const isSame =
    String(inputs?.target.tokenization.ids) === String(grid.target.tokenization.ids) &&
    String(inputs?.source?.read.tokenization.ids) === String(grid.source.read.tokenization.ids);
  return inputs && isSame ? rowOfSweep(madeGrid(grid), inputs.condition) : null;
}
