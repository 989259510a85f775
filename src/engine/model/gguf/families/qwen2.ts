/** Qwen2 and Qwen2.5: as llama, with half-split rotary pairs and biases of queries, keys and values. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const QWEN2: Family = { ...DENSE, architecture: "qwen2", ropePairing: "halves" };

/** Qwen1.5 and Qwen2 with experts: one of them shared, behind a gate. */
export const QWEN2MOE: Family = {
  ...QWEN2,
  architecture: "qwen2moe",
  routing: { gating: "softmax", isNormalised: false },
};

/** Text decoder of Qwen2-VL and 2.5-VL: positions of text are the same in all sections of a head. */
export const QWEN2VL: Family = { ...QWEN2, architecture: "qwen2vl" };
