/** Phi-2 and Phi-1.5: parallel sublayers under one LayerNorm, part of each head rotated, biases everywhere, and a tanh GELU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const PHI2: Family = {
  ...DENSE,
  architecture: "phi2",
  ropePairing: "halves",
  norm: "layer",
  isParallel: true,
  feedForwardNorms: { before: null, after: null },
  activation: "gelu-tanh",
  isGated: false,
};
