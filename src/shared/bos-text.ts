/** What became of the beginning-of-sequence token, in words. */
import * as l10n from "@vscode/l10n";

/**
 * Where the beginning-of-sequence token comes from and what the condition does to it:
 * `BOS: added by the tokenizer, replaced too`.
 *
 * @param isThere whether position 0 is one
 * @param isAdded whether the tokenizer put it there
 * @param isReplaced null for conditions that replace no positions
 */
export function bosText(isThere: boolean, isAdded: boolean, isReplaced: boolean | null): string {
  if (!isThere) return l10n.t("BOS: none");
  if (isAdded) {
    if (isReplaced === null) return l10n.t("BOS: added by the tokenizer");
    return isReplaced
      ? l10n.t("BOS: added by the tokenizer, replaced too")
      : l10n.t("BOS: added by the tokenizer, not replaced");
  }
  if (isReplaced === null) return l10n.t("BOS: part of the prompt");
  return isReplaced
    ? l10n.t("BOS: part of the prompt, replaced too")
    : l10n.t("BOS: part of the prompt, not replaced");
}
