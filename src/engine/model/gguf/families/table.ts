/** The families that are read from GGUF files. */
import type { Family } from "./family.ts";
import { LLAMA } from "./llama.ts";
import { QWEN2 } from "./qwen2.ts";
import { QWEN3 } from "./qwen3.ts";

export const FAMILIES: readonly Family[] = [LLAMA, QWEN2, QWEN3];

/** Their names in files. */
export const GGUF_ARCHITECTURES: readonly string[] = FAMILIES.map(({ architecture }) => architecture);
