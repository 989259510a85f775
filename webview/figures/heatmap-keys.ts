/** Where keys move the heatmap's cursor. Pure. */
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import type { RowBands } from "../../src/shared/figure/row-bands.ts";

const PAGE_ROWS = 10;

/** The cell of a map that is nearest to a place. */
export function clampCell(cell: CellRef, rows: number, layers: LayerRange): CellRef {
  return {
    position: Math.max(0, Math.min(rows - 1, cell.position)),
    k: Math.max(layers.from, Math.min(layers.to, cell.k)),
  };
}

/**
 * The cell after a key: arrows by one, Page by ten rows, Home and End to the first and last k, with Ctrl to the first
 * and last cell. A closed fold is one row. Null for other keys.
 */
export function moveCell(
  key: string,
  control: boolean,
  from: CellRef,
  { list, indexOf }: RowBands,
  layers: LayerRange,
): CellRef | null {
  const { k } = from;
  const row = indexOf[from.position] ?? 0;
  const to = (index: number, column: number): CellRef => {
    const band = list[Math.max(0, Math.min(list.length - 1, index))];
    return clampCell({ position: band?.from ?? 0, k: column }, indexOf.length, layers);
  };
  switch (key) {
    case "ArrowRight":
      return to(row, k + 1);
    case "ArrowLeft":
      return to(row, k - 1);
    case "ArrowDown":
      return to(row + 1, k);
    case "ArrowUp":
      return to(row - 1, k);
    case "PageDown":
      return to(row + PAGE_ROWS, k);
    case "PageUp":
      return to(row - PAGE_ROWS, k);
    case "Home":
      return to(control ? 0 : row, layers.from);
    case "End":
      return to(control ? list.length - 1 : row, layers.to);
    default:
      return null;
  }
}
