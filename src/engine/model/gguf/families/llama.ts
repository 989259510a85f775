/** Llama and what is built like it (Touvron et al. 2023): pre-norm, rotary positions, SiLU-gated feed-forward. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";

/** What most families share with it. */
export const DENSE: Family = {
  architecture: "llama",
  // llama.cpp's converter has permuted queries and keys for it.
  ropePairing: "interleaved",
  isRotated: () => true,
  norm: "rms",
  hasNormWeights: true,
  attentionNorms: { before: "attn_norm", after: null },
  feedForwardNorms: { before: "ffn_norm", after: null },
  isParallel: false,
  activation: "silu",
  isGated: true,
  fused: { attention: null, feedForward: null },
  isLatent: false,
  normsRotated: false,
  hasBareHeadNorms: false,
  hasAttentionGate: false,
  feedForwardShare: 1,
  isWindowed: () => true,
  usualWindow: null,
  windowedRope: "same",
  routing: null,
  besideExperts: { ending: "_shexp", scale: 1 },
  weighsExpertInput: false,
  routesByInput: false,
  longestPrompt: null,
  constants: plainConstants,
};

/** With experts, too: Mixtral bears llama's name. */
export const LLAMA: Family = { ...DENSE, routing: { gating: "softmax", isNormalised: true } };
