/** The table of k in a hover, as Markdown. */
import * as l10n from "@vscode/l10n";
import type { Answers } from "../../shared/experiment/experiment.ts";
import { OUTCOME_LETTER, OUTCOME_MARK, rowPerK } from "../../shared/experiment/outcome.ts";
import { probabilityText, signedText } from "../../shared/text/format.ts";
import { answerName, outcomeRow } from "../../shared/words/answer.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import { METRICS } from "../../shared/experiment/metrics.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { escaped, tokenCode } from "../markdown.ts";

/** Blocks up to this number are listed one by one. */
const LISTED = 14;

/** All rows of one k: one, or one for each seed. */
type KRows = readonly SweepRow[];

interface Column {
  readonly heading: string;
  readonly value: (row: SweepRow) => number | null;
  readonly write: (value: number) => string;
}

/**
 * The table's lines: heading, rule, one row for each k or for neighbouring k with the same answer. The shown k stands
 * alone. Values of several rows are given as least … most.
 *
 * @param rows ordered by k, then seed
 */
export function sweepTable(rows: readonly SweepRow[], answers: Answers | null, k: number | null): string[] {
  const byK = rowsByK(rows);
  const groups = byK.length <= LISTED ? byK.map((one) => [one]) : equalRuns(byK, k);
  const columns = columnsFor(answers);
  return [
    `| k | ${l10n.t("answer")} | ${columns.map(({ heading }) => heading).join(" | ")} |`,
    `| ---: | :--- | ${columns.map(() => "---:").join(" | ")} |`,
    ...groups.map((group) => tableLine(group, columns, k)),
  ];
}

/** With a source answer the two are compared; without one there is room for the rank. */
function columnsFor(answers: Answers | null): readonly Column[] {
  const probabilityOf = (name: string, logprob: (row: SweepRow) => number | null): Column => ({
    heading: `p(${name})`,
    value: logprob,
    write: probabilityText,
  });
  const target = probabilityOf(
    answers ? escaped(answerName(answers.target.text)) : l10n.t("target"),
    (row) => row.targetLogprob,
  );
  const effect: readonly Column[] = [effectColumn("klToBaseline"), effectColumn("recovery")];
  if (!answers?.source) {
    return [
      target,
      { heading: l10n.t("rank of target"), value: (row) => row.rankOfTarget, write: String },
      ...effect,
    ];
  }
  return [
    probabilityOf(escaped(answerName(answers.source.text)), (row) => row.sourceLogprob),
    target,
    { heading: l10n.t("logit difference"), value: (row) => row.logitDifference, write: signedText },
    ...effect,
  ];
}

function effectColumn(field: "klToBaseline" | "recovery"): Column {
  const { heading, write } = METRICS[field].shown;
  return { heading: heading(), value: (row) => row[field], write };
}

function rowsByK(rows: readonly SweepRow[]): KRows[] {
  const byK = new Map<number, SweepRow[]>();
  for (const row of rows) byK.set(row.k, [...(byK.get(row.k) ?? []), row]);
  return [...byK.values()];
}

function summaryOf(rows: KRows) {
  return rowPerK(rows.map(outcomeRow))[0]!;
}

/** Neighbouring k with the same answer; the shown one stands alone. */
function equalRuns(byK: readonly KRows[], shown: number | null): KRows[][] {
  const groups: KRows[][] = [];
  for (const rows of byK) {
    const before = groups.at(-1)?.at(-1);
    const { k, answer, outcome } = summaryOf(rows);
    const last = before && summaryOf(before);
    const goesOn =
      last?.k === k - 1 &&
      last.answer === answer &&
      last.outcome === outcome &&
      last.k !== shown &&
      k !== shown;
    if (goesOn) groups.at(-1)!.push(rows);
    else groups.push([rows]);
  }
  return groups;
}

function tableLine(group: readonly KRows[], columns: readonly Column[], k: number | null): string {
  const { k: first, answer, outcome } = summaryOf(group[0]!);
  const range = rangeText(first, group.at(-1)![0]!.k);
  const all = group.flat();
  const same = all.map(outcomeRow).filter((row) => row.answer === answer && row.outcome === outcome).length;
  const share = same === all.length ? "" : ` ${l10n.t("{0} of {1}", same, all.length)}`;
  const cells = [
    first === k ? `**${range}**` : range,
    `${OUTCOME_MARK[outcome]} ${tokenCode(answer)} ${OUTCOME_LETTER[outcome]}${share}`,
    ...columns.map(({ value, write }) => spread(all.map(value), write)),
  ];
  return `| ${cells.join(" | ")} |`;
}

function spread(values: readonly (number | null)[], write: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const [least, most] = [write(Math.min(...known)), write(Math.max(...known))];
  return least === most ? least : `${least} … ${most}`;
}
