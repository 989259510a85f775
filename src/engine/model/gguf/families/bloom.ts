/** BLOOM: as gpt2, with a LayerNorm behind the embedding, and ALiBi in place of positions. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { GPT2 } from "./gpt2.ts";

export const BLOOM: Family = {
  ...GPT2,
  architecture: "bloom",
  constants: () => ({ ...plainConstants(), maxAlibiBias: 8 }),
};
