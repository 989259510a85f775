/** Which model it was, in words: hashes, and what two models differ in. */
import * as l10n from "@vscode/l10n";
import type { ModelPart } from "../experiment/same-model.ts";
import type { KnownHashes } from "../experiment/result.ts";

/** Letters of a hash that tell files apart for people. */
export const HASH_LETTERS = 12;

/** What two models can differ in. */
export function modelPartName(part: ModelPart): string {
  switch (part) {
    case "weights":
      return l10n.t("model weights");
    case "tokenizer":
      return l10n.t("tokenizer");
    case "template":
      return l10n.t("chat template");
    case "file":
      return l10n.t("model file (SHA-256)");
  }
}

/** A part's hash in full; in words where there is none. */
export function partHash({ sha256, identity }: KnownHashes, part: ModelPart): string {
  if (part === "file") return sha256 ?? l10n.t("not known");
  return identity?.[part] ?? l10n.t("none");
}

/** Which hashes a session keeps. */
export function keptHashes({ identity }: KnownHashes): string {
  return identity ? l10n.t("weights, tokenizer and chat template") : l10n.t("the model file’s only");
}

/** `weights 0f1e2d3c4b5a`; of a session that keeps only the model file's hash `sha256 0f1e2d3c4b5a`. */
export function hashText({ sha256, identity }: KnownHashes, letters = HASH_LETTERS): string {
  if (identity) return l10n.t("weights {0}", identity.weights.slice(0, letters));
  return sha256 === null ? l10n.t("sha256 not known") : `sha256 ${sha256.slice(0, letters)}`;
}

/** That a tokenizer is not the model's own. */
export function tokenizerTag(file: string): { readonly label: string; readonly description: string } {
  return {
    label: l10n.t("other tokenizer"),
    description: l10n.t("Texts are split by {0}, in place of the model’s own tokenizer.", file),
  };
}
