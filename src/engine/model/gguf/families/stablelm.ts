/** StableLM: LayerNorm, part of each head rotated; StableLM 2 12B has parallel sublayers and a norm for each head. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const STABLELM: Family = {
  ...DENSE,
  architecture: "stablelm",
  ropePairing: "halves",
  norm: "layer",
  variant: ({ hasTensor }) =>
    hasTensor("blk.0.ffn_norm.weight")
      ? {}
      : { isParallel: true, feedForwardNorms: { before: null, after: null } },
};
