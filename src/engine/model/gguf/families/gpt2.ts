/** GPT-2: learned positions, LayerNorm, one fused tensor of queries, keys and values, and a tanh GELU without a gate. */
import type { Family } from "./family.ts";
import { STARCODER2 } from "./starcoder2.ts";

export const GPT2: Family = {
  ...STARCODER2,
  architecture: "gpt2",
  isRotated: () => false,
  fused: { attention: "attn_qkv", feedForward: null },
};
