/** Facts without which a result cannot be read, in words: BOS, what k means, demonstration models, runs that broke off. */
import * as l10n from "@vscode/l10n";
import { CONVENTION } from "../experiment/experiment.ts";

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

/** A result's convention in the language that is set; one of another version as it stands there. */
export function conventionText(convention: string): string {
  return convention === CONVENTION ? l10n.t("k = 0-based block whose input is replaced") : convention;
}

/** A short tag, and its explanation. */
export const EMBEDDED_TAG = {
  get label(): string {
    return l10n.t("demonstration model");
  },
  get description(): string {
    return l10n.t(
      "A demonstration, never evidence: its flip sits where its training put it. Make claims with real models only.",
    );
  },
} as const;

/** `Incomplete: the run was cancelled.` */
export function incompleteReason(what: string): string {
  return l10n.t("Incomplete: {0}", what);
}

/** What `incompleteReason` was given; null for a reason of another kind. */
export function incompletePart(reason: string): string | null {
  // Without values the template comes back as it is.
  const [before = "", after = ""] = l10n.t("Incomplete: {0}").split("{0}");
  if (!reason.startsWith(before) || !reason.endsWith(after)) return null;
  return reason.slice(before.length, reason.length - after.length);
}
