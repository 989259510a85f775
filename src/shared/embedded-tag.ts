/** What is said of the embedded model wherever it is named. */
import * as l10n from "@vscode/l10n";

/** A short tag, and its explanation. */
export const embeddedTag = {
  get label(): string {
    return l10n.t("demonstration model");
  },
  get description(): string {
    return l10n.t(
      "A demonstration, never evidence: its flip sits where its training put it. Make claims with real models only.",
    );
  },
} as const;
