/** Facts without which a result cannot be read, in words: BOS, what k means, demonstration models. */
import * as l10n from "@vscode/l10n";
import { CONVENTION } from "../experiment/experiment.ts";
import type { ContinuationScope, SweepRow } from "../experiment/result.ts";
import { normText } from "../text/format.ts";

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
  return convention === CONVENTION ? l10n.t("k = 0-based layer whose input is replaced") : convention;
}

/** `‖Δh‖ 12.3 at k = 8`: the size of the change at one k, least and most over seeds; null without rows there. */
export function deltaText(
  rows: readonly Pick<SweepRow, "k" | "deltaNorm">[],
  k: number | null,
): string | null {
  const norms = rows.filter((row) => row.k === k).map((row) => row.deltaNorm);
  if (k === null || norms.length === 0) return null;
  const ends = [...new Set([Math.min(...norms), Math.max(...norms)].map(normText))];
  return l10n.t("‖Δh‖ {0} at k = {1}", ends.join(" … "), k);
}

/** What a condition covers while text is generated behind its prompt. */
export function scopeText(scope: ContinuationScope): string {
  return scope === "prompt"
    ? l10n.t("The condition covers the prompt; generated tokens run unpatched on its keys and values.")
    : l10n.t("Attention stays off at every step.");
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
