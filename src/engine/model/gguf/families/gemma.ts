/** Gemma (2024): as llama with half-split rotary pairs, scaled embeddings and a tanh GELU gate; its norms hold their + 1 in the file. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GEMMA: Family = {
  ...DENSE,
  architecture: "gemma",
  ropePairing: "halves",
  activation: "gelu-tanh",
  constants: (fields) => ({
    ...plainConstants(),
    embeddingScale: Math.fround(Math.sqrt(fields.positive("embedding_length"))),
  }),
};
