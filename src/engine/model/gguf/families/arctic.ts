/** Arctic: as llama, with experts beside both sublayers, which read a norm of the block's input. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const ARCTIC: Family = {
  ...DENSE,
  architecture: "arctic",
  ropePairing: "interleaved",
  routing: { gating: "softmax", isNormalised: true },
  besideExperts: { ending: "", scale: 1 },
};
