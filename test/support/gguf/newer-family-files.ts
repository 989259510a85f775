/** Tiny files of more families, with what their real files have beside llama's. */
import type { TinyOptions } from "./gguf-random.ts";
import { randomNumbers, randomTensor } from "./gguf-random.ts";

const equalHeads = { keyValueHeads: 4 };
const routed: TinyOptions = { experts: { count: 4, used: 2 }, feedForward: 32 };
const shared = { count: 4, used: 2, shared: 32, dense: 1 } as const;
const sections = (architecture: string): NonNullable<TinyOptions["metadata"]> => ({
  [`${architecture}.rope.dimension_sections`]: ["array", "i32", [3, 3, 2, 0]],
});

/** Biases of a tensor in each block. */
const biasesOf = (blocks: number, name: string, size: number): NonNullable<TinyOptions["extraTensors"]> =>
  Array.from({ length: blocks }, (_, k) =>
    randomTensor(`blk.${k}.${name}.bias`, [size], "F32", randomNumbers(k)),
  );

const learnedPositions = randomTensor("position_embd.weight", [64, 128], "F32", randomNumbers(7));
const attentionBiases = [
  ...biasesOf(2, "attn_q", 64),
  ...biasesOf(2, "attn_k", 32),
  ...biasesOf(2, "attn_v", 32),
];

/** By `general.architecture`. */
export const NEWER_FAMILY_FILES: Readonly<Record<string, TinyOptions>> = {
  qwen2vl: {
    extraTensors: attentionBiases,
    // Build 0.25.3 of llama.cpp takes 0 for it, whatever the file says.
    metadata: { ...sections("qwen2vl"), "qwen2vl.attention.layer_norm_rms_epsilon": ["f32", 1e-12] },
  },
  qwen3vl: {
    headNorms: true,
    metadata: { ...sections("qwen3vl"), "qwen3vl.n_deepstack_layers": ["u32", 3] },
  },
  qwen3vlmoe: { ...routed, headNorms: true, metadata: sections("qwen3vlmoe") },
  paddleocr: { tied: true, metadata: sections("paddleocr") },
  hunyuan_vl: { headNorms: true, metadata: sections("hunyuan_vl") },
  "exaone-moe": {
    blocks: 4,
    headNorms: true,
    experts: { ...shared, selectionBias: true },
    feedForward: 32,
    metadata: {
      "exaone-moe.attention.sliding_window": ["u32", 4],
      "exaone-moe.attention.sliding_window_pattern": ["array", "bool", [true, true, true, false]],
      "exaone-moe.leading_dense_block_count": ["u32", 1],
      "exaone-moe.expert_shared_count": ["u32", 1],
      "exaone-moe.expert_gating_func": ["u32", 2],
      "exaone-moe.expert_weights_norm": ["bool", true],
      "exaone-moe.expert_weights_scale": ["f32", 2.5],
    },
  },
  bailingmoe: {
    experts: { count: 4, used: 2, shared: 64 },
    feedForward: 32,
    metadata: {
      "bailingmoe.expert_shared_count": ["u32", 2],
      "bailingmoe.expert_weights_norm": ["bool", true],
      "bailingmoe.expert_weights_scale": ["f32", 1.5],
    },
  },
  bailingmoe2: {
    headNorms: true,
    experts: { count: 8, used: 3, shared: 32, dense: 1, selectionBias: true },
    feedForward: 32,
    metadata: {
      "bailingmoe2.rope.dimension_count": ["u32", 8],
      "bailingmoe2.leading_dense_block_count": ["u32", 1],
      "bailingmoe2.expert_shared_count": ["u32", 1],
      "bailingmoe2.expert_gating_func": ["u32", 2],
      "bailingmoe2.expert_weights_norm": ["bool", true],
      "bailingmoe2.expert_weights_scale": ["f32", 2.5],
      "bailingmoe2.expert_group_count": ["u32", 4],
      "bailingmoe2.expert_group_used_count": ["u32", 2],
    },
  },
  chatglm: {
    extraTensors: biasesOf(2, "attn_qkv", 128),
    metadata: { "chatglm.rope.dimension_count": ["u32", 8] },
  },
  codeshell: { biases: true },
  dbrx: {
    ...routed,
    normBiases: false,
    metadata: { "dbrx.attention.clamp_kqv": ["f32", 0.5] },
  },
  hy_v3: {
    headNorms: true,
    experts: shared,
    feedForward: 32,
    extraTensors: [randomTensor("blk.1.exp_probs_b", [4], "F32", randomNumbers(2))],
    metadata: {
      "hy_v3.expert_weights_norm": ["bool", true],
      "hy_v3.expert_weights_scale": ["f32", 2.5],
    },
  },
  jais: {
    ...equalHeads,
    biases: true,
    metadata: { "jais.attention.max_alibi_bias": ["f32", 8] },
  },
  jais2: { biases: true },
  maincoder: { headNorms: true, tied: true },
  mellum: {
    ...routed,
    blocks: 4,
    headNorms: true,
    metadata: {
      "mellum.attention.sliding_window": ["u32", 4],
      "mellum.rope.scaling.type": ["string", "yarn"],
      "mellum.rope.scaling.factor": ["f32", 8],
      "mellum.rope.scaling.original_context_length": ["u32", 32],
    },
  },
  "minimax-m2": {
    ...routed,
    experts: { count: 4, used: 2, selectionBias: true },
    headNorms: "all",
    metadata: {
      "minimax-m2.rope.dimension_count": ["u32", 8],
      "minimax-m2.expert_gating_func": ["u32", 2],
    },
  },
  nanbeige: { metadata: { "nanbeige.num_loops": ["u32", 1] } },
  "pangu-embedded": {
    tied: true,
    extraTensors: [...attentionBiases, ...biasesOf(2, "attn_output", 64)],
  },
  plamo: {},
  plamo3: {
    blocks: 9,
    bareNames: true,
    tied: true,
    headNorms: true,
    metadata: {
      "plamo3.attention.sliding_window": ["u32", 4],
      "plamo3.rope.freq_base": ["f32", 1_000_000],
      "plamo3.rope.freq_base_swa": ["f32", 10_000],
    },
  },
  refact: {},
  starcoder: { keyValueHeads: 1, biases: true, tied: true, extraTensors: [learnedPositions] },
  // Latent attention: queries of a narrow vector, keys and values of one tensor.
  minicpm3: { headWidth: 40, tied: true, latent: { rank: 32, valueWidth: 16, queryRank: 32, isJoint: true } },
  plm: { headWidth: 40, tied: true, latent: { rank: 32, valueWidth: 16, isJoint: true } },
  mistral4: {
    headWidth: 40,
    latent: { rank: 32, valueWidth: 16, queryRank: 32 },
    experts: { ...shared, dense: 0 },
    feedForward: 32,
    metadata: {
      "mistral4.leading_dense_block_count": ["u32", 0],
      "mistral4.expert_shared_count": ["u32", 1],
      "mistral4.expert_gating_func": ["u32", 1],
      "mistral4.expert_weights_norm": ["bool", true],
      "mistral4.expert_weights_scale": ["f32", 1],
      "mistral4.rope.scaling.type": ["string", "yarn"],
      "mistral4.rope.scaling.factor": ["f32", 16],
      "mistral4.rope.scaling.original_context_length": ["u32", 32],
      "mistral4.rope.scaling.yarn_log_multiplier": ["f32", 0.1],
      "mistral4.attention.temperature_scale": ["f32", 0.1],
      "mistral4.attention.temperature_length": ["u32", 32],
    },
  },
  afmoe: {
    blocks: 5,
    headNorms: true,
    attentionGate: "number",
    experts: { ...shared, selectionBias: true },
    feedForward: 32,
    metadata: {
      "afmoe.attention.sliding_window": ["u32", 4],
      "afmoe.leading_dense_block_count": ["u32", 1],
      "afmoe.expert_shared_count": ["u32", 1],
      "afmoe.expert_weights_norm": ["bool", true],
      "afmoe.expert_weights_scale": ["f32", 2.826],
    },
  },
  apertus: {
    headNorms: true,
    metadata: {
      "xielu.alpha_n": ["array", "f32", [0.3, -0.4]],
      "xielu.alpha_p": ["array", "f32", [0.7, 1.2]],
      "xielu.beta": ["f32", 0.5],
      "xielu.eps": ["f32", -1e-6],
    },
  },
  arctic: {
    experts: { count: 4, used: 2, shared: 64, sharedEnding: "" },
    feedForward: 32,
    extraTensors: [0, 1].map((k) =>
      randomTensor(`blk.${k}.ffn_norm_exps.weight`, [64], "F32", randomNumbers(k), 1),
    ),
  },
  cohere2moe: {
    blocks: 5,
    normBiases: false,
    tied: true,
    experts: shared,
    feedForward: 32,
    metadata: {
      "cohere2moe.attention.sliding_window": ["u32", 4],
      "cohere2moe.logit_scale": ["f32", 0.25],
      "cohere2moe.leading_dense_block_count": ["u32", 1],
      "cohere2moe.expert_shared_count": ["u32", 1],
      "cohere2moe.expert_weights_norm": ["bool", true],
    },
  },
  "deepseek2-ocr": {
    ...equalHeads,
    experts: { ...shared, shared: 64 },
    feedForward: 32,
    metadata: {
      "deepseek2-ocr.leading_dense_block_count": ["u32", 1],
      "deepseek2-ocr.expert_shared_count": ["u32", 2],
      "deepseek2-ocr.expert_weights_scale": ["f32", 1],
    },
  },
  granite_swa: {
    blocks: 4,
    tied: true,
    extraTensors: [0, 1, 2, 3].map((k) =>
      randomTensor(`blk.${k}.attn_sinks.weight`, [4], "F32", randomNumbers(k)),
    ),
    metadata: {
      "granite_swa.attention.sliding_window": ["u32", 4],
      "granite_swa.attention.sliding_window_pattern": ["array", "bool", [true, false, true, false]],
      "granite_swa.attention.rope_pattern": ["array", "bool", [true, true, false, true]],
      "granite_swa.attention.scale": ["f32", 0.2],
      "granite_swa.embedding_scale": ["f32", 12],
      "granite_swa.residual_scale": ["f32", 0.22],
      "granite_swa.logit_scale": ["f32", 6],
    },
  },
  grok: {
    experts: { count: 4, used: 2, shared: 64, sharedEnding: "" },
    feedForward: 32,
    metadata: {
      "grok.feed_forward_length": ["u32", 64],
      "grok.attn_logit_softcapping": ["f32", 0.5],
      "grok.attention.output_scale": ["f32", 0.3],
      "grok.embedding_scale": ["f32", 3],
      "grok.logit_scale": ["f32", 0.5],
    },
  },
  llama4: {
    blocks: 4,
    experts: { count: 4, used: 1, shared: 32, every: 2 },
    feedForward: 32,
    metadata: { "llama4.interleave_moe_layer_step": ["u32", 2] },
  },
  smallthinker: {
    ...routed,
    blocks: 5,
    tied: true,
    metadata: {
      "smallthinker.attention.sliding_window": ["u32", 4096],
      "smallthinker.expert_gating_func": ["u32", 2],
    },
  },
};
