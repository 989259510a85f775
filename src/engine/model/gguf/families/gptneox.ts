/** GPT-NeoX and Pythia: parallel sublayers with a LayerNorm each, part of each head rotated, and a GELU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GPTNEOX: Family = {
  ...DENSE,
  architecture: "gptneox",
  ropePairing: "halves",
  norm: "layer",
  activation: "gelu",
  isGated: false,
  fused: { attention: "attn_qkv", feedForward: null },
  variant: ({ fields }) => ({ isParallel: fields.raw("use_parallel_residual") !== false }),
};
