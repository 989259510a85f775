/** What stands behind a prompt's last line: the flip, the runs of answers, what was put in. */
import * as l10n from "@vscode/l10n";
import { conditionName } from "../../shared/words/condition.ts";
import type { Outcome } from "../../shared/experiment/outcome.ts";
import { OUTCOME_MARK, rowPerK } from "../../shared/experiment/outcome.ts";
import { cellAt } from "../../shared/figure/grid-cells.ts";
import { outcomeRow, quotedAnswer } from "../../shared/words/answer.ts";
import { shortVerdict } from "../../shared/words/verdict.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import { verdictFacts } from "../interventions/facts.ts";
import type { Part } from "../../shared/words/parts.ts";
import { part } from "../../shared/words/parts.ts";
import type { Intervention, RunInputs, Source, SweepRun } from "../interventions/records.ts";
import type { InlineStyle } from "../settings.ts";
import { connectedRuns, foldings } from "./inline-runs.ts";
import { sourceLabel } from "../interventions/source-label.ts";

/** Between pieces of the line. */
const GAP = "  ";

/** How a line is told. */
export interface LineOptions {
  /** What the user stepped to or holds; it comes first. */
  readonly shown?: Part | null;
  /** Whether the result no longer stands. */
  readonly isStale?: boolean;
  /** Characters; a longer text folds, then ends in an ellipsis. */
  readonly maxLength: number;
  /** `short`: the flip and what was put in, without the runs of answers. */
  readonly style?: Exclude<InlineStyle, "off">;
}

/**
 * The line's verdict, while rows are still coming as well. The flip comes first, for a narrow editor cuts the end; runs of
 * source and target answers always stay, those of other answers fold until the text fits.
 */
export function sweepText(sweep: SweepRun, options: LineOptions): Part[] {
  const { shown = null, isStale = false, maxLength, style = "full" } = options;
  const head = [
    ...(shown ? [{ ...shown, text: `${shown.text}${GAP}` }] : []),
    ...(isStale ? [part(`${l10n.t("out of date")}${GAP}`)] : []),
    part(verdictNow(sweep), null, !shown),
  ];
  const tail = part(`${GAP}← ${conditionText(sweep.inputs, verdictFacts(sweep).blocks)}`);
  if (style === "short") return shortened([...head, tail], maxLength);
  const lines = foldings(connectedRuns(sweep.rows)).map((runs) => [
    ...head,
    ...runs.map(({ text, outcome, from, to }) =>
      part([`${GAP}${OUTCOME_MARK[outcome]}${text}`, rangeText(from, to)].filter(Boolean).join(" "), outcome),
    ),
    tail,
  ]);
  const fitting = lines.find((line) => lengthOf(line) <= maxLength) ?? lines.at(-1) ?? [...head, tail];
  return shortened(fitting, maxLength);
}

/** `◆Italy, strength 0.5`, `Random, seeds 2–6`: what was done, in few words. */
function conditionText({ condition, source }: RunInputs, blocks: number): string {
  const put = source && `${OUTCOME_MARK.source}${visibleName(source.span.text)}`;
  return conditionName(condition, blocks, put ?? undefined);
}

/** `◆ state copied: ␣Italy @2 of 3`. */
export function copiedText(source: Source): Part[] {
  return [part(l10n.t("{0} state copied: {1}", OUTCOME_MARK.source, sourceLabel(source)))];
}

/** What an intervention shows at the k that the user stepped to, or at the cell that is held; null while nothing is. */
export function shownText(
  { sweep, grid, cell, k, target }: Intervention,
  replaced: readonly number[],
): Part | null {
  if (cell && grid && !replaced.includes(cell.position)) {
    const held = cellAt(grid, cell);
    const token = visibleText(target.tokenization.tokens[cell.position]?.text ?? "");
    if (held) return answerAt(`${token} k ${cell.k}`, held.outcome, held.answer);
  }
  return sweep && k !== null ? stepText(sweep, k) : null;
}

/** `k 17 ◆“Rome”`: what the stepped-to k answers, of several seeds with how many; null when it has no row. */
export function stepText(sweep: SweepRun, k: number): Part | null {
  const rows = sweep.rows.filter((one) => one.k === k).map(outcomeRow);
  const [row] = rowPerK(rows);
  if (!row) return null;
  const said = answerAt(`k ${k}`, row.outcome, row.answer);
  if (rows.length === 1) return said;
  const same = rows.filter(({ outcome, answer }) => outcome === row.outcome && answer === row.answer);
  return { ...said, text: l10n.t("{0} ({1} of {2} seeds)", said.text, same.length, rows.length) };
}

function answerAt(place: string, outcome: Outcome, answer: string): Part {
  return part(`${place} ${OUTCOME_MARK[outcome]}${quotedAnswer(answer)}`, outcome, true);
}

/** The flip, or how far the run is, or how it broke off. */
function verdictNow(sweep: SweepRun): string {
  const { rows, total } = sweep;
  const done = sweep.done ?? rows.length;
  switch (sweep.state) {
    case "running":
      return rows.length === 0 ? l10n.t("… running") : `… ${done}/${total}`;
    case "partial": {
      const isCancelled = sweep.failure?.code === "cancelled";
      if (rows.length === 0) {
        return isCancelled ? l10n.t("cancelled: run again") : l10n.t("the run was lost: run again");
      }
      return isCancelled
        ? l10n.t("cancelled after {0} of {1}", rows.length, total)
        : l10n.t("the run was lost after {0} of {1}", rows.length, total);
    }
    case "complete":
      return shortVerdict(rows, verdictFacts(sweep));
  }
}

function visibleName(text: string): string {
  const name = text.trim();
  return visibleText(name === "" ? text : name);
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((length, { text }) => length + text.length, 0);
}

function shortened(parts: readonly Part[], maxLength: number): Part[] {
  const kept: Part[] = [];
  let left = maxLength;
  for (const one of parts) {
    if (one.text.length <= left) {
      kept.push(one);
      left -= one.text.length;
      continue;
    }
    kept.push({ ...one, text: `${one.text.slice(0, Math.max(0, left - 1))}…` });
    break;
  }
  return kept;
}
