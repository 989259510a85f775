/** gpt-oss: experts of a clamped SwiGLU, sinks in attention, and a window in every other block from the first. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

export const GPT_OSS: Family = {
  ...DENSE,
  architecture: "gpt-oss",
  ropePairing: "halves",
  feedForwardNorms: { before: "post_attention_norm", after: null },
  activation: "clamped-swiglu",
  isWindowed: allButEach(2),
  routing: { gating: "softmax-chosen", isNormalised: false },
};
