/** GLM-4-0414: norms before and behind the sublayers, part of each head rotated, gate and up in one tensor. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GLM4: Family = {
  ...DENSE,
  architecture: "glm4",
  attentionNorms: { before: "attn_norm", after: "post_attention_norm" },
  feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" },
  fused: { attention: null, feedForward: "ffn_up" },
  // Files with sections for pictures keep their pairs in halves; text turns all sections alike.
  variant: ({ fields }) =>
    fields.raw("rope.dimension_sections") === undefined ? {} : { ropePairing: "halves" },
};
