/** The run of one cell of a grid: its whole row, of which the grid keeps only the answers. */
import * as l10n from "@vscode/l10n";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { Condition } from "../../shared/condition/condition.ts";
import type { GridRun, Intervention } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { TOP } from "./run-sweep.ts";

/** Runs the held cell of an intervention's grid, with the grid's own prompts, state and answers; nothing without both. */
export async function runCell(context: RunContext, { id, grid, cell }: Intervention): Promise<void> {
  const { store, supervisor, signal } = context;
  if (!grid?.answers || !cell) return;
  context.progress(l10n.t("Cell at token {0}, k = {1}", cell.position, cell.k), 0, 0);
  await supervisor.open();
  const { rows } = await supervisor.request(
    "sweep",
    {
      target: promptOf(grid.target.tokenization),
      source: promptOf(grid.source.read.tokenization),
      condition: swapAt(cell.position, grid),
      layers: { from: cell.k, to: cell.k },
      answers: { ...grid.answers, scoring: "next-token", tokens: 1 },
      top: TOP,
      lens: false,
    },
    { signal },
  );
  const [row] = rows;
  if (row) store.updateGrid(id, grid.run, () => ({ held: { position: cell.position, row } }));
}

/** The grid's swap at one token, as a condition by itself. */
function swapAt(target: number, { sourcePositions, setup }: GridRun): Condition {
  const { sourceLayer, strength } = setup.choice;
  const align = sourcePositions.length > 1 ? "mean" : null;
  return { kind: "swap", align, pairs: [{ target, source: [...sourcePositions] }], sourceLayer, strength };
}
