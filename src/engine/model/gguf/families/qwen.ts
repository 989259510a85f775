/** Qwen 1: as qwen2, its feed-forward sublayer half as wide as the file says. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const QWEN: Family = {
  ...DENSE,
  architecture: "qwen",
  ropePairing: "halves",
  fused: { attention: "attn_qkv", feedForward: null },
  feedForwardShare: 0.5,
};
