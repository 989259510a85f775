/**
 * Llama 4: experts that are weighed before they run, each fourth block unrotated, and heads normed where they are rotated.
 * Rotated blocks attend within chunks of 8192 positions, and the others temper their scores by them: prompts are kept below.
 */
import { unsupported } from "../metadata-fields.ts";
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

/** Llama 4 Maverick, as llama.cpp knows it. */
const EXPERTS_WITHOUT_NORMS = 128;

export const LLAMA4: Family = {
  ...DENSE,
  architecture: "llama4",
  isRotated: allButEach(4),
  isWindowed: () => false,
  normsRotated: true,
  hasBareHeadNorms: true,
  routing: { gating: "sigmoid", isNormalised: false },
  weighsExpertInput: true,
  longestPrompt: 8191,
  variant: ({ fields }) => {
    if (fields.raw("attention.sliding_window") === 0)
      throw unsupported(fields.gguf, "no chunks of attention (attention.sliding_window)");
    return fields.optional("expert_count") === EXPERTS_WITHOUT_NORMS ? { hasBareHeadNorms: false } : {};
  },
};
