/** Two sessions as the page shows them side by side, with what the two have in common in words. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { compareSessions } from "../../shared/session/compare.ts";
import type { GridDifference } from "../../shared/session/difference.ts";
import { differenceMap } from "../../shared/session/difference.ts";
import type { Session } from "../../shared/session/session.ts";
import type { ComparisonView, DifferenceView } from "../../shared/protocol/session-page.ts";
import type { SessionReading } from "./read-session.ts";
import { sideOf } from "./read-session.ts";
import { namedPrompt } from "../../shared/words/condition.ts";
import type { ComparedRun } from "../../shared/words/run-comparison.ts";
import { comparisonText } from "../../shared/words/run-comparison.ts";
import type { NamedRun } from "../../shared/words/run-name.ts";
import { runNames } from "../../shared/words/run-name.ts";

/** Names of the two sides where nothing says more. */
const LETTERS = ["A", "B"] as const;

/** A file with what was read of it. */
export interface ReadFile {
  readonly uri: Uri;
  readonly reading: SessionReading;
}

/** The view of a comparison; a damaged side says what is wrong with it. */
export function comparisonView(first: ReadFile, second: ReadFile): ComparisonView {
  const sides = [sideOf(first.uri, first.reading), sideOf(second.uri, second.reading)] as const;
  const files = [first.uri.toString(), second.uri.toString()] as const;
  const [a, b] = [first.reading.session, second.reading.session];
  if (!a || !b) {
    const finding = l10n.t("One of the two files cannot be read as a session.");
    return { files, sides, names: LETTERS, map: null, finding, notes: [] };
  }
  const names = sideNames(a, b);
  const sweeps = sweepsText(a, b, names);
  const difference = differenceMap(a, b);
  if (!difference) {
    const note = l10n.t(
      "The prompts differ, so that no cell of one has its like in the other: the two stand side by side, without a map.",
    );
    return {
      files,
      sides,
      names,
      map: null,
      finding: [l10n.t("Two prompts."), ...sweeps].join(" "),
      notes: [note],
    };
  }
  return {
    files,
    sides,
    names,
    map: difference.grid && gridView(difference.grid),
    finding: [l10n.t("The same prompt."), ...sweeps].join(" "),
    notes: [...differingInputs(a, b), ...difference.notes],
  };
}

/** The letter of each side, with what its sweep did where that is known of both. */
function sideNames(a: Session, b: Session): readonly [string, string] {
  const runs = [a, b].flatMap(({ sweep, target, source, model }): NamedRun[] =>
    sweep
      ? [
          {
            ...sweep,
            scoring: sweep.request.scoring,
            target: namedPrompt(target),
            source: source && namedPrompt(source),
            model: model.name,
            blocks: model.blocks,
          },
        ]
      : [],
  );
  const [first, second] = runNames(runs);
  if (first === undefined || second === undefined || first === second) return LETTERS;
  return [`${LETTERS[0]} (${first})`, `${LETTERS[1]} (${second})`];
}

/** How the two sweeps compare; nothing where one has none. */
function sweepsText(a: Session, b: Session, names: readonly [string, string]): string[] {
  if (!a.sweep || !b.sweep) return [];
  const run = ({ sweep, model }: Session, name: string): ComparedRun => ({
    ...sweep!,
    name,
    blocks: model.blocks,
  });
  return [comparisonText(run(a, names[0]), run(b, names[1]))];
}

function gridView({ measure, layers, values, changed, extent }: GridDifference): DifferenceView {
  const isLogit = measure === "logitDifference";
  return {
    quantity: isLogit ? l10n.t("Logit difference, source − target") : l10n.t("log p of the target answer"),
    towards: isLogit ? "source" : "target",
    layers,
    values,
    changed,
    extent,
  };
}

function differingInputs(a: Session, b: Session): string[] {
  const names = compareSessions(a, b)
    .inputs.filter(({ harmless }) => !harmless)
    .map(({ what }) => what);
  return names.length === 0 ? [l10n.t("Asked the same.")] : [l10n.t("They differ in: {0}.", listed(names))];
}

function listed(names: readonly string[]): string {
  const last = names.at(-1)!;
  return names.length === 1 ? last : l10n.t("{0} and {1}", names.slice(0, -1).join(", "), last);
}
