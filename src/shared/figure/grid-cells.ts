/** Cells of the grid as people and colours need them. Pure. */
import * as l10n from "@vscode/l10n";
import type { MAP_METRICS } from "../experiment/metrics.ts";
import { METRICS } from "../experiment/metrics.ts";
import type { GridColumn } from "../experiment/result.ts";
import type { Outcome } from "../experiment/outcome.ts";
import { OUTCOME_MARK } from "../experiment/outcome.ts";
import { answerName, outcomeName, spokenToken } from "../words/answer.ts";
import type { PanelGrid, PanelSweep } from "../protocol/panel.ts";
import type { Palette, Rgba } from "./color-scale.ts";
import { amountColor, divergingColor, outcomeColor, rankColor } from "./color-scale.ts";
import { probabilityText, signedText } from "../text/format.ts";

/** What the heatmap's colours stand for. */
export type Metric = (typeof MAP_METRICS)[number];

/** Metrics in the order in which they are offered, with their names for people. */
export function metricNames(): readonly (readonly [Metric, string])[] {
  return [
    ["outcome", l10n.t("Outcome")],
    ["probability", l10n.t("p(source) − p(target)")],
    ["logits", l10n.t("Logit difference")],
    ["rank", l10n.t("Rank of target answer")],
    ["kl", METRICS.klToBaseline.shown.name()],
  ];
}

/** A metric's name where there is no room for it. */
export function shortName(metric: Metric): string {
  return {
    outcome: l10n.t("Outcome"),
    probability: "Δ p",
    logits: METRICS.logitDifference.shown.short(),
    rank: l10n.t("Rank"),
    kl: METRICS.klToBaseline.shown.short(),
  }[metric];
}

/** Metrics that a grid has values of: those of older versions have no KL. */
export function metricsOf({ columns }: Pick<PanelGrid, "columns">): readonly (readonly [Metric, string])[] {
  const lacksKl = columns.some((column) => column && !column.klToBaseline);
  return metricNames().filter(([metric]) => metric !== "kl" || !lacksKl);
}

/** The metric that is shown: the chosen one, unless the grid has no values of it. */
export function gridMetric(chosen: Metric, grid: Pick<PanelGrid, "columns">): Metric {
  return metricsOf(grid).some(([metric]) => metric === chosen) ? chosen : "outcome";
}

/** Where a cell stands: token position and the block whose input is replaced. */
export interface CellRef {
  readonly position: number;
  readonly k: number;
}

/** One patched run of the grid. */
export interface GridCell extends CellRef {
  readonly outcome: Outcome;
  readonly answer: string;
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  readonly logitDifference: number | null;
  /** 1 = the target answer is the most likely token. */
  readonly rankOfTarget: number;
  /** Nats; null in grids of versions that did not keep it. */
  readonly klToBaseline: number | null;
}

/** Names of the two answers, for people. */
export interface AnswerNames {
  readonly source: string;
  readonly target: string;
}

/** The cell at a position and k; null where the grid has not run. */
export function cellAt(
  grid: Pick<PanelGrid, "columns" | "layers" | "texts">,
  { position, k }: CellRef,
): GridCell | null {
  const column = grid.columns[position];
  const index = k - grid.layers.from;
  const outcome = column?.outcome[index];
  if (!column || outcome === undefined) return null;
  return {
    position,
    k,
    outcome,
    answer: grid.texts[String(column.argmax[index])] ?? `id ${column.argmax[index]!}`,
    targetLogprob: column.targetLogprob[index]!,
    sourceLogprob: column.sourceLogprob[index] ?? null,
    logitDifference: column.logitDifference[index] ?? null,
    rankOfTarget: column.rankOfTarget[index]!,
    klToBaseline: column.klToBaseline?.[index] ?? null,
  };
}

/** The sweep's answers' texts; the bare words where it has none. */
export function sweepNames({ answers }: Pick<PanelSweep, "answers">): AnswerNames {
  return namesOf((side) => answers?.[side]?.text ?? null);
}

/** The grid's own answers' texts, whatever was chosen since; where it keeps none, as cells of that outcome show them. */
export function gridNames(grid: PanelGrid): AnswerNames {
  return namesOf((side) => grid.answers?.[side]?.text ?? answerOf(grid, side));
}

function namesOf(textOf: (side: "source" | "target") => string | null): AnswerNames {
  const named = (side: "source" | "target"): string => {
    const text = textOf(side);
    return text === null ? outcomeName(side) : answerName(text);
  };
  return { source: named("source"), target: named("target") };
}

function answerOf(grid: PanelGrid, outcome: Outcome): string | null {
  for (const column of grid.columns) {
    const index = column?.outcome.indexOf(outcome) ?? -1;
    if (column && index >= 0) return grid.texts[String(column.argmax[index])] ?? null;
  }
  return null;
}

/** Largest |logit difference| or KL in a grid: the end of its colour scale; at least 1, and 1 for other metrics. */
export function metricExtent(grid: Pick<PanelGrid, "columns">, metric: Metric): number {
  const valuesOf = {
    outcome: () => [],
    probability: () => [],
    rank: () => [],
    logits: (column: GridColumn) => column.logitDifference,
    kl: (column: GridColumn) => column.klToBaseline ?? [],
  }[metric];
  let extent = 1;
  for (const column of grid.columns) {
    for (const value of column ? valuesOf(column) : []) extent = Math.max(extent, Math.abs(value ?? 0));
  }
  return extent;
}

/** Probability of the source answer minus that of the target answer; null without a source answer. */
export function probabilityDifference(cell: GridCell): number | null {
  return cell.sourceLogprob === null ? null : Math.exp(cell.sourceLogprob) - Math.exp(cell.targetLogprob);
}

/** A cell's colour; null where the metric has no value. `extent` is `metricExtent` of the grid. */
export function cellColor(cell: GridCell, metric: Metric, extent: number, palette: Palette): Rgba | null {
  switch (metric) {
    case "outcome":
      return outcomeColor(cell.outcome, palette);
    case "probability": {
      const value = probabilityDifference(cell);
      return value === null ? null : divergingColor(value, palette);
    }
    case "logits":
      return cell.logitDifference === null ? null : divergingColor(cell.logitDifference / extent, palette);
    case "rank":
      return rankColor(cell.rankOfTarget, palette);
    case "kl":
      return cell.klToBaseline === null ? null : amountColor(cell.klToBaseline / extent, palette);
  }
}

/** A cell's value in the table. */
export function cellText(cell: GridCell, metric: Metric): string {
  switch (metric) {
    case "outcome":
      return `${OUTCOME_MARK[cell.outcome]} ${answerName(cell.answer)}`;
    case "probability": {
      const value = probabilityDifference(cell);
      return value === null ? "–" : value.toFixed(3).replace("-", "−");
    }
    case "logits":
      return signedText(cell.logitDifference);
    case "rank":
      return String(cell.rankOfTarget);
    case "kl":
      return cell.klToBaseline === null ? "–" : METRICS.klToBaseline.shown.write(cell.klToBaseline);
  }
}

/** A cell as a screen reader says it. */
export function spokenCell(cell: GridCell, token: string, names: AnswerNames): string {
  const parts = [
    l10n.t(
      "k {0}, token {1}, {2}: {3}, {4}",
      cell.k,
      cell.position,
      token,
      spokenToken(cell.answer),
      outcomeName(cell.outcome),
    ),
    cell.sourceLogprob === null ? null : `p(${names.source}) ${probabilityText(cell.sourceLogprob)}`,
    `p(${names.target}) ${probabilityText(cell.targetLogprob)}`,
    cell.logitDifference === null ? null : l10n.t("logit difference {0}", signedText(cell.logitDifference)),
    l10n.t("rank of {0} {1}", names.target, cell.rankOfTarget),
    cell.klToBaseline === null ? null : `KL ${METRICS.klToBaseline.shown.write(cell.klToBaseline)}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}
