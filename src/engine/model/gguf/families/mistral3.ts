/** Ministral 3: as llama. Its factor of queries is 1 up to the context that it was first trained on, which prompts are kept to. */
import type { Family } from "./family.ts";
import { LLAMA } from "./llama.ts";

export const MISTRAL3: Family = {
  ...LLAMA,
  architecture: "mistral3",
  yarnMultiplierUnit: 1,
};
