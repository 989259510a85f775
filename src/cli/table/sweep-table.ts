/** The sweep as a table for people: a line for each row, which can be printed as soon as the row is known. */
import { OUTCOME_MARK } from "../../shared/experiment/outcome.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import type { Answers } from "./head-lines.ts";
import { probabilityText } from "../../shared/text/format.ts";
import { bestOf } from "../results.ts";
import type { Style } from "../style.ts";
import { cutToWidth, displayWidth, fitLeft, fitRight, shownText } from "../../shared/text/text-width.ts";

/** What lines need, decided once before the first row. */
export interface SweepLayout {
  readonly style: Style;
  readonly kWidth: number;
  readonly sourceLabel: string | null;
  readonly targetLabel: string;
  /** 0 = no room for a bar. */
  readonly barWidth: number;
}

const ANSWER_WIDTH = 14;
const PROBABILITY_WIDTH = 6;
const NORM_WIDTH = 8;
export const OUTCOME_WIDTH = 3;
const LOGPROB_WIDTH = 8;
const MOST_LABEL_TEXT = 9;
const MOST_BAR = 16;
const LEAST_BAR = 6;
const GAP = "  ";
/** Parts of a bar differ in shape as well as in colour. */
const BAR = { source: "█", target: "▓", neither: "░" } as const;

/** Chooses widths for a terminal of `columns` columns. */
export function sweepLayout(answers: Answers, blocks: number, style: Style, columns: number): SweepLayout {
  const kWidth = Math.max(2, String(blocks - 1).length);
  const sourceLabel = answers.source && logprobLabel(answers.source.text);
  const targetLabel = logprobLabel(answers.target.text);
  const fixed = [
    kWidth,
    OUTCOME_WIDTH,
    ANSWER_WIDTH,
    PROBABILITY_WIDTH,
    displayWidth(targetLabel),
    NORM_WIDTH,
  ];
  if (sourceLabel !== null) fixed.push(displayWidth(sourceLabel));
  const used = fixed.reduce((sum, width) => sum + width + GAP.length, 0);
  const room = Math.min(MOST_BAR, columns - used);
  return { style, kWidth, sourceLabel, targetLabel, barWidth: room < LEAST_BAR ? 0 : room };
}

/** Heading of a column of log-probabilities: `log p(Rome)`. */
export function logprobLabel(answer: string): string {
  return fitRight(`log p(${cutToWidth(shownText(answer.trim()), MOST_LABEL_TEXT)})`, LOGPROB_WIDTH);
}

/** A log-probability with some decimals, never `-0.000`. */
export function fixedLogprob(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** The line above the rows. */
export function sweepHeading(layout: SweepLayout): string {
  const { style, kWidth, sourceLabel, targetLabel, barWidth } = layout;
  const bar =
    barWidth === 0
      ? []
      : [
          cutToWidth(
            `p: ${BAR.source}${OUTCOME_MARK.source} ${BAR.target}${OUTCOME_MARK.target} ${BAR.neither}${OUTCOME_MARK.neither}`,
            barWidth,
          ),
        ];
  const cells = [
    fitRight("k", kWidth),
    fitLeft("out", OUTCOME_WIDTH),
    fitLeft("answer", ANSWER_WIDTH),
    fitRight("p", PROBABILITY_WIDTH),
    ...(sourceLabel === null ? [] : [sourceLabel]),
    targetLabel,
    fitRight("‖Δh‖", NORM_WIDTH),
    ...bar,
  ];
  return style.faint(cells.join(GAP));
}

/** One row: k, outcome, answer, its probability, the answers' log-probabilities, ‖Δh‖, and the bar. */
export function sweepLine(row: SweepRow, layout: SweepLayout): string {
  const { style, kWidth, sourceLabel, targetLabel } = layout;
  const best = bestOf(row.top);
  const { outcome } = row;
  const logprob = (value: number | null, label: string): string =>
    fitRight(value === null ? "" : fixedLogprob(value, 3), displayWidth(label));
  const cells = [
    fitRight(String(row.k), kWidth),
    style.outcome(outcome, fitLeft(OUTCOME_MARK[outcome], OUTCOME_WIDTH)),
    style.outcome(outcome, fitLeft(shownText(best.text), ANSWER_WIDTH)),
    fitRight(probabilityText(best.logprob), PROBABILITY_WIDTH),
    ...(sourceLabel === null ? [] : [logprob(row.sourceLogprob, sourceLabel)]),
    logprob(row.targetLogprob, targetLabel),
    fitRight(shortNumber(row.deltaNorm), NORM_WIDTH),
    ...(layout.barWidth === 0 ? [] : [probabilityBar(row, layout)]),
  ];
  return cells.join(GAP);
}

/** The probabilities of the source answer, the target answer, and all others, as shares of one bar. */
function probabilityBar(row: SweepRow, { style, barWidth }: SweepLayout): string {
  const source = row.sourceLogprob === null ? 0 : Math.exp(row.sourceLogprob);
  const upToSource = Math.round(source * barWidth);
  const upToTarget = Math.min(barWidth, Math.round((source + Math.exp(row.targetLogprob)) * barWidth));
  return (
    style.outcome("source", BAR.source.repeat(upToSource)) +
    style.outcome("target", BAR.target.repeat(upToTarget - upToSource)) +
    style.outcome("neither", BAR.neither.repeat(barWidth - upToTarget))
  );
}

/** A number of any size in at most eight characters. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  return value >= 0.01 && value < 99_999 ? value.toFixed(value < 100 ? 2 : 1) : value.toExponential(1);
}
