/** What stands behind a prompt's last line: the condition, the runs of answers, the flip. */
import * as l10n from "@vscode/l10n";
import { conditionName } from "../../shared/words/condition.ts";
import type { OutcomeRow, OutcomeRun } from "../../shared/experiment/outcome.ts";
import { OUTCOME_MARK, rowPerK } from "../../shared/experiment/outcome.ts";
import { answerName, outcomeRow } from "../../shared/words/answer.ts";
import { shortVerdict, verdictRuns } from "../../shared/words/verdict.ts";
import { placeText, rangeText } from "../../shared/text/ranges.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import { verdictFacts } from "../interventions/facts.ts";
import type { Part } from "../../shared/words/parts.ts";
import { part } from "../../shared/words/parts.ts";
import type { RunInputs, Source, SweepRun } from "../interventions/records.ts";

/** The setting `stateSwap.inline.style`: `short` leaves the answers out, `off` the whole text. */
export type InlineStyle = "full" | "short" | "off";

/** Runs shown before the rest is counted. */
const MOST_RUNS = 4;

/**
 * The line's verdict, while rows are still coming as well.
 *
 * @param k the k that the user stepped to: its run stands out
 * @param isStale whether the result no longer stands
 * @param maxLength characters; a longer text ends in an ellipsis
 * @param style `short`: what was put in and how it ends, without the runs of answers
 */
export function sweepText(
  sweep: SweepRun,
  k: number | null,
  isStale: boolean,
  maxLength: number,
  style: Exclude<InlineStyle, "off"> = "full",
): Part[] {
  const runs = connectedRuns(sweep.rows);
  const parts: Part[] = [part(`⟵ ${conditionText(sweep.inputs, verdictFacts(sweep).blocks)}  `)];
  const shownRuns = style === "full" ? runs : [];
  shownRuns.slice(0, MOST_RUNS).forEach((run, i) => {
    if (i > 0) parts.push(part(" │ "));
    const isShown = k !== null && run.from <= k && k <= run.to;
    const text = `${run.answer} k ${rangeText(run.from, run.to)}`;
    parts.push(part(text, run.outcome, isShown));
  });
  if (shownRuns.length > MOST_RUNS)
    parts.push(part(` │ ${l10n.t("… {0} more", shownRuns.length - MOST_RUNS)}`));
  const end = ending(sweep, isStale);
  if (end !== "") parts.push(part(shownRuns.length > 0 ? `   ${end}` : end));
  return shortened(parts, maxLength);
}

/** `◆Italy, strength 0.5`, `Random, seeds 2–6`: what was done, in few words. */
function conditionText({ condition, source }: RunInputs, blocks: number): string {
  const put = source && `${OUTCOME_MARK.source}${visibleName(source.span.text)}`;
  return conditionName(condition, blocks, put ?? undefined);
}

/** `◆ state copied: ␣Italy @2 of 3`: the position and the number of tokens of the source prompt. */
export function copiedText({ read, span }: Source): Part[] {
  const { from, to } = span;
  const token = read.tokenization.tokens.slice(from, to + 1).map((one) => visibleText(one.text));
  const count = read.tokenization.tokens.length;
  return [
    part(
      l10n.t("{0} state copied: {1} {2} of {3}", OUTCOME_MARK.source, token.join(""), placeText(span), count),
    ),
  ];
}

/** ` k 17: Rome`: what the stepped-to k answers, of several seeds with how many; null when it has no row. */
export function stepText(sweep: SweepRun, k: number): Part | null {
  const rows = sweep.rows.filter((one) => one.k === k).map(outcomeRow);
  const [row] = rowPerK(rows);
  if (!row) return null;
  const same = rows.filter(({ outcome, answer }) => outcome === row.outcome && answer === row.answer);
  const said = `k ${k}: ${answerName(row.answer)}`;
  const counted = rows.length > 1 ? l10n.t("{0} ({1} of {2} seeds)", said, same.length, rows.length) : said;
  return part(` ${counted}`, row.outcome, true);
}

/** Runs of equal answers as the verdict names them; a gap in k, where rows are still missing, ends a run. */
function connectedRuns(rows: readonly SweepRow[]): OutcomeRun[] {
  const stretches: OutcomeRow[][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    const before = last?.at(-1)?.k;
    if (last && (before === row.k || before === row.k - 1)) last.push(outcomeRow(row));
    else stretches.push([outcomeRow(row)]);
  }
  return stretches.flatMap((stretch) => verdictRuns(stretch));
}

function ending(sweep: SweepRun, isStale: boolean): string {
  const { rows, total, layers } = sweep;
  switch (sweep.state) {
    case "running": {
      if (rows.length === 0) return l10n.t("… running");
      const isByK = total === layers.to - layers.from + 1;
      return isByK
        ? l10n.t("… k {0} of {1}", rows.length, total)
        : l10n.t("… row {0} of {1}", rows.length, total);
    }
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
      return [shortVerdict(rows, verdictFacts(sweep)), ...(isStale ? [l10n.t("out of date")] : [])].join(
        " · ",
      );
  }
}

function visibleName(text: string): string {
  const name = text.trim();
  return visibleText(name === "" ? text : name);
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
