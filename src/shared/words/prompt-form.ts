/** What a prompt is in its document, in words. */
import * as l10n from "@vscode/l10n";
import type { PromptForm } from "../prompt/prompt-form.ts";

/** One short sentence. */
export function formSentence(form: PromptForm): string {
  switch (form) {
    case "heading":
      return l10n.t("A heading, without its marks.");
    case "list-item":
      return l10n.t("A list item, without its marks.");
    case "quote":
      return l10n.t("A quote, without its marks.");
    case "cell":
      return l10n.t("A table cell, without its pipes.");
    case "fence":
      return l10n.t("A fenced block, without its indentation.");
    case "string":
      return l10n.t("A string literal, as its program reads it.");
    case "code":
      return l10n.t("Part of a program outside of its strings, as it stands.");
  }
}
