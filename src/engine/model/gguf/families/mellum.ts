/** Mellum with experts: as qwen3moe, with a window in three blocks of four, rotated unscaled. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { QWEN3MOE } from "./qwen3.ts";

export const MELLUM: Family = {
  ...QWEN3MOE,
  architecture: "mellum",
  isWindowed: allButEach(4),
  windowedRope: "unscaled",
};
