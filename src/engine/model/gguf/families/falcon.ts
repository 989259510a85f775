/** Falcon: parallel sublayers under one LayerNorm, one fused tensor of queries, keys and values; Falcon 40B has a norm for each sublayer. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const FALCON: Family = {
  ...DENSE,
  architecture: "falcon",
  ropePairing: "halves",
  norm: "layer",
  isParallel: true,
  feedForwardNorms: { before: null, after: null },
  activation: "gelu",
  isGated: false,
  fused: { attention: "attn_qkv", feedForward: null },
  variant: ({ hasTensor }) =>
    hasTensor("blk.0.attn_norm_2.weight")
      ? {
          attentionNorms: { before: "attn_norm_2", after: null },
          feedForwardNorms: { before: "attn_norm", after: null },
        }
      : {},
};
