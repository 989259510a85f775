/** A verdict as a headline over its runs, for faces with room for both; `verdict.ts` says the same in one sentence. */
import * as l10n from "@vscode/l10n";
import type { OutcomeRun } from "../experiment/outcome.ts";
import { rangeText } from "../text/ranges.ts";
import { outcomeRow } from "./answer.ts";
import type { Part } from "./parts.ts";
import { joined, part, sentence } from "./parts.ts";
import type { VerdictFacts, VerdictRow } from "./verdict.ts";
import {
  findingOf,
  ignoredText,
  noFlipReason,
  outcomeRanges,
  passesText,
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
  const { blocks, givesTarget } = facts;
  const runs = verdictRuns(rows.map(outcomeRow));
  const found = findingOf(rows, facts);
  const head = (parts: readonly Part[]): VerdictHead => ({ head: parts, runs: runs.map(runParts) });
  switch (found.code) {
    case "no-rows":
      return { head: [], runs: [] };
    case "counts": {
      const count = rows.length === 1 ? l10n.t("1 row") : l10n.t("{0} rows", rows.length);
      return {
        head: [finding(count)],
        runs: outcomeRanges(rows).map(({ name, ranges }) => placed(name, ranges)),
      };
    }
    case "unchanged": {
      const same = l10n.t("as it must: the same states are put in");
      return {
        head: joined([finding(l10n.t("Nothing changes")), same], ", "),
        runs: [placed(part(""), rowRanges(rows))],
      };
    }
    case "throughout": {
      if (found.isTarget && givesTarget)
        return head(joined([finding(l10n.t("Never changes")), ignoredText(facts)], ": "));
      if (found.isTarget) {
        const why = l10n.t("which the unpatched model does not give");
        return head(joined([finding(l10n.t("The target answer throughout")), why], ", "));
      }
      if (!givesTarget) return head([finding(l10n.t("The target answer never comes"))]);
      return found.isOne
        ? head(joined([finding(l10n.t("Never changes back")), runs[0]!.answer], ": "))
        : head([finding(l10n.t("The target answer never comes back"))]);
    }
    case "flip": {
      const { flip } = found;
      const text = givesTarget
        ? l10n.t("Flips at layer {0}", flip.k)
        : l10n.t("Flips to the target answer at layer {0}", flip.k);
      return head(sentence(l10n.t("{0} of {1}"), finding(text), flip.of));
    }
    case "never-first": {
      const passes = passesText(found.passes, rows[0]!.k);
      return head(
        joined([finding(l10n.t("Neither answer is ever first")), ...(passes === "" ? [] : [passes])], ": "),
      );
    }
    case "no-flip":
      return head(joined([finding(l10n.t("No flip")), noFlipReason(rows, blocks)], ": "));
  }
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
