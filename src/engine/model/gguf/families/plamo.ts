/** PLaMo: as llama with half-split rotary pairs, and parallel sublayers under one norm. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

export const PLAMO: Family = {
  ...DENSE,
  architecture: "plamo",
  ropePairing: "halves",
  isParallel: true,
  feedForwardNorms: { before: null, after: null },
};

/** PLaMo 3: norms before and behind the sublayers, head norms, and a window in seven blocks of eight. */
export const PLAMO3: Family = {
  ...DENSE,
  architecture: "plamo3",
  ropePairing: "halves",
  attentionNorms: { before: "attn_norm", after: "post_attention_norm" },
  feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" },
  fused: { attention: "attn_qkv", feedForward: "ffn_up" },
  isWindowed: allButEach(8),
  windowedRope: "own",
};
