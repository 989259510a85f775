/** What helps against an error, where each face has its own way to it: a code, and how the editor says it. */
import * as l10n from "@vscode/l10n";

/** Codes of such hints; the command line has its own words for each. */
export const HINT_CODES = ["choose-file", "bos-policy", "name-answers", "layer-range"] as const;

export type HintCode = (typeof HINT_CODES)[number];

/** What helps in the editor. */
export function editorHint(code: HintCode): string {
  switch (code) {
    case "choose-file":
      return l10n.t("Choose one of the files with Select Model….");
    case "bos-policy":
      return l10n.t("Set State Swap: Bos to auto or off.");
    case "name-answers":
      return l10n.t("Name two answers that differ with Set Answers…, or leave one to be found by running.");
    case "layer-range":
      return l10n.t("Choose another range with Set Layer Range….");
  }
}
