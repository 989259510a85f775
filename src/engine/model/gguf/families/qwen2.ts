/** Qwen2 and Qwen2.5: as llama, with half-split rotary pairs and biases of queries, keys and values. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const QWEN2: Family = { ...DENSE, architecture: "qwen2", ropePairing: "halves" };
