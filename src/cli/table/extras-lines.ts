/** Logit lens, attention, continuations and controls in words, under the table of a sweep. */
import { sourcePositionsOf } from "../../shared/condition/condition.ts";
import { controlSentence } from "../../shared/experiment/controls.ts";
import type { Answers, Experiment } from "../../shared/experiment/experiment.ts";
import { OUTCOME_MARK } from "../../shared/experiment/outcome.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import type { LensRow, SweepRow } from "../../shared/experiment/result.ts";
import type { AnsweredSweep, Continuations, Control } from "../../shared/experiment/run.ts";
import { probabilityText } from "../../shared/text/format.ts";
import { bestOf } from "../results.ts";
import { scopeText } from "../../shared/words/facts.ts";
import { verdict, verdictFacts } from "../../shared/words/verdict.ts";
import { painted } from "../style.ts";
import type { Style } from "../style.ts";
import type { RanSweep } from "../extras.ts";
import { fixedLogprob, logprobLabel } from "./sweep-table.ts";
import { displayWidth, fitLeft, fitRight, shownText } from "../../shared/text/text-width.ts";

/** What the lines need beside the sweep. */
interface BesideContext {
  readonly experiment: Experiment;
  readonly blocks: number;
  readonly style: Style;
}

/** Most attended tokens that are listed for a block. */
const MOST_ATTENDED = 3;
const TOKEN_WIDTH = 14;
const GAP = "  ";

/** The lines, with an empty one before each part. */
export function besideLines(
  context: BesideContext,
  { sweep, attention }: Pick<RanSweep, "sweep" | "attention">,
): string[] {
  const { answers, lens, continuations, controls } = sweep;
  return [
    ...(lens ? lensLines(context, answers, lens) : []),
    ...(attention ? attentionLines(context, attention) : []),
    ...(continuations ? continuationLines(continuations) : []),
    ...(controls ?? []).flatMap((control) => controlLines(context, sweep, control)),
  ];
}

/** Heading of the target answer's rank. */
const RANK = `rank(${OUTCOME_MARK.target})`;

/** A line for each k: the most likely token, its probability, the answers' log-probabilities and the target's rank. */
function lensLines({ blocks, style }: BesideContext, answers: Answers, lens: readonly LensRow[]): string[] {
  const { target, source } = answers;
  const kWidth = Math.max(2, String(blocks).length);
  const labels = [...(source ? [logprobLabel(source.text)] : []), logprobLabel(target.text)];
  const isLong = target.ids.length > 1 || (source !== null && source.ids.length > 1);
  const firsts = isLong ? ", answers by their first tokens" : "";
  const heading = [fitRight("k", kWidth), fitLeft("token", TOKEN_WIDTH), fitRight("p", 6), ...labels, RANK];
  const lines = lens.map((row) => {
    const best = bestOf(row.top);
    const logprobs = [...(source ? [row.sourceLogprob] : []), row.targetLogprob];
    return [
      fitRight(String(row.k), kWidth),
      fitLeft(shownText(best.text), TOKEN_WIDTH),
      fitRight(probabilityText(best.logprob), 6),
      ...logprobs.map((value, i) =>
        fitRight(value === null ? "" : fixedLogprob(value, 3), displayWidth(labels[i]!)),
      ),
      fitRight(String(row.rankOfTarget), RANK.length),
    ].join(GAP);
  });
  const title = `Logit lens of the unpatched last token (k = ${blocks} is the model's own answer${firsts}):`;
  return ["", title, style.faint(heading.join(GAP)), ...lines];
}

function attentionLines(
  { experiment, blocks }: BesideContext,
  weights: readonly (readonly number[])[],
): string[] {
  const kWidth = Math.max(2, String(blocks - 1).length);
  const lines = weights.map((row, k) => {
    const most = row
      .map((weight, position) => ({ weight, position }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, MOST_ATTENDED)
      .map(({ weight, position }) => {
        const token = shownText(experiment.target.tokens[position] ?? "");
        return `${weight.toFixed(2)} '${token}' @${position}`;
      });
    return [fitRight(String(k), kWidth), ...most.map((text) => fitLeft(text, 22))].join(GAP).trimEnd();
  });
  return [
    "",
    "Attention of the unpatched last token in layer k, mean over heads, most attended tokens:",
    ...lines,
  ];
}

function continuationLines({ scope, baseline, rows }: Continuations): string[] {
  const title = `Continuations. ${scopeText(scope)}`;
  const seeds = [...new Set(rows.map((row) => row.seed))];
  const lines = seeds.flatMap((seed) => {
    const own = rows.filter((row) => row.seed === seed);
    const of = seed === null ? "" : `, seed ${seed}`;
    return runsByValue(own, (row) => row.text).map(
      ({ from, to, value }) => `  k ${rangeText(from, to)}${of}: ${JSON.stringify(value)}`,
    );
  });
  return ["", title, `  unpatched: ${JSON.stringify(baseline.text)}`, ...lines];
}

function controlLines(
  { blocks, style }: BesideContext,
  { answers, baseline }: AnsweredSweep,
  { name, condition, source, rows }: Control,
): string[] {
  const put = source && sourcePositionsOf(condition).map((position) => source.tokens[position] ?? "");
  const what = controlSentence(name, put?.join("") ?? null, source?.text ?? "");
  const seeds = "seeds" in condition ? condition.seeds.length : 1;
  const band = seeds === 1 ? [] : [`  ${bandText(answers, rows, seeds)}`];
  return [
    "",
    `Control ${name}${seeds === 1 ? "" : `, ${seeds} seeds`}: ${what}`,
    `  ${painted(verdict(rows, verdictFacts({ condition, answers, baseline }, blocks)), style)}`,
    ...band,
  ];
}

/** How many seeds give an answer at each k: the target's, and the source's where any seed gives it. */
function bandText({ target, source }: Answers, rows: readonly SweepRow[], seeds: number): string {
  const ks = [...new Set(rows.map((row) => row.k))];
  const part = (outcome: "target" | "source", text: string): string => {
    const counts = ks.map((k) => ({
      k,
      count: rows.filter((row) => row.k === k && row.outcome === outcome).length,
    }));
    const runs = runsByValue(counts, ({ count }) => `${count} of ${seeds}`);
    if (outcome === "source" && counts.every(({ count }) => count === 0)) return `'${text}' at no seed`;
    const said = runs.map(({ from, to, value }) => `${value} for k ${rangeText(from, to)}`);
    return `'${text}' at ${said.join(", ")}`;
  };
  const parts = [
    part("target", shownText(target.text)),
    ...(source ? [part("source", shownText(source.text))] : []),
  ];
  return `Seeds: ${parts.join("; ")}.`;
}

/** Neighbouring items of the same value. */
function runsByValue<Item extends { readonly k: number }>(
  items: readonly Item[],
  valueOf: (item: Item) => string,
): { from: number; to: number; value: string }[] {
  const runs: { from: number; to: number; value: string }[] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const value = valueOf(item);
    if (run?.value === value) run.to = item.k;
    else runs.push({ from: item.k, to: item.k, value });
  }
  return runs;
}
