/** Command R7B and A (Cohere 2): as command-r, with three of four blocks windowed, and only these rotated. */
import type { Family } from "./family.ts";
import { COMMAND_R } from "./command-r.ts";
import { allButEach, allButFirstOf } from "./family.ts";

export const COHERE2: Family = {
  ...COMMAND_R,
  architecture: "cohere2",
  isWindowed: allButEach(4),
  isRotated: (_k, _blocks, isWindowed) => isWindowed,
};

/** Command A+ and others with experts: RMS norms in some, dense first blocks, which are rotated, too. */
export const COHERE2MOE: Family = {
  ...COHERE2,
  architecture: "cohere2moe",
  isWindowed: allButFirstOf(4),
  routing: { gating: "sigmoid", isNormalised: false },
  besideExperts: { ending: "_shexp", scale: 0.5 },
  variant: ({ fields }) => {
    const dense = fields.optional("leading_dense_block_count") ?? 0;
    return {
      norm: fields.raw("attention.layer_norm_rms_epsilon") === undefined ? "layer" : "rms",
      isRotated: (k, _blocks, isWindowed) => isWindowed || k < dense,
    };
  },
};
