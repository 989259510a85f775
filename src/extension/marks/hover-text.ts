/** The hover on a swapped prompt: the table of k, and what can be done next. */
import { OUTCOME_LETTER, OUTCOME_MARK, rangeText, verdict } from "../../shared/outcome.ts";
import type { SweepRow } from "../../shared/result.ts";
import type { Token } from "../../shared/tokens.ts";
import { commandIds } from "../ids.ts";
import type { Source, Swap, SweepRun } from "../swap/records.ts";
import { answerName, answerOf } from "./answer-name.ts";
import { commandLink, escaped, tokenCode } from "./markdown.ts";

/** Rows up to this number are listed one by one. */
const LISTED = 14;

/** Commands that a hover may run. */
export const hoverCommands: readonly string[] = [
  commandIds.runAgain,
  commandIds.runGrid,
  commandIds.stepLayerDown,
  commandIds.stepLayerUp,
  commandIds.openPanel,
  commandIds.chooseSource,
  commandIds.clearResults,
  commandIds.showLog,
];

/**
 * The hover's Markdown.
 *
 * @param stale why the result no longer stands
 * @param k the row that the marks show
 * @param blocks number of blocks of the model
 */
export function swapHover(swap: Swap, stale: string | null, k: number | null, blocks: number): string {
  const { sweep } = swap;
  const lines = [swapSentence(swap), ""];
  if (stale !== null) lines.push(`**Out of date.** ${stale} ${runAgain(swap)}`, "");
  if (sweep) lines.push(...sweepLines(sweep, k, blocks));
  if (sweep?.failure) lines.push("", `**${escaped(sweep.failure.message)}** ${escaped(sweep.failure.hint)}`);
  lines.push("", links(swap), "", "k = 0\\-based block whose input is replaced; 0 = embeddings.");
  return lines.join("\n");
}

/** The hover on a copied state. */
export function sourceHover({ read, span }: Source): string {
  const place = span.from === span.to ? `@${span.from}` : `@${span.from}–${span.to}`;
  return `${OUTCOME_MARK.source} State of ${tokenCode(span.text)} ${place} of ${read.tokenization.tokens.length} tokens is copied. Select the tokens that it should replace, and run *Swap State Here*.`;
}

/** The hover on a shown token. */
export function tokenHover(token: Token): string {
  return `Token ${tokenCode(token.text)} @${token.index} · id ${token.id}`;
}

function swapSentence({ source, pairs, target }: Swap): string {
  const tokens = target.tokenization.tokens;
  const places = pairs.map((pair) => `${tokenCode(tokens[pair.target]?.text ?? "")} @${pair.target}`);
  const from =
    source.span.from === source.span.to ? `@${source.span.from}` : `@${source.span.from}–${source.span.to}`;
  return `State of ${OUTCOME_MARK.source} ${tokenCode(source.span.text)} ${from} (${escaped(source.read.label)}) → ${OUTCOME_MARK.target} ${places.join(", ")}, before block k`;
}

function sweepLines(sweep: SweepRun, k: number | null, blocks: number): string[] {
  const { rows } = sweep;
  if (rows.length === 0) return [sweep.state === "running" ? "Running …" : "No rows."];
  const said = verdict(
    rows.map((row) => ({ k: row.k, outcome: row.outcome, answer: answerOf(row) })),
    blocks,
  );
  const source = sweep.answers?.source;
  const target = sweep.answers?.target;
  const heading = [
    "k",
    "answer",
    `p(${source ? escaped(answerName(source.text)) : "source"})`,
    `p(${target ? escaped(answerName(target.text)) : "target"})`,
    "rank of target",
    "logit difference",
  ];
  const groups = rows.length <= LISTED ? rows.map((row) => [row]) : equalRuns(rows, k);
  return [
    ...(sweep.state === "complete" ? [escaped(said), ""] : []),
    `| ${heading.join(" | ")} |`,
    "| ---: | :--- | ---: | ---: | ---: | ---: |",
    ...groups.map((group) => tableLine(group, k)),
  ];
}

/** Neighbouring rows with the same answer; the shown row stands alone. */
function equalRuns(rows: readonly SweepRow[], k: number | null): SweepRow[][] {
  const groups: SweepRow[][] = [];
  for (const row of rows) {
    const before = groups.at(-1)?.at(-1);
    const goesOn =
      before?.k === row.k - 1 &&
      answerOf(before) === answerOf(row) &&
      before.outcome === row.outcome &&
      before.k !== k &&
      row.k !== k;
    if (goesOn) groups.at(-1)!.push(row);
    else groups.push([row]);
  }
  return groups;
}

function tableLine(group: readonly SweepRow[], k: number | null): string {
  const first = group[0]!;
  const range = rangeText(first.k, group.at(-1)!.k);
  const cells = [
    first.k === k ? `**${range}**` : range,
    `${OUTCOME_MARK[first.outcome]} ${tokenCode(answerOf(first))} ${OUTCOME_LETTER[first.outcome]}`,
    spread(
      group.map((row) => probability(row.sourceLogprob)),
      probabilityText,
    ),
    spread(
      group.map((row) => probability(row.targetLogprob)),
      probabilityText,
    ),
    spread(
      group.map((row) => row.rankOfTarget),
      String,
    ),
    spread(
      group.map((row) => row.logitDifference),
      signed,
    ),
  ];
  return `| ${cells.join(" | ")} |`;
}

function probability(logprob: number | null): number | null {
  return logprob === null ? null : Math.exp(logprob);
}

function spread(values: readonly (number | null)[], write: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const [least, most] = [write(Math.min(...known)), write(Math.max(...known))];
  return least === most ? least : `${least} … ${most}`;
}

function probabilityText(value: number): string {
  return value !== 0 && value < 0.0005 ? value.toExponential(0) : value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

function runAgain(swap: Swap): string {
  return commandLink("Run Again", commandIds.runAgain, [swap.id], "Run this swap on the prompt as it is now");
}

function links(swap: Swap): string {
  return [
    runAgain(swap),
    commandLink("Run Grid", commandIds.runGrid, [swap.id], "Put the state at every token"),
    commandLink("Step k Down", commandIds.stepLayerDown, [swap.id], "Show the next lower k"),
    commandLink("Step k Up", commandIds.stepLayerUp, [swap.id], "Show the next higher k"),
    commandLink("Choose Source…", commandIds.chooseSource, [swap.id], "Put in another state"),
    commandLink("Open Panel", commandIds.openPanel, [swap.id], "Show this swap in the side panel"),
    commandLink("Clear", commandIds.clearResults, [swap.id], "Remove this result"),
  ].join(" · ");
}
