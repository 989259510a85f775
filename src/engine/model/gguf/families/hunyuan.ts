/** Hunyuan without experts: as llama with half-split rotary pairs and head norms behind the rotation. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const HUNYUAN_DENSE: Family = {
  ...DENSE,
  architecture: "hunyuan-dense",
  ropePairing: "halves",
  normsRotated: true,
};

/** Hunyuan with experts, shared ones among them. */
export const HUNYUAN_MOE: Family = {
  ...HUNYUAN_DENSE,
  architecture: "hunyuan-moe",
  routing: { gating: "softmax", isNormalised: true },
};

/** Text decoder of Hunyuan's vision models. */
export const HUNYUAN_VL: Family = { ...HUNYUAN_DENSE, architecture: "hunyuan_vl" };
