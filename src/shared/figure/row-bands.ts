/** Rows of a map: one for each token, with those that change nothing or have not run folded into thin lines. Pure. */
import * as l10n from "@vscode/l10n";
import type { PanelGrid } from "../protocol/panel.ts";

/** Height of a token's row, CSS pixels. */
const ROW_HEIGHT = 15;
/** Height of a folded token's line with the gap below it. */
export const FOLD_LINE = 3;
/** Least and most height of a fold: one is still to be hit with a pointer, hundreds are still passed by a glance. */
const LEAST_FOLD = 6;
const MOST_FOLD = 24;

/** Neighbouring tokens that can be folded, 0-based positions, both inclusive. */
export interface RowFold {
  readonly from: number;
  readonly to: number;
  readonly reason: "unchanged" | "not-run";
}

/** What takes a row of the map: one token, or the tokens of a closed fold. Lengths in CSS pixels from the map's top. */
export interface RowBand {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly height: number;
  /** The fold that it is; null for a token of its own. */
  readonly fold: RowFold | null;
}

/** All bands of a map. */
export interface RowBands {
  readonly list: readonly RowBand[];
  /** Index in `list` by position, `[positions]`. */
  readonly indexOf: readonly number[];
  readonly height: number;
}

/**
 * Tokens that can be folded: those whose swap leaves the answer as it is at every k, and those that were not run and will
 * not be. While a grid runs only the latter, so that no row closes under the reader. Never a ★ row.
 */
export function gridFolds(
  grid: Pick<PanelGrid, "columns" | "layers" | "state" | "positions" | "asked">,
): RowFold[] {
  const folds: RowFold[] = [];
  for (let position = 0; position < grid.columns.length; position++) {
    const reason = grid.positions.includes(position) ? null : foldReason(grid, position);
    const last = folds.at(-1);
    if (reason === null) continue;
    if (last?.reason === reason && last.to === position - 1)
      folds[folds.length - 1] = { ...last, to: position };
    else folds.push({ from: position, to: position, reason });
  }
  return folds;
}

function foldReason(
  { columns, layers, state, asked }: Pick<PanelGrid, "columns" | "layers" | "state" | "asked">,
  position: number,
): RowFold["reason"] | null {
  const outcomes = columns[position]?.outcome;
  if (!outcomes) return state !== "running" || asked?.includes(position) === false ? "not-run" : null;
  const isWhole = state !== "running" && outcomes.length === layers.to - layers.from + 1;
  return isWhole && outcomes.every((outcome) => outcome === "target") ? "unchanged" : null;
}

/** @param isOpen whether a fold's tokens have rows of their own */
export function rowBands(
  rows: number,
  folds: readonly RowFold[],
  isOpen: (fold: RowFold) => boolean,
): RowBands {
  const list: RowBand[] = [];
  const indexOf: number[] = [];
  const closed = new Map(folds.filter((fold) => !isOpen(fold)).map((fold) => [fold.from, fold]));
  let top = 0;
  for (let from = 0; from < rows;) {
    const fold = closed.get(from) ?? null;
    const to = fold?.to ?? from;
    const height = fold ? foldHeight(fold) : ROW_HEIGHT;
    for (let position = from; position <= to; position++) indexOf.push(list.length);
    list.push({ from, to, top, height, fold });
    top += height;
    from = to + 1;
  }
  return { list, indexOf, height: top };
}

function foldHeight({ from, to }: RowFold): number {
  return Math.max(LEAST_FOLD, Math.min(MOST_FOLD, (to - from + 1) * FOLD_LINE));
}

/** A map without rows. */
const NOTHING: RowBand = { from: 0, to: 0, top: 0, height: 0, fold: null };

/** The band that a token stands in. */
export function bandOf({ list, indexOf }: RowBands, position: number): RowBand {
  return list[indexOf[position] ?? -1] ?? NOTHING;
}

/** The band at a height; the first and the last one beyond the ends. */
export function bandAt({ list }: RowBands, y: number): RowBand {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle]!.top <= y) low = middle;
    else high = middle - 1;
  }
  return list[low] ?? NOTHING;
}

/** A closed fold in words. */
export function foldText({ from, to, reason }: RowFold): string {
  const count = to - from + 1;
  if (reason === "not-run") {
    return count === 1 ? l10n.t("1 token not run, folded") : l10n.t("{0} tokens not run, folded", count);
  }
  return count === 1
    ? l10n.t("1 token that changes nothing, folded")
    : l10n.t("{0} tokens that change nothing, folded", count);
}
