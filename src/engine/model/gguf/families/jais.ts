/** Jais: as gpt2 with ALiBi in place of positions, a SiLU gate, and scores over the head's width. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { GPT2 } from "./gpt2.ts";
import { NEMOTRON } from "./nemotron.ts";

export const JAIS: Family = {
  ...GPT2,
  architecture: "jais",
  activation: "silu",
  isGated: true,
  constants: (fields) => ({
    ...plainConstants(),
    attentionScale:
      1 /
      (fields.optional("attention.key_length") ??
        fields.positive("embedding_length") / fields.positive("attention.head_count")),
    maxAlibiBias: fields.positiveOrNull("attention.max_alibi_bias"),
  }),
};

/** Jais 2: as nemotron, by another name. */
export const JAIS2: Family = { ...NEMOTRON, architecture: "jais2" };
