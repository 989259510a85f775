/** Tiny files with latent attention, as converters have written them over time; llama.cpp reads them, too. */
import type { TinyOptions } from "./gguf-random.ts";

const heads = { headWidth: 40, latent: { rank: 32, valueWidth: 16 } } satisfies TinyOptions;
const narrowQueries = { ...heads.latent, queryRank: 32 };
const routed: TinyOptions = {
  experts: { count: 4, used: 2, shared: 64, dense: 1 },
  feedForward: 32,
};
const routing: TinyOptions["metadata"] = {
  "deepseek2.leading_dense_block_count": ["u32", 1],
  "deepseek2.expert_shared_count": ["u32", 2],
  "deepseek2.expert_weights_scale": ["f32", 1.5],
};
const yarn: TinyOptions["metadata"] = {
  "deepseek2.rope.scaling.type": ["string", "yarn"],
  "deepseek2.rope.scaling.factor": ["f32", 40],
  "deepseek2.rope.scaling.original_context_length": ["u32", 4],
};
const multiplied = (by: number): TinyOptions["metadata"] => ({
  ...yarn,
  "deepseek2.rope.scaling.yarn_log_multiplier": ["f32", by],
});

/** Of the architecture deepseek2, by what they differ in. */
export const LATENT_FILES: Readonly<Record<string, TinyOptions>> = {
  // llama.cpp takes queries of the states only in models of so many blocks.
  "deepseek2, lite": { ...heads, ...routed, blocks: 27, metadata: routing },
  "deepseek2, lite, keys and values in one tensor": {
    ...heads,
    ...routed,
    blocks: 27,
    latent: { ...heads.latent, isJoint: true },
    metadata: routing,
  },
  "deepseek2, YaRN": {
    ...heads,
    ...routed,
    latent: narrowQueries,
    metadata: { ...routing, ...multiplied(0.0707) },
  },
  "deepseek2, YaRN without its multiplier": {
    ...heads,
    ...routed,
    latent: { ...narrowQueries, isJoint: true },
    metadata: { ...routing, ...yarn },
  },
  "deepseek2, experts in groups": {
    ...heads,
    latent: narrowQueries,
    experts: { count: 8, used: 3, shared: 64, selectionBias: true, dense: 1 },
    feedForward: 32,
    metadata: {
      ...routing,
      ...multiplied(0.1),
      "deepseek2.expert_gating_func": ["u32", 2],
      "deepseek2.expert_weights_norm": ["bool", true],
      "deepseek2.expert_weights_scale": ["f32", 2.5],
      "deepseek2.expert_group_count": ["u32", 4],
      "deepseek2.expert_group_used_count": ["u32", 2],
    },
  },
};
