/** Hunyuan 3: as qwen3 with experts, one of them shared, behind dense first blocks. */
import type { Family } from "./family.ts";
import { QWEN3 } from "./qwen3.ts";

export const HY_V3: Family = {
  ...QWEN3,
  architecture: "hy_v3",
  routing: { gating: "sigmoid", isNormalised: false },
};
