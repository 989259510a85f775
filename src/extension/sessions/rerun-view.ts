/** What running a session again showed, in words and lines. */
import * as l10n from "@vscode/l10n";
import { controlWords } from "../../shared/experiment/controls.ts";
import { METRICS } from "../../shared/experiment/metrics.ts";
import { isOutcome } from "../../shared/experiment/outcome.ts";
import { outcomeName } from "../../shared/words/answer.ts";
import type { CellDifference, Comparison } from "../../shared/session/comparison.ts";
import type { Session } from "../../shared/session/session.ts";
import type { DifferenceLine, RerunView } from "../../shared/protocol/session-page.ts";
import { visibleText } from "../../shared/text/shown-text.ts";

/** Lines that a table holds at most. */
const MOST_LINES = 200;

/** The comparison of a stored session with its new run. */
export function rerunView(comparison: Comparison, stored: Session): RerunView {
  const { cells, inputs } = comparison;
  const asked = inputs.filter(({ harmless }) => !harmless);
  const lines = [
    ...inputs.map(({ what, before, after }): DifferenceLine => {
      return { place: l10n.t("made with"), quantity: what, stored: before, now: after };
    }),
    ...cells.map((cell) => lineOf(cell, stored)),
  ];
  return {
    summary: summaryOf(
      comparison,
      asked.map(({ what }) => what),
    ),
    isSame: cells.length === 0 && asked.length === 0,
    lines: lines.slice(0, MOST_LINES),
    more: Math.max(0, lines.length - MOST_LINES),
  };
}

function summaryOf({ cells, compared, tolerance, largest }: Comparison, asked: readonly string[]): string {
  const places = new Set(cells.map(({ part, k, seed, position }) => [part, k, seed, position].join())).size;
  const [beyond, most] = [numberText(tolerance), numberText(largest)];
  const values =
    cells.length === 0
      ? l10n.t(
          "Nothing differs beyond {0}: {1} compared, the largest difference is {2}.",
          ...[beyond, counted(compared), most],
        )
      : l10n.t(
          "{0} of {1} differ beyond {2}; the largest difference is {3}.",
          ...[places, counted(compared), beyond, most],
        );
  return asked.length === 0 ? values : l10n.t("Not the same experiment ({0}). {1}", asked.join(", "), values);
}

function counted(rows: number): string {
  return rows === 1 ? l10n.t("1 row or cell") : l10n.t("{0} rows and cells", rows);
}

/** `0`, `1e-3`, `0.512`. */
function numberText(value: number): string {
  if (value === 0) return "0";
  return value < 0.01 ? value.toExponential(0) : value.toPrecision(3);
}

function lineOf(cell: CellDifference, { target }: Session): DifferenceLine {
  const { part, k, seed, position, measure, before, after } = cell;
  const token = position === null ? null : target.tokenization.tokens[position];
  const place = [
    partName(part),
    ...(position === null ? [] : [`${visibleText(token?.text ?? "")} @${position}`]),
    `k = ${k}`,
    ...(seed === null ? [] : [l10n.t("seed {0}", seed)]),
  ].join(", ");
  const [stored, now] = [valueText(measure, before), valueText(measure, after)];
  return { place, quantity: measureName(measure), stored, now };
}

function partName(part: CellDifference["part"]): string {
  switch (part) {
    case "sweep":
      return l10n.t("sweep");
    case "grid":
      return l10n.t("grid");
    case "identity":
    case "random":
    case "unrelated":
      return controlWords(part).short;
  }
}

function measureName(measure: CellDifference["measure"]): string {
  if (measure === "outcome") return l10n.t("outcome");
  if (measure === "answer") return l10n.t("answer");
  if (measure === "missing") return l10n.t("missing");
  return METRICS[measure].compared?.() ?? measure;
}

function valueText(measure: CellDifference["measure"], value: string): string {
  if (measure === "answer") return visibleText(value);
  if (measure === "outcome" && isOutcome(value)) return outcomeName(value);
  if (value === "none") return l10n.t("none");
  return value === "there" ? l10n.t("there") : shortText(value);
}

/** Numbers in full are too wide for a table. */
function shortText(value: string): string {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return value;
  return number.toPrecision(6).replace("-", "−");
}
