/** Seed-OSS: as llama with half-split rotary pairs and biases of queries, keys and values. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const SEED_OSS: Family = {
  ...DENSE,
  architecture: "seed_oss",
  ropePairing: "halves",
  feedForwardNorms: { before: "post_attention_norm", after: null },
};
