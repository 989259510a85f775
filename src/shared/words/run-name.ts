/** Runs of one prompt by name: the condition, and of runs with one condition what tells them apart. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../condition/condition.ts";
import { descriptorOf, sourcePositionsOf } from "../condition/condition.ts";
import type { Answers, LayerRange, Scoring } from "../experiment/experiment.ts";
import { OUTCOME_MARK } from "../experiment/outcome.ts";
import { rangeText } from "../text/ranges.ts";
import { visibleText } from "../text/shown-text.ts";
import { conditionName, replacedText } from "./condition.ts";
import type { NamedPrompt } from "./condition.ts";

/** What a run is named by. */
export interface NamedRun {
  readonly condition: Condition;
  readonly target: NamedPrompt;
  /** Null for conditions that read no other run. */
  readonly source: NamedPrompt | null;
  readonly layers: LayerRange;
  readonly answers: Answers | null;
  readonly scoring: Scoring;
  /** Name of the model. */
  readonly model: string;
  readonly blocks: number;
}

/** What can tell two runs apart, what is asked for most first. */
const FACETS: readonly ((run: NamedRun) => string)[] = [
  sourceText,
  ({ condition, target }) => `${OUTCOME_MARK.target} ${replacedText(condition, target)}`,
  // Without the name, which stands before it.
  ({ condition, blocks }) => conditionName(condition, blocks, "").replace(/^, /, ""),
  ({ layers: { from, to } }) => `k ${rangeText(from, to)}`,
  ({ answers }) =>
    [answers?.source, answers?.target].map((answer) => visibleText(answer?.text.trim() ?? "–")).join("/"),
  ({ scoring }) => (scoring === "likelihood" ? l10n.t("whole answers") : l10n.t("next token")),
  ({ model }) => model,
];

/**
 * A name for each run, in their order: `Swap`, `Random ×5`; of two swaps `◆ Italy` and `◆ Spain`. Runs that nothing tells
 * apart have the same name.
 */
export function runNames(runs: readonly NamedRun[]): string[] {
  const bases = runs.map(baseName);
  return runs.map((run, i) => {
    const alike = runs.filter((_, other) => bases[other] === bases[i]);
    const [first, ...others] = tellingFacets(run, alike);
    if (first === undefined) return bases[i]!;
    // A source's mark says by itself that it is swapped in.
    return [first === sourceText(run) && first !== "" ? "" : bases[i]!, first, ...others]
      .filter((piece) => piece !== "")
      .join(" ");
  });
}

function baseName({ condition }: NamedRun): string {
  const name = descriptorOf(condition.kind).name();
  const seeds = "seeds" in condition ? condition.seeds.length : 1;
  return seeds > 1 ? `${name} ×${seeds}` : name;
}

function sourceText({ condition, source }: NamedRun): string {
  if (!source) return "";
  const text = sourcePositionsOf(condition).map((position) => source.tokens[position] ?? "");
  return `${OUTCOME_MARK.source} ${visibleText(text.join("").trim())}`;
}

/** The run's words for as many facets as it takes to tell it from those that are named alike. */
function tellingFacets(run: NamedRun, alike: readonly NamedRun[]): string[] {
  const said: string[] = [];
  let left = alike.filter((other) => other !== run);
  for (const facet of FACETS) {
    const others = left.filter((other) => facet(other) === facet(run));
    if (others.length < left.length) said.push(facet(run));
    left = others;
  }
  return said;
}

/** A name in two: the words that another run's name begins with too, and the rest, which tells it from that one. */
export interface NamePieces {
  /** Empty where no other name begins alike. */
  readonly alike: string;
  readonly own: string;
}

/** Names in two pieces, for where there is no room for both; joined by a blank they are the names. */
export function namePieces(names: readonly string[]): NamePieces[] {
  const words = names.map((name) => name.split(" "));
  return words.map((mine, i): NamePieces => {
    const shared = words.map((others, other) => (other === i ? 0 : sharedWords(mine, others)));
    // A name that is the beginning of another one, or the same, has nothing of its own: it is shown as it is.
    const most = Math.max(0, ...shared);
    const at = most === mine.length ? 0 : most;
    return { alike: mine.slice(0, at).join(" "), own: mine.slice(at).join(" ") };
  });
}

function sharedWords(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((word, i) => word !== b[i]);
  return end === -1 ? a.length : end;
}
