/** What k means, for people: results keep the English sentence, whoever made them. */
import * as l10n from "@vscode/l10n";
import { CONVENTION } from "./experiment.ts";

/** A result's convention in the language that is set; one of another version as it stands there. */
export function conventionText(convention: string): string {
  return convention === CONVENTION ? l10n.t("k = 0-based block whose input is replaced") : convention;
}
