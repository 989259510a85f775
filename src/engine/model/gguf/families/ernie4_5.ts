/** ERNIE 4.5: as llama, by another name; with experts, too. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const ERNIE4_5: Family = { ...DENSE, architecture: "ernie4_5" };

export const ERNIE4_5_MOE: Family = {
  ...DENSE,
  architecture: "ernie4_5-moe",
  routing: { gating: "softmax", isNormalised: true },
};

/** Text decoder of PaddleOCR-VL. */
export const PADDLEOCR: Family = { ...ERNIE4_5, architecture: "paddleocr", ropePairing: "halves" };
