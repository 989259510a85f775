/** The table of k in a hover, as Markdown: few lines and three columns, so that all of it is in view. */
import * as l10n from "@vscode/l10n";
import type { Answers } from "../../shared/experiment/experiment.ts";
import type { Outcome } from "../../shared/experiment/outcome.ts";
import { OUTCOME_MARK, rowPerK } from "../../shared/experiment/outcome.ts";
import { probabilityText } from "../../shared/text/format.ts";
import { outcomeRow } from "../../shared/words/answer.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { colored, tokenCode } from "../markdown.ts";

/** Lines of the table; a hover shows about twelve lines without scrolling. */
const MOST_LINES = 6;

/** All rows of one k: one, or one for each seed. */
type KRows = readonly SweepRow[];

/** Neighbouring k in one line. */
interface Group {
  readonly rows: readonly KRows[];
  readonly outcome: Outcome;
  /** Null where several answers share the line. */
  readonly answer: string | null;
}

/** A table's lines, and whether some of the rows are in none of them. */
export interface HoverTable {
  readonly lines: readonly string[];
  readonly isCut: boolean;
}

/**
 * Heading, rule, one line for neighbouring k with the same answer; the shown k stands alone. Where that is too long,
 * neighbouring answers of neither side share a line, then the lowest k go: the flip is above them. Values of several rows
 * are given as least … most.
 *
 * @param rows ordered by k, then seed
 */
export function sweepTable(rows: readonly SweepRow[], answers: Answers | null, k: number | null): HoverTable {
  const groups = foldedNeither(equalRuns(rowsByK(rows), k), k);
  const isCut = groups.length > MOST_LINES;
  const hasSource = (answers?.source ?? null) !== null;
  const heading = [
    ...(hasSource ? [colored(`p${OUTCOME_MARK.source}`, "source")] : []),
    colored(`p${OUTCOME_MARK.target}`, "target"),
  ];
  return {
    isCut,
    lines: [
      `| k | ${l10n.t("answer")} | ${heading.join(" / ")} |`,
      "| ---: | :--- | ---: |",
      ...groups.slice(-MOST_LINES).map((group) => tableLine(group, hasSource, k)),
    ],
  };
}

function rowsByK(rows: readonly SweepRow[]): KRows[] {
  const byK = new Map<number, SweepRow[]>();
  for (const row of rows) byK.set(row.k, [...(byK.get(row.k) ?? []), row]);
  return [...byK.values()];
}

/** Neighbouring k with the same answer; the shown one stands alone. */
function equalRuns(byK: readonly KRows[], shown: number | null): Group[] {
  const groups: Group[] = [];
  for (const rows of byK) {
    const { k, answer, outcome } = rowPerK(rows.map(outcomeRow))[0]!;
    const last = groups.at(-1);
    const isNext = last?.answer === answer && last.outcome === outcome && lastK(last) === k - 1;
    if (last && isNext && k !== shown && lastK(last) !== shown) {
      groups[groups.length - 1] = { ...last, rows: [...last.rows, rows] };
    } else groups.push({ rows: [rows], outcome, answer });
  }
  return groups;
}

/** Answers of neither side side by side in one line each stretch, where lines are too many. */
function foldedNeither(groups: readonly Group[], shown: number | null): Group[] {
  if (groups.length <= MOST_LINES) return [...groups];
  const folded: Group[] = [];
  for (const group of groups) {
    const last = folded.at(-1);
    const isBoth = last?.outcome === "neither" && group.outcome === "neither";
    if (last && isBoth && lastK(last) !== shown && lastK(group) !== shown) {
      folded[folded.length - 1] = { ...last, rows: [...last.rows, ...group.rows], answer: null };
    } else folded.push(group);
  }
  return folded;
}

function lastK({ rows }: Group): number {
  return rows.at(-1)![0]!.k;
}

function tableLine(group: Group, hasSource: boolean, k: number | null): string {
  const { outcome, answer } = group;
  const range = rangeText(group.rows[0]![0]!.k, lastK(group)).replaceAll(" ", "\u00a0");
  const all = group.rows.flat();
  const same = all.map(outcomeRow).filter((row) => row.answer === answer && row.outcome === outcome).length;
  const share = answer === null || same === all.length ? "" : ` ${l10n.t("{0} of {1}", same, all.length)}`;
  const said =
    answer === null
      ? l10n.t("{0} answers", new Set(all.map((row) => outcomeRow(row).answer)).size)
      : tokenCode(answer);
  const cells = [
    lastK(group) === k ? `**${range}**` : range,
    `${colored(OUTCOME_MARK[outcome], outcome)}\u00a0${said}${share}`,
    [
      ...(hasSource ? [spread(all.map((row) => row.sourceLogprob))] : []),
      spread(all.map((row) => row.targetLogprob)),
    ].join(" / "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function spread(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "–";
  const [least, most] = [probabilityText(Math.min(...known)), probabilityText(Math.max(...known))];
  return least === most ? least : `${least}…${most}`;
}
