/** Where keys move the heatmap's cursor. Pure. */
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";

const PAGE_ROWS = 10;

/** The cell of a map that is nearest to a place. */
export function clampCell(cell: CellRef, rows: number, layers: LayerRange): CellRef {
  return {
    position: Math.max(0, Math.min(rows - 1, cell.position)),
    k: Math.max(layers.from, Math.min(layers.to, cell.k)),
  };
}

/**
 * The cell after a key: arrows by one, Page by ten tokens, Home and End to the first and last k, with Ctrl to the first
 * and last cell. Null for other keys.
 */
export function moveCell(
  key: string,
  control: boolean,
  from: CellRef,
  rows: number,
  layers: LayerRange,
): CellRef | null {
  const to = (position: number, k: number): CellRef => clampCell({ position, k }, rows, layers);
  const { position, k } = from;
  switch (key) {
    case "ArrowRight":
      return to(position, k + 1);
    case "ArrowLeft":
      return to(position, k - 1);
    case "ArrowDown":
      return to(position + 1, k);
    case "ArrowUp":
      return to(position - 1, k);
    case "PageDown":
      return to(position + PAGE_ROWS, k);
    case "PageUp":
      return to(position - PAGE_ROWS, k);
    case "Home":
      return to(control ? 0 : position, layers.from);
    case "End":
      return to(control ? rows - 1 : position, layers.to);
    default:
      return null;
  }
}
