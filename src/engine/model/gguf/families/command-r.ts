/** Command-R (Cohere): parallel sublayers under one LayerNorm without a bias, and scaled logits. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const COMMAND_R: Family = {
  ...DENSE,
  architecture: "command-r",
  norm: "layer",
  isParallel: true,
  feedForwardNorms: { before: null, after: null },
  constants: (fields) => ({
    ...plainConstants(),
    logitScale: fields.positiveOrNull("logit_scale") ?? 1,
  }),
};
