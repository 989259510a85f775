/** The strip as data: a cell for each k with its bars and its words. Panel and file only paint it. */
import * as l10n from "@vscode/l10n";
import type { Outcome } from "../experiment/outcome.ts";
import { OUTCOME_MARK, rowPerK } from "../experiment/outcome.ts";
import type { SweepRow } from "../experiment/result.ts";
import type { PanelSweep } from "../protocol/panel.ts";
import { shownText } from "../text/text-width.ts";
import { answerOf, outcomeName, outcomeRow } from "../words/answer.ts";

/** A bar in a cell: of its only row, or of one seed. */
export interface StripBar {
  readonly outcome: Outcome;
  /** Height as a share of the cell's. */
  readonly height: number;
}

/** What the strip shows of one k. */
export interface StripCell {
  readonly k: number;
  /** Of several seeds as `rowPerK` says; `outside` the range of k, `empty` where it has not run. */
  readonly place: Outcome | "empty" | "outside";
  readonly bars: readonly StripBar[];
  /** Shape of a cell with one bar; else empty. */
  readonly mark: string;
  /** Every row of this k, of several seeds how many give its outcome: `k = 3: ◆ source in 2 of 2 seeds: seed 0 ◆ ␣Rome (source), …`. */
  readonly title: string;
}

/** Seeds stand by outcome, so that a share can be seen at a glance. */
const ORDER: readonly Outcome[] = ["source", "neither", "target"];

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
  const outcomes = rows.map(({ outcome }) => outcome);
  return {
    k,
    place: isOutside ? "outside" : (told?.outcome ?? "empty"),
    bars: outcomes
      .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map((outcome) => ({ outcome, height: 1 / rows.length })),
    mark: isOne ? OUTCOME_MARK[rows[0]!.outcome] : "",
    title: `k = ${k}: ${shareText(rows, told?.outcome)}${rows.map(rowText).join(", ") || (isOutside ? l10n.t("outside the range") : l10n.t("not run"))}`,
  };
}

/** `★ target in 3 of 5 seeds: `; nothing for one row. */
function shareText(rows: readonly SweepRow[], outcome: Outcome | undefined): string {
  if (!outcome || rows.length === 1) return "";
  const share = rows.filter((row) => row.outcome === outcome).length;
  const said = l10n.t("{0} in {1} of {2} seeds", outcomeName(outcome), share, rows.length);
  return `${OUTCOME_MARK[outcome]} ${said}: `;
}

function rowText(row: SweepRow): string {
  const seed = row.seed === undefined ? "" : `${l10n.t("seed {0}", row.seed)} `;
  return `${seed}${OUTCOME_MARK[row.outcome]} ${shownText(answerOf(row))} (${outcomeName(row.outcome)})`;
}
