/** Qwen3: as qwen2 without biases, with a norm over each head of queries and keys. */
import type { Family } from "./family.ts";
import { LLAMA } from "./llama.ts";

export const QWEN3: Family = { ...LLAMA, architecture: "qwen3", ropePairing: "halves" };
