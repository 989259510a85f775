/** DBRX: LayerNorm without biases, queries, keys and values kept within bounds, and experts. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const DBRX: Family = {
  ...DENSE,
  architecture: "dbrx",
  ropePairing: "halves",
  norm: "layer",
  feedForwardNorms: { before: "attn_output_norm", after: null },
  fused: { attention: "attn_qkv", feedForward: null },
  routing: { gating: "softmax", isNormalised: true },
  constants: (fields) => ({
    ...plainConstants(),
    clamp: fields.positiveOrNull("attention.clamp_kqv"),
  }),
};
