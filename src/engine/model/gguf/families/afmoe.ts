/** AFMoE (Trinity): norms before and behind the sublayers, head norms, a gate on what attention puts out; three blocks of four are windowed, and only these rotated. */
import { allButEach, plainConstants } from "./family.ts";
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const AFMOE: Family = {
  ...DENSE,
  architecture: "afmoe",
  ropePairing: "halves",
  attentionNorms: { before: "attn_norm", after: "post_attention_norm" },
  feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" },
  hasAttentionGate: true,
  isWindowed: allButEach(4),
  isRotated: allButEach(4),
  routing: { gating: "sigmoid", isNormalised: false },
  constants: (fields) => ({
    ...plainConstants(),
    embeddingScale: Math.fround(Math.sqrt(fields.positive("embedding_length"))),
  }),
};
