/** DeepSeek MoE (the first one): as llama, with shared experts, behind dense first blocks. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const DEEPSEEK: Family = {
  ...DENSE,
  architecture: "deepseek",
  routing: { gating: "softmax", isNormalised: false },
};
