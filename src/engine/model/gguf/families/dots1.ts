/** dots.llm1: as qwen3 with experts, some of them shared, behind dense first blocks. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const DOTS1: Family = {
  ...DENSE,
  architecture: "dots1",
  ropePairing: "halves",
  routing: { gating: "softmax", isNormalised: false },
};
