/** Ling: as llama with experts, shared ones among them. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const BAILINGMOE: Family = {
  ...DENSE,
  architecture: "bailingmoe",
  routing: { gating: "softmax", isNormalised: false },
};

/** Ling 2 and Ring: part of each head rotated, head norms, queries, keys and values in one tensor, dense first blocks. */
export const BAILINGMOE2: Family = {
  ...BAILINGMOE,
  architecture: "bailingmoe2",
  ropePairing: "halves",
  fused: { attention: "attn_qkv", feedForward: null },
};
