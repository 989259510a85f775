/** What the curve under the strip can show: each metric's lines, scale and formula. Pure. */
import * as l10n from "@vscode/l10n";
import type { ShownMetricId } from "../../src/shared/experiment/metrics.ts";
import { SHOWN_METRICS } from "../../src/shared/experiment/metrics.ts";
import type { SweepRow } from "../../src/shared/experiment/result.ts";
import { decimalText, shareText } from "../../src/shared/text/format.ts";

/** Metrics of a sweep's rows. */
export type CurveMetric = keyof typeof OF_ANSWERS | ShownMetricId;

/** Which answer a line belongs to; `both` for metrics of the whole row. */
export type LineSide = "source" | "target" | "both";

/** One line: its side and its value in a row. */
export interface MetricLine {
  readonly side: LineSide;
  readonly valueOf: (row: SweepRow) => number | null;
}

/** A metric for people. */
export interface MetricDescription {
  readonly name: () => string;
  /** The name where there is no room for it. */
  readonly short: () => string;
  /** What it is, with its formula, in one sentence. */
  readonly formula: () => string;
  /** Line from zero with colours for both sides of it. */
  readonly signed: boolean;
  readonly lines: readonly MetricLine[];
  readonly write: (value: number) => string;
}

/** Metrics of the answers, a line for each. */
const OF_ANSWERS = {
  logprob: {
    name: () => l10n.t("Log-probability"),
    short: () => l10n.t("log p"),
    formula: () => l10n.t("log p(answer), natural logarithm; for whole answers the sum over their tokens."),
    signed: false,
    lines: [
      { side: "target", valueOf: (row) => row.targetLogprob },
      { side: "source", valueOf: (row) => row.sourceLogprob },
    ],
    write: decimalText,
  },
  probability: {
    name: () => l10n.t("Probability"),
    short: () => "p",
    formula: () => l10n.t("p(answer) = exp(logit) / sum over all tokens of exp(logit)."),
    signed: false,
    lines: [
      { side: "target", valueOf: (row) => Math.exp(row.targetLogprob) },
      { side: "source", valueOf: (row) => (row.sourceLogprob === null ? null : Math.exp(row.sourceLogprob)) },
    ],
    write: shareText,
  },
  rank: {
    name: () => l10n.t("Rank"),
    short: () => l10n.t("Rank"),
    formula: () =>
      l10n.t(
        "Place of the answer’s first token among all tokens, 1 = the most likely (logarithmic, 1 on top).",
      ),
    signed: false,
    lines: [
      { side: "target", valueOf: (row) => -Math.log10(row.rankOfTarget) },
      {
        side: "source",
        valueOf: (row) => (row.rankOfSource === null ? null : -Math.log10(row.rankOfSource)),
      },
    ],
    write: (value) => String(Math.round(10 ** -value)),
  },
} satisfies Record<string, MetricDescription>;

/** Metrics of the whole row. */
const OF_ROW = Object.fromEntries(
  SHOWN_METRICS.map(([field, shown]): [ShownMetricId, MetricDescription] => [
    shown.id,
    { ...shown, lines: [{ side: "both", valueOf: (row) => row[field] ?? null }] },
  ]),
) as Record<ShownMetricId, MetricDescription>;

const { difference, ...others } = OF_ROW;

/** All metrics, in the order in which they are offered. */
export const CURVE_METRICS: Readonly<Record<CurveMetric, MetricDescription>> = {
  difference,
  ...OF_ANSWERS,
  ...others,
};

/** The metric that is shown: the chosen one, unless no row has a value for it. */
export function shownMetric(chosen: CurveMetric, rows: readonly SweepRow[]): CurveMetric {
  const has = (metric: CurveMetric): boolean =>
    CURVE_METRICS[metric].lines.some(({ valueOf }) => rows.some((row) => valueOf(row) !== null));
  return rows.length === 0 || has(chosen) ? chosen : "logprob";
}
