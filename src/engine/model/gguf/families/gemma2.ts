/** Gemma 2: as gemma, with norms behind the sublayers, soft caps, and a window in every other block from the first. */
import type { Constants, Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { GEMMA } from "./gemma.ts";
import type { MetadataFields } from "../metadata-fields.ts";

/** The largest Gemma 2 and 3 scale scores by the width over the heads, which is not a head's width; llama.cpp knows them by their blocks. */
export function gemmaConstants(fields: MetadataFields, blocksOfLargest: number): Constants {
  const isLargest = fields.positive("block_count") === blocksOfLargest;
  const perHead = fields.positive("embedding_length") / fields.positive("attention.head_count");
  return {
    ...GEMMA.constants(fields),
    ...(isLargest ? { attentionScale: 1 / Math.sqrt(Math.trunc(perHead)) } : {}),
    attentionCap: fields.positiveOrNull("attn_logit_softcapping"),
    logitCap: fields.positiveOrNull("final_logit_softcapping"),
  };
}

export const GEMMA2: Family = {
  ...GEMMA,
  architecture: "gemma2",
  attentionNorms: { before: "attn_norm", after: "post_attention_norm" },
  feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" },
  isWindowed: allButEach(2),
  // The first files do not name window and caps.
  usualWindow: 4096,
  constants: (fields) => {
    const constants = gemmaConstants(fields, 46);
    const isNamed = (name: string): boolean => fields.raw(name) !== undefined;
    return {
      ...constants,
      attentionCap: isNamed("attn_logit_softcapping") ? constants.attentionCap : 50,
      logitCap: isNamed("final_logit_softcapping") ? constants.logitCap : 30,
    };
  },
};
