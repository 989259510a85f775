/** EXAONE 4: norms of what the sublayers add and none before them, head norms; the 32B windows three blocks of four and rotates only these. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

export const EXAONE4: Family = {
  ...DENSE,
  architecture: "exaone4",
  ropePairing: "halves",
  attentionNorms: { before: null, after: "post_attention_norm" },
  feedForwardNorms: { before: null, after: "post_ffw_norm" },
  isWindowed: () => false,
  // llama.cpp knows the 32B by its blocks.
  variant: ({ blocks }) =>
    blocks === 64
      ? { usualWindow: 4096, isWindowed: allButEach(4), isRotated: (_k, _blocks, isWindowed) => isWindowed }
      : {},
};

/** EXAONE with experts, K-EXAONE: norms before the sublayers, head norms, dense first blocks; windowed blocks alone are rotated. */
export const EXAONE_MOE: Family = {
  ...DENSE,
  architecture: "exaone-moe",
  ropePairing: "halves",
  usualWindow: 128,
  isWindowed: allButEach(4),
  isRotated: (_k, _blocks, isWindowed) => isWindowed,
  routing: { gating: "sigmoid", isNormalised: false },
};
