/** Qwen3: as qwen2 without biases, with a norm over each head of queries and keys. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const QWEN3: Family = { ...DENSE, architecture: "qwen3", ropePairing: "halves" };

/** Qwen3 with experts. */
export const QWEN3MOE: Family = {
  ...QWEN3,
  architecture: "qwen3moe",
  routing: { gating: "softmax", isNormalised: true },
};

/** Text decoders of Qwen3-VL: positions of text are the same in all sections of a head, and nothing is added behind blocks. */
export const QWEN3VL: Family = { ...QWEN3, architecture: "qwen3vl" };
export const QWEN3VLMOE: Family = { ...QWEN3MOE, architecture: "qwen3vlmoe" };
