/** Phi-3, Phi-3.5 and Phi-4: as llama with half-split rotary pairs; queries, keys and values in one tensor, gate and up in another. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const PHI3: Family = {
  ...DENSE,
  architecture: "phi3",
  ropePairing: "halves",
  fused: { attention: "attn_qkv", feedForward: "ffn_up" },
};
