/** OLMo 2 and 3: norms of what the sublayers add and none before them, norms over all heads; OLMo 3 windows three blocks of four. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

export const OLMO2: Family = {
  ...DENSE,
  architecture: "olmo2",
  ropePairing: "halves",
  attentionNorms: { before: null, after: "post_attention_norm" },
  feedForwardNorms: { before: null, after: "post_ffw_norm" },
  isWindowed: allButEach(4),
  windowedRope: "unscaled",
};
