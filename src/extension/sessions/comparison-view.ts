/** Two sessions as the page shows them side by side, with what the two have in common in words. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { compareSessions } from "../../shared/session/compare.ts";
import type { DifferenceMap, GridDifference } from "../../shared/session/difference.ts";
import { differenceMap } from "../../shared/session/difference.ts";
import type { Session } from "../../shared/session/session.ts";
import type { ComparisonView, DifferenceView } from "../../shared/protocol/session-page.ts";
import type { SessionReading } from "./read-session.ts";
import { sideOf } from "./read-session.ts";

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
    return { files, sides, map: null, notes: [l10n.t("One of the two files cannot be read as a session.")] };
  }
  const difference = differenceMap(a, b);
  if (!difference) {
    const note = l10n.t(
      "The prompts differ, so that no cell of one has its like in the other: the two stand side by side, without a map.",
    );
    return { files, sides, map: null, notes: [note] };
  }
  return {
    files,
    sides,
    map: difference.grid && gridView(difference.grid),
    notes: [
      l10n.t("The same prompt."),
      ...differingInputs(a, b),
      ...rowsText(difference),
      ...difference.notes,
    ],
  };
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

/** How many rows of the two sweeps answer otherwise. */
function rowsText({ rows }: DifferenceMap): string[] {
  if (rows.length === 0) return [];
  const differing = rows.filter(({ outcomes }) => outcomes[0] !== outcomes[1]).length;
  return [
    differing === 0
      ? l10n.t("The sweeps have the same outcome in all {0} rows.", rows.length)
      : l10n.t("The sweeps’ outcomes differ in {0} of {1} rows.", differing, rows.length),
  ];
}

function listed(names: readonly string[]): string {
  const last = names.at(-1)!;
  return names.length === 1 ? last : l10n.t("{0} and {1}", names.slice(0, -1).join(", "), last);
}
