/** OLMoE: as llama with half-split rotary pairs, norms over all heads, and experts whose weights are not divided by their sum. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const OLMOE: Family = {
  ...DENSE,
  architecture: "olmoe",
  ropePairing: "halves",
  routing: { gating: "softmax", isNormalised: false },
};
