/** Whether a result still stands, in words. */
import * as l10n from "@vscode/l10n";
import type { Part } from "./parts.ts";
import { part } from "./parts.ts";
import type { Standing, StaleReason } from "../experiment/standing.ts";

/** `Out of date. The prompt was edited.`, `Incomplete. The run was cancelled.`; nothing while fresh. */
export function standingText(standing: Standing): Part[] {
  switch (standing.kind) {
    case "fresh":
      return [];
    case "stale":
      return [part(l10n.t("Out of date."), null, true), part(` ${staleText(standing.reason)}`)];
    case "partial":
      return [part(l10n.t("Incomplete."), null, true), part(` ${partialText(standing)}`)];
  }
}

function staleText(reason: StaleReason): string {
  switch (reason) {
    case "prompt-edited":
      return l10n.t("The prompt was edited.");
    case "prompt-deleted":
      return l10n.t("The prompt was deleted.");
    case "source-edited":
      return l10n.t("The source prompt was edited.");
    case "source-deleted":
      return l10n.t("The source prompt was deleted.");
    case "model-changed":
      return l10n.t("Another model was chosen.");
    case "tokenizer-changed":
      return l10n.t("The setting for this model's tokenizer was changed.");
    case "bos-changed":
      return l10n.t("The setting for the beginning-of-sequence token was changed.");
    case "template-changed":
      return l10n.t("The setting for the chat template was changed.");
    case "condition-changed":
      return l10n.t("Another condition was chosen.");
    case "vectors-changed":
      return l10n.t("Other vectors were chosen.");
    case "tokens-changed":
      return l10n.t("Other tokens were chosen.");
    case "source-changed":
      return l10n.t("Another source was chosen.");
    case "source-tokens-changed":
      return l10n.t("Other source tokens were chosen.");
    case "answers-changed":
      return l10n.t("Other answers were chosen.");
  }
}

function partialText(standing: Extract<Standing, { kind: "partial" }>): string {
  switch (standing.reason) {
    case "cancelled":
      return l10n.t("The run was cancelled.");
    case "lost":
      return l10n.t("The run was lost.");
    case "ended":
      return l10n.t("The run was ended.");
    case "rows-kept":
      return l10n.t("{0} of {1} rows were kept.", standing.done, standing.total);
    case "tokens-kept":
      return l10n.t("{0} of {1} tokens were kept.", standing.done, standing.total);
  }
}
