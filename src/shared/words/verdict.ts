/** What a sweep showed, in words: its runs of outcomes, the flip, or that nothing changed. */
import * as l10n from "@vscode/l10n";
import type { Condition, ConditionKind } from "../condition/condition.ts";
import { descriptorOf, isMeantToChangeNothing } from "../condition/condition.ts";
import type { Flip, Outcome, OutcomeRow, OutcomeRun } from "../experiment/outcome.ts";
import { givesTarget, OUTCOME_MARK, flipOf, outcomeRuns } from "../experiment/outcome.ts";
import type { SweepRow } from "../experiment/result.ts";
import type { Sweep } from "../experiment/run.ts";
import { rangeText, runsOf } from "../text/ranges.ts";
import { answerName, outcomeName, outcomeRow } from "./answer.ts";
import type { Part } from "./parts.ts";
import { joined, part, sentence } from "./parts.ts";

/** What a sweep's verdict is told from, beside its rows. */
export interface VerdictFacts {
  /** `identity` for whatever is meant to put in what stands there already: it is judged as one. */
  readonly kind: ConditionKind;
  /** Number of blocks of the model. */
  readonly blocks: number;
  /** Whether the unpatched model gives the target answer: a named one need not be its own (`givesTarget`). */
  readonly givesTarget: boolean;
  /** Whether both answers are known, so that their likelihoods can be held against each other; absent: not. */
  readonly hasBoth?: boolean;
}

/** What the verdict of a sweep is told from. */
export function verdictFacts(
  { condition, answers, baseline }: Pick<Sweep, "answers" | "baseline"> & { readonly condition: Condition },
  blocks: number,
): VerdictFacts {
  const kind = isMeantToChangeNothing(condition) ? "identity" : condition.kind;
  const hasBoth = answers !== null && answers.source !== null;
  return { kind, blocks, givesTarget: givesTarget(answers, baseline), hasBoth };
}

/** What a verdict needs of a row. */
export type VerdictRow = Pick<SweepRow, "k" | "outcome" | "top" | "klToBaseline"> &
  Partial<Pick<SweepRow, "targetLogprob" | "sourceLogprob">>;

/** In nats; logits that differ by 1e-4 give less. */
const ROUNDING_KL = 1e-7;

/** Runs beyond which neighbouring other answers are counted, not named. */
const MOST_NAMED_RUNS = 6;

/**
 * The runs as a verdict names them. Where there are many, as with noise, neighbouring runs of `neither` become one, whose
 * answer says how many they are.
 */
export function verdictRuns(rows: readonly OutcomeRow[]): OutcomeRun[] {
  const runs = outcomeRuns(rows);
  if (runs.length <= MOST_NAMED_RUNS) return runs.map((run) => ({ ...run, answer: answerName(run.answer) }));
  const merged: { run: OutcomeRun; answers: Set<string> }[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last && run.outcome === "neither" && last.run.outcome === "neither") {
      last.run = { ...last.run, to: run.to };
      last.answers.add(run.answer);
    } else merged.push({ run, answers: new Set([run.answer]) });
  }
  return merged.map(({ run, answers }) => ({
    ...run,
    answer: answers.size === 1 ? answerName(run.answer) : l10n.t("{0} other answers", answers.size),
  }));
}

/** What a sweep found: decided once, whether it is said as a sentence, a headline or in a few words. */
type Finding =
  | { readonly code: "no-rows" | "unchanged" | "no-flip" }
  /** Of given vectors, whose rows need not be there for every k: nothing is said of ranges that never ran. */
  | { readonly code: "counts" }
  /** One outcome throughout; `isOne`: one answer too, for other answers can be many. */
  | { readonly code: "throughout"; readonly isTarget: boolean; readonly isOne: boolean }
  /**
   * Answers that the user named, and that are never the most probable ones. `passes`: the k from which on the target's is
   * more likely than the source's; null where it is not at the last layer; undefined where rows do not say.
   */
  | { readonly code: "never-first"; readonly passes: number | null | undefined }
  | { readonly code: "flip"; readonly flip: Flip };

/** What the rows of a finished sweep show. */
export function findingOf(rows: readonly VerdictRow[], facts: VerdictFacts): Finding {
  const { kind, blocks } = facts;
  if (rows.length === 0) return { code: "no-rows" };
  if (descriptorOf(kind).takes.places === "given") return { code: "counts" };
  if (isUnchangedIdentity(rows, kind)) return { code: "unchanged" };
  const told = rows.map(outcomeRow);
  // What the unpatched model does not give is not missed at the last layer.
  if (!facts.givesTarget && facts.hasBoth === true && rows.every(({ outcome }) => outcome === "neither")) {
    return { code: "never-first", passes: passingK(rows) };
  }
  const [run, another] = verdictRuns(told);
  if (!another) {
    return {
      code: "throughout",
      isTarget: run!.outcome === "target",
      isOne: outcomeRuns(told).length === 1,
    };
  }
  const flip = flipOf(told, blocks);
  return flip ? { code: "flip", flip } : { code: "no-flip" };
}

/** First k from which on, with every seed, the target's answer is more likely than the source's; null without one. */
function passingK(rows: readonly VerdictRow[]): number | null | undefined {
  if (rows.some((row) => row.sourceLogprob === null || row.sourceLogprob === undefined)) return undefined;
  const below = rows.findLast(({ targetLogprob, sourceLogprob }) => targetLogprob! <= sourceLogprob!);
  if (!below) return rows[0]!.k;
  return rows.find(({ k }) => k > below.k)?.k ?? null;
}

/** How the two answers stand to each other where neither is ever first. */
export function passesText(passes: number | null | undefined, first: number): string {
  if (passes === undefined) return "";
  if (passes === null) return l10n.t("p(★) passes p(◆) at no k");
  return passes === first
    ? l10n.t("p(★) is above p(◆) at every k")
    : l10n.t("p(★) passes p(◆) at k = {0}", passes);
}

/** Says in one sentence what a sweep showed: every change, the flip, or that nothing changed. */
export function verdict(rows: readonly VerdictRow[], facts: VerdictFacts): Part[] {
  const { blocks, givesTarget } = facts;
  const finding = findingOf(rows, facts);
  const said = (): Part[] => joined(verdictRuns(rows.map(outcomeRow)).map(runParts), ", ");
  switch (finding.code) {
    case "no-rows":
      return [part(l10n.t("No rows."))];
    case "counts":
      return outcomeCounts(rows);
    case "unchanged":
      return [
        part(l10n.t("Nothing changes for k {0}, as it must: the same states are put in.", rowRanges(rows))),
      ];
    case "throughout":
      return sentence(throughoutText(finding, givesTarget), said(), ignoredText(facts));
    case "flip": {
      const { flip } = finding;
      const template = givesTarget
        ? l10n.t("{0}: flips at k = {1} of {2} ({3}).")
        : l10n.t("{0}: flips to the target answer at k = {1} of {2} ({3}).");
      return sentence(template, said(), flip.k, flip.of, percent(flip));
    }
    case "no-flip":
      return sentence(l10n.t("{0}: no flip, {1}."), said(), noFlipReason(rows, blocks));
    case "never-first": {
      const passes = passesText(finding.passes, rows[0]!.k);
      return passes === ""
        ? sentence(l10n.t("{0}: neither of the answers is ever the most probable."), said())
        : sentence(l10n.t("{0}: neither of the answers is ever the most probable; {1}."), said(), passes);
    }
  }
}

/** Whether states that were there already were put in, and changed nothing. */
function isUnchangedIdentity(rows: readonly VerdictRow[], kind: VerdictFacts["kind"]): boolean {
  return kind === "identity" && rows.every(({ klToBaseline }) => klToBaseline < ROUNDING_KL);
}

/** What it means that a condition never changes the answer. */
export function ignoredText({ kind }: Pick<VerdictFacts, "kind">): string {
  return kind === "identity"
    ? l10n.t("but the probabilities do: the same states must change nothing")
    : descriptorOf(kind).ignored();
}

/** Every k that has a row: with vectors at strength 0 some have none. */
export function rowRanges(rows: readonly Pick<VerdictRow, "k">[]): string {
  return runsOf([...new Set(rows.map(({ k }) => k))])
    .map(({ from, to }) => rangeText(from, to))
    .join(", ");
}

/** The verdict in a few words, without its runs: `flip 24/30`. */
export function shortVerdict(rows: readonly VerdictRow[], facts: VerdictFacts): string {
  const { kind, givesTarget } = facts;
  const finding = findingOf(rows, facts);
  switch (finding.code) {
    case "no-rows":
    case "no-flip":
      return l10n.t("no flip");
    case "never-first":
      return l10n.t("neither answer is ever first");
    case "counts":
      return rows.length === 1 ? l10n.t("1 row") : l10n.t("{0} rows", rows.length);
    case "unchanged":
      return l10n.t("never changes: {0}", descriptorOf(kind).ignored());
    case "throughout":
      if (!finding.isTarget) return givesTarget ? l10n.t("never changes back") : l10n.t("no target answer");
      return givesTarget
        ? l10n.t("never changes: {0}", ignoredText(facts))
        : l10n.t("the target answer throughout");
    case "flip":
      return l10n.t("flip {0}/{1}", finding.flip.k, finding.flip.of);
  }
}

/** One run: `Rome for k 0–23`. */
function runParts({ answer, from, to, outcome }: OutcomeRun): Part[] {
  return sentence(l10n.t("{0} for k {1}"), part(answer, outcome), rangeText(from, to));
}

function throughoutText(
  { isTarget, isOne }: Extract<Finding, { code: "throughout" }>,
  givesTarget: boolean,
): string {
  if (isTarget) {
    return givesTarget
      ? l10n.t("{0}: never changes, {1}.")
      : l10n.t("{0}: the target answer throughout, which the unpatched model does not give.");
  }
  if (!givesTarget) return l10n.t("{0}: the target answer never comes.");
  return isOne
    ? l10n.t("{0}: never changes, the target answer never comes back.")
    : l10n.t("{0}: the target answer never comes back.");
}

/** Why rows that change have no flip. */
export function noFlipReason(rows: readonly VerdictRow[], blocks: number): string {
  const { k } = rows.at(-1)!;
  if (k < blocks - 1) return l10n.t("the range ends before the last layer (k = {0})", blocks - 1);
  return rows.some((row) => row.k === k && row.outcome === "target")
    ? l10n.t("the last layer does not give the target answer with every seed")
    : l10n.t("the last layer does not give the target answer");
}

/** Each outcome that occurs, and for which k. */
export function outcomeRanges(
  rows: readonly VerdictRow[],
): { readonly name: Part; readonly ranges: string }[] {
  const outcomes: readonly Outcome[] = ["source", "target", "neither"];
  return outcomes.flatMap((outcome) => {
    const of = rows.filter((row) => row.outcome === outcome);
    return of.length === 0 ? [] : [{ name: part(outcomeName(outcome), outcome), ranges: rowRanges(of) }];
  });
}

function outcomeCounts(rows: readonly VerdictRow[]): Part[] {
  const said = outcomeRanges(rows).map(({ name: { text, side }, ranges }) =>
    sentence(l10n.t("{0} for k {1}"), part(`${text} (${OUTCOME_MARK[side!]})`, side), ranges),
  );
  const outcomesSaid = joined(said, "; ");
  return rows.length === 1
    ? sentence(l10n.t("1 row: {0}."), outcomesSaid)
    : sentence(l10n.t("{0} rows: {1}."), rows.length, outcomesSaid);
}

/** A flip's depth as a share of all blocks, `80 %`. */
function percent(flip: Flip): string {
  return `${Math.round((100 * flip.k) / flip.of)} %`;
}
