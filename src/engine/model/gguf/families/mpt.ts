/** MPT: as bloom without biases, with an exact GELU, and queries, keys and values kept within bounds. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { GPT2 } from "./gpt2.ts";

export const MPT: Family = {
  ...GPT2,
  architecture: "mpt",
  activation: "gelu",
  constants: (fields) => ({
    ...plainConstants(),
    clamp: fields.positiveOrNull("attention.clamp_kqv"),
    maxAlibiBias: fields.positiveOrNull("attention.max_alibi_bias"),
  }),
};
