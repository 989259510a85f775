/** What stands behind a prompt's last line: the source, the runs of answers, the flip (design.md 1.3). */
import type { OutcomeRow, OutcomeRun, Outcome } from "../../shared/outcome.ts";
import { OUTCOME_MARK, outcomeRuns, rangeText } from "../../shared/outcome.ts";
import type { SweepRow } from "../../shared/result.ts";
import { visibleText } from "../../shared/tokens.ts";
import type { Source, SweepRun } from "../swap/records.ts";
import { answerName, answerOf } from "./answer-name.ts";

/** A piece of text in one colour. */
export interface AfterPart {
  readonly text: string;
  readonly tone: Outcome | "plain";
  readonly strong: boolean;
}

/** Runs shown before the rest is counted. */
const MOST_RUNS = 4;

/**
 * The line's verdict, while rows are still coming as well.
 *
 * @param k the k that the user stepped to: its run stands out
 * @param stale why the result no longer stands
 * @param maxLength characters; a longer text ends in an ellipsis
 */
export function sweepText(
  source: Source,
  sweep: SweepRun,
  k: number | null,
  stale: string | null,
  maxLength: number,
): AfterPart[] {
  const runs = connectedRuns(sweep.rows);
  const parts: AfterPart[] = [plain(`⟵ ${OUTCOME_MARK.source}${visibleName(source.span.text)}  `)];
  runs.slice(0, MOST_RUNS).forEach((run, i) => {
    if (i > 0) parts.push(plain(" │ "));
    const isShown = k !== null && run.from <= k && k <= run.to;
    const text = `${answerName(run.answer)} k ${rangeText(run.from, run.to)}`;
    parts.push({ text, tone: run.outcome, strong: isShown });
  });
  if (runs.length > MOST_RUNS) parts.push(plain(` │ … ${runs.length - MOST_RUNS} more`));
  const end = ending(sweep, runs, stale);
  if (end !== "") parts.push(plain(runs.length > 0 ? `   ${end}` : end));
  return shortened(parts, maxLength);
}

/** `◆ state copied: ␣Italy @2 of 3`: the position and the number of tokens of the source prompt. */
export function copiedText({ read, span }: Source): AfterPart[] {
  const { from, to } = span;
  const place = from === to ? `@${from}` : `@${from}–${to}`;
  const token = read.tokenization.tokens.slice(from, to + 1).map((one) => visibleText(one.text));
  const count = read.tokenization.tokens.length;
  return [plain(`${OUTCOME_MARK.source} state copied: ${token.join("")} ${place} of ${count}`)];
}

/** ` k 17: Rome`: what the stepped-to row answers; null when that row is not there. */
export function stepText(sweep: SweepRun, k: number): AfterPart | null {
  const row = sweep.rows.find((one) => one.k === k);
  return row ? { text: ` k ${k}: ${answerName(answerOf(row))}`, tone: row.outcome, strong: true } : null;
}

/** Runs of equal answers; a gap in k, where rows are still missing, ends a run. */
export function connectedRuns(rows: readonly SweepRow[]): OutcomeRun[] {
  const stretches: OutcomeRow[][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    const one = { k: row.k, outcome: row.outcome, answer: answerOf(row) };
    if (last?.at(-1)?.k === row.k - 1) last.push(one);
    else stretches.push([one]);
  }
  return stretches.flatMap((stretch) => outcomeRuns(stretch));
}

function ending(sweep: SweepRun, runs: readonly OutcomeRun[], stale: string | null): string {
  const total = sweep.layers.to - sweep.layers.from + 1;
  switch (sweep.state) {
    case "running":
      return sweep.rows.length === 0 ? "… running" : `… k ${sweep.rows.length} of ${total}`;
    case "failed": {
      const how = sweep.failure?.code === "cancelled" ? "cancelled" : "the run was lost";
      return sweep.rows.length === 0 ? `${how}: run again` : `${how} after ${sweep.rows.length} of ${total}`;
    }
    case "complete":
      return [verdictEnd(sweep, runs), ...(stale === null ? [] : ["out of date"])].join(" · ");
  }
}

function verdictEnd({ flip }: SweepRun, runs: readonly OutcomeRun[]): string {
  if (flip) return `flip at ${flip.k} of ${flip.of}`;
  if (runs.length !== 1) return "no flip";
  return runs[0]!.outcome === "target" ? "never changes: the swap is ignored" : "never changes back";
}

function visibleName(text: string): string {
  const name = text.trim();
  return visibleText(name === "" ? text : name);
}

function plain(text: string): AfterPart {
  return { text, tone: "plain", strong: false };
}

function shortened(parts: readonly AfterPart[], maxLength: number): AfterPart[] {
  const kept: AfterPart[] = [];
  let left = maxLength;
  for (const part of parts) {
    if (part.text.length <= left) {
      kept.push(part);
      left -= part.text.length;
      continue;
    }
    kept.push({ ...part, text: `${part.text.slice(0, Math.max(0, left - 1))}…` });
    break;
  }
  return kept;
}
