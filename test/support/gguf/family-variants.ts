/** Tiny files with what other files of a family have: each names what it differs in behind its architecture. */
import type { TinyOptions } from "./gguf-random.ts";
import { randomNumbers, randomTensor } from "./gguf-random.ts";
import type { TensorData } from "./gguf-writer.ts";

/** Factors of products, in both blocks: one, or one for each expert. */
const scales = (names: readonly string[], size = 1): readonly TensorData[] =>
  [0, 1].flatMap((k) =>
    names.map((name, i) => {
      const random = randomNumbers(10 * k + i);
      const factors = new Float32Array(size).map(() => 0.5 + random());
      const bytes = new Uint8Array(factors.buffer);
      return { name: `blk.${k}.${name}.scale`, dims: [size], type: "F32", bytes };
    }),
  );
const attention = ["attn_q", "attn_k", "attn_v", "attn_output"];

/** Three biases beside one tensor of queries, keys and values. */
const apartBiases = [0, 1].flatMap((k) =>
  ["attn_q", "attn_k", "attn_v"].map((name, i) =>
    randomTensor(`blk.${k}.${name}.bias`, [i === 0 ? 64 : 32], "F32", randomNumbers(10 * k + i)),
  ),
);

export const FAMILY_VARIANTS: Readonly<Record<string, TinyOptions>> = {
  "llama, scales of weights": {
    extraTensors: scales([...attention, "ffn_gate", "ffn_up", "ffn_down"]),
  },
  "qwen3moe, scales of weights": {
    headNorms: true,
    experts: { count: 4, used: 2 },
    feedForward: 32,
    extraTensors: [...scales(attention), ...scales(["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"], 4)],
  },
  "deepseek2, gate and up of experts in one tensor": {
    headWidth: 40,
    latent: { rank: 32, valueWidth: 16, queryRank: 32 },
    experts: { count: 4, used: 2, shared: 64, gateAboveUp: true },
    feedForward: 32,
    metadata: {
      "deepseek2.leading_dense_block_count": ["u32", 0],
      "deepseek2.expert_shared_count": ["u32", 2],
    },
  },
  "chatglm, biases apart": {
    extraTensors: apartBiases,
    metadata: { "chatglm.rope.dimension_count": ["u32", 8] },
  },
  "gemma3, a factor of cosines in all blocks": {
    blocks: 7,
    tied: true,
    headNorms: true,
    metadata: {
      "gemma3.attention.sliding_window": ["u32", 4],
      "gemma3.rope.scaling.attn_factor": ["f32", 1.3],
    },
  },
  "granitemoe, rotated whatever the file says": {
    experts: { count: 4, used: 2 },
    feedForward: 32,
    metadata: { "granitemoe.logit_scale": ["f32", 6], "granitemoe.rope.scaling.finetuned": ["bool", false] },
  },
};
