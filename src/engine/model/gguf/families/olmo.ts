/** OLMo: as llama with LayerNorm without weights, and queries, keys and values kept within bounds. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const OLMO: Family = {
  ...DENSE,
  architecture: "olmo",
  norm: "layer",
  hasNormWeights: false,
  constants: (fields) => ({
    ...plainConstants(),
    clamp: fields.positiveOrNull("attention.clamp_kqv"),
  }),
};
