/** StarCoder2: as llama with half-split rotary pairs, LayerNorm, and a tanh GELU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const STARCODER2: Family = {
  ...DENSE,
  architecture: "starcoder2",
  ropePairing: "halves",
  norm: "layer",
  activation: "gelu-tanh",
  isGated: false,
};
