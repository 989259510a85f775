/** GLM-4.5 to 4.7: as llama, with experts behind dense first blocks; the norm behind attention is the one before feed-forward. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GLM4MOE: Family = {
  ...DENSE,
  architecture: "glm4moe",
  ropePairing: "halves",
  feedForwardNorms: { before: "post_attention_norm", after: null },
  routing: { gating: "sigmoid", isNormalised: false },
};
