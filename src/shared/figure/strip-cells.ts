/** The strip as data: a cell for each k with its bars and its words. Panel and file only paint it. */
import * as l10n from "@vscode/l10n";
import type { Outcome } from "../experiment/outcome.ts";
import { OUTCOME_LETTER, OUTCOME_MARK, rowPerK } from "../experiment/outcome.ts";
import type { SweepRow } from "../experiment/result.ts";
import type { PanelSweep } from "../protocol/panel.ts";
import { shownText } from "../text/text-width.ts";
import { answerOf, outcomeName, outcomeRow } from "../words/answer.ts";

/** A bar in a cell: of its only row, or of one seed. */
export interface StripBar {
  readonly outcome: Outcome;
  /** Width and height as shares of the cell's. A row's bar stands on the floor; those of seeds fill the cell from the top. */
  readonly width: number;
  readonly height: number;
}

/** What the strip shows of one k. */
export interface StripCell {
  readonly k: number;
  /** Of several seeds as `rowPerK` says; `outside` the range of k, `empty` where it has not run. */
  readonly place: Outcome | "empty" | "outside";
  readonly bars: readonly StripBar[];
  /** Of a cell with one bar; else empty. */
  readonly letter: string;
  /** Every row of this k: `k = 3: seed 0 ◆ ␣Rome (source)`. */
  readonly title: string;
}

/** A shape besides the colour: the target's bars are lower, those of neither half as high. */
const HEIGHT: Readonly<Record<Outcome, number>> = { source: 1, target: 8 / 11, neither: 0.5 };
/** The same for stripes of seeds, which have one height. */
const WIDTH: Readonly<Record<Outcome, number>> = { source: 1, target: 0.78, neither: 0.5 };

/** The rows at k, one for each seed; empty where it has not run. */
export function rowsAt({ rows }: Pick<PanelSweep, "rows">, k: number | null): SweepRow[] {
  return rows.filter((row) => row.k === k);
}

/** @param blocks cells: all blocks of the model, whatever the range of k */
export function stripCells(sweep: Pick<PanelSweep, "rows" | "layers">, blocks: number): StripCell[] {
  return Array.from({ length: blocks }, (_, k) => stripCell(sweep, k));
}

function stripCell({ rows: all, layers }: Pick<PanelSweep, "rows" | "layers">, k: number): StripCell {
  const rows = rowsAt({ rows: all }, k);
  const isOutside = k < layers.from || k > layers.to;
  const [told] = rowPerK(rows.map(outcomeRow));
  const isOne = rows.length === 1;
  return {
    k,
    place: isOutside ? "outside" : (told?.outcome ?? "empty"),
    bars: rows.map(({ outcome }) => ({
      outcome,
      width: isOne ? 1 : WIDTH[outcome],
      height: isOne ? HEIGHT[outcome] : 1 / rows.length,
    })),
    letter: isOne ? OUTCOME_LETTER[rows[0]!.outcome] : "",
    title: `k = ${k}: ${rows.map(rowText).join(", ") || (isOutside ? l10n.t("outside the range") : l10n.t("not run"))}`,
  };
}

function rowText(row: SweepRow): string {
  const seed = row.seed === undefined ? "" : `${l10n.t("seed {0}", row.seed)} `;
  return `${seed}${OUTCOME_MARK[row.outcome]} ${shownText(answerOf(row))} (${outcomeName(row.outcome)})`;
}
