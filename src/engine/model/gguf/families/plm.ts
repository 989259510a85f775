/** PLM: latent attention without a narrow vector of queries, and a squared ReLU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const PLM: Family = {
  ...DENSE,
  architecture: "plm",
  isLatent: true,
  activation: "relu-squared",
  isGated: false,
};
