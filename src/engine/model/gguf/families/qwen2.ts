/** Qwen2 and Qwen2.5: as llama, with half-split rotary pairs and biases of queries, keys and values. */
import type { Family } from "./family.ts";
import { LLAMA } from "./llama.ts";

export const QWEN2: Family = { ...LLAMA, architecture: "qwen2", ropePairing: "halves" };
