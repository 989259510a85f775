/** What a session's page itself owns, and what the panel leaves to its host: the chosen k and the locked cell too. */
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import type { UiState } from "../panel/ui-state.ts";
import { readUiState } from "../panel/ui-state.ts";

/** Kept across hiding the page. */
export interface ViewState extends UiState {
  /** Null until the reader chooses one. */
  readonly k: number | null;
  /** Null once the reader released it; absent until the reader locks or releases one. */
  readonly cell?: CellRef | null;
  /** Addresses of the two files of a comparison, for the host after a reload of the window. */
  readonly files?: readonly [string, string];
}

/** Reads a kept state; what is not sound is as at first. */
export function readViewState(kept: unknown): ViewState {
  const { k = null, cell } = (kept ?? {}) as Partial<ViewState>;
  const locked = cell === null || (cell && isCell(cell)) ? { cell } : {};
  return { ...readUiState(kept), k: Number.isInteger(k) ? k : null, ...locked };
}

function isCell(cell: CellRef): boolean {
  return Number.isInteger(cell.position) && Number.isInteger(cell.k);
}
