/** MiniMax-M2: part of each head rotated, norms over all heads, and experts by sigmoid with a bias of their choice. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const MINIMAX_M2: Family = {
  ...DENSE,
  architecture: "minimax-m2",
  ropePairing: "halves",
  routing: { gating: "sigmoid", isNormalised: true },
};
