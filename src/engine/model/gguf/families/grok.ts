/** Grok: norms before and behind the sublayers, capped scores, scaled embeddings and logits; Grok 2 has products that all positions go through beside experts. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GROK: Family = {
  ...DENSE,
  architecture: "grok",
  ropePairing: "halves",
  attentionNorms: { before: "attn_norm", after: "attn_output_norm" },
  feedForwardNorms: { before: "ffn_norm", after: "layer_output_norm" },
  activation: "gelu-tanh",
  routing: { gating: "softmax", isNormalised: true },
  besideExperts: { ending: "", scale: Math.SQRT1_2 },
  variant: ({ hasTensor }) =>
    hasTensor("blk.0.layer_output_norm.weight")
      ? {}
      : { feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" } },
  constants: (fields) => {
    const named = (name: string, usual: number): number => fields.positiveOrNull(name) ?? usual;
    return {
      ...plainConstants(),
      embeddingScale: named("embedding_scale", 78.383_671_769_061_69),
      logitScale: named("logit_scale", 0.577_350_269_189_625_7),
      attentionScale: named("attention.output_scale", 0.088_388_347_648_318_45),
      attentionCap: named("attn_logit_softcapping", 30),
      logitCap: fields.positiveOrNull("final_logit_softcapping"),
    };
  },
};
