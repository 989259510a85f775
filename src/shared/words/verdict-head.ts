/** A verdict as a headline over its runs, for faces with room for both; `verdict.ts` says the same in one sentence. */
import * as l10n from "@vscode/l10n";
import { descriptorOf } from "../condition/condition.ts";
import type { OutcomeRun } from "../experiment/outcome.ts";
import { flipOf, outcomeRuns } from "../experiment/outcome.ts";
import { rangeText } from "../text/ranges.ts";
import { outcomeRow } from "./answer.ts";
import type { Part } from "./parts.ts";
import { joined, part, sentence } from "./parts.ts";
import type { VerdictFacts, VerdictRow } from "./verdict.ts";
import {
  ignoredText,
  isUnchangedIdentity,
  noFlipReason,
  outcomeRanges,
  rowRanges,
  verdictRuns,
} from "./verdict.ts";

/** Both empty while there is nothing to say. */
export interface VerdictHead {
  /** `Flips at layer 24 of 30`: the finding stands out, what it is measured by does not. */
  readonly head: readonly Part[];
  /** One entry a run: `Rome k 0–23`. */
  readonly runs: readonly (readonly Part[])[];
}

/** The headline of a finished sweep, with its runs. */
export function verdictHead(rows: readonly VerdictRow[], facts: VerdictFacts): VerdictHead {
  if (rows.length === 0) return { head: [], runs: [] };
  if (descriptorOf(facts.kind).takes.places === "given") {
    const count = rows.length === 1 ? l10n.t("1 row") : l10n.t("{0} rows", rows.length);
    return {
      head: [finding(count)],
      runs: outcomeRanges(rows).map(({ name, ranges }) => placed(name, ranges)),
    };
  }
  if (isUnchangedIdentity(rows, facts)) {
    const same = l10n.t("as it must: the same states are put in");
    return {
      head: joined([finding(l10n.t("Nothing changes")), same], ", "),
      runs: [placed(part(""), rowRanges(rows))],
    };
  }
  const told = rows.map(outcomeRow);
  return { head: headOf(rows, facts), runs: verdictRuns(told).map(runParts) };
}

function headOf(rows: readonly VerdictRow[], facts: VerdictFacts): Part[] {
  const { blocks, givesTarget } = facts;
  const told = rows.map(outcomeRow);
  const runs = outcomeRuns(told);
  const merged = verdictRuns(told);
  if (merged.length === 1) {
    const isTarget = merged[0]!.outcome === "target";
    if (isTarget && givesTarget) return joined([finding(l10n.t("Never changes")), ignoredText(facts)], ": ");
    if (isTarget) {
      const why = l10n.t("which the unpatched model does not give");
      return joined([finding(l10n.t("The target answer throughout")), why], ", ");
    }
    if (!givesTarget) return [finding(l10n.t("The target answer never comes"))];
    const never = finding(l10n.t("The target answer never comes back"));
    return runs.length === 1
      ? joined([finding(l10n.t("Never changes back")), merged[0]!.answer], ": ")
      : [never];
  }
  const flip = flipOf(told, blocks);
  if (!flip) return joined([finding(l10n.t("No flip")), noFlipReason(rows, blocks)], ": ");
  const text = givesTarget
    ? l10n.t("Flips at layer {0}", flip.k)
    : l10n.t("Flips to the target answer at layer {0}", flip.k);
  return sentence(l10n.t("{0} of {1}"), finding(text), flip.of);
}

function finding(text: string): Part {
  return part(text, null, true);
}

function runParts({ answer, from, to, outcome }: OutcomeRun): Part[] {
  return placed(part(answer, outcome), rangeText(from, to));
}

/** An answer and its layers, which stay on one line. */
function placed(name: Part, ranges: string): Part[] {
  return name.text === "" ? [part(`k\u00a0${ranges}`)] : [name, part(` k\u00a0${ranges}`)];
}
