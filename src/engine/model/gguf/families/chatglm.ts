/** ChatGLM 2 to 4: as llama, part of each head rotated; queries, keys and values in one tensor, gate and up in another. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const CHATGLM: Family = {
  ...DENSE,
  architecture: "chatglm",
  fused: { attention: "attn_qkv", feedForward: "ffn_up" },
};
