/** Skip attention: in all blocks from k on the attention sublayer adds nothing, its norm included, at all positions. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { KindDescriptor } from "../descriptor.ts";

const schema = v.object({ kind: v.literal("skip-attention") });

export const skipAttention: KindDescriptor<typeof schema> = {
  kind: "skip-attention",
  schema,
  name: () => l10n.t("Skip attention"),
  sentence: () => l10n.t("From layer k on, attention adds nothing, at all tokens."),
  action: () => l10n.t("no attention at any token, from layer k on"),
  ignored: () => l10n.t("the missing attention is ignored"),
  help: "nothing: no attention in layers from k on, at all tokens",
  paper: "yes",
  takes: { places: "none", source: false, seeds: false, strength: false, numbers: [] },
  smallestK: 0,
  acts: "skips-attention",
  hasAnswer: false,
  face: { tokens: "all", blocks: "after-k", box: "put", mark: null },
  replaced: () => [],
  read: () => [],
  build: () => ({ kind: "skip-attention" }),
};
