/** The families that are read from GGUF files. */
import { BLOOM } from "./bloom.ts";
import { COMMAND_R } from "./command-r.ts";
import { EXAONE4 } from "./exaone4.ts";
import { FALCON } from "./falcon.ts";
import type { Family } from "./family.ts";
import { GEMMA } from "./gemma.ts";
import { GEMMA2 } from "./gemma2.ts";
import { GEMMA3 } from "./gemma3.ts";
import { GPT2 } from "./gpt2.ts";
import { GPT_OSS } from "./gpt-oss.ts";
import { GRANITE } from "./granite.ts";
import { LLAMA } from "./llama.ts";
import { PHI3 } from "./phi3.ts";
import { QWEN2 } from "./qwen2.ts";
import { QWEN3, QWEN3MOE } from "./qwen3.ts";
import { STARCODER2 } from "./starcoder2.ts";

export const FAMILIES: readonly Family[] = [
  LLAMA,
  QWEN2,
  QWEN3,
  QWEN3MOE,
  GPT_OSS,
  GEMMA,
  GEMMA2,
  GEMMA3,
  PHI3,
  GRANITE,
  COMMAND_R,
  EXAONE4,
  FALCON,
  STARCODER2,
  GPT2,
  BLOOM,
];

/** Their names in files. */
export const GGUF_ARCHITECTURES: readonly string[] = FAMILIES.map(({ architecture }) => architecture);
