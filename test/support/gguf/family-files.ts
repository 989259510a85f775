/** Tiny files of each family, with what its real files have beside llama's; other implementations read them, too. */
import { FAMILIES } from "../../../src/engine/model/gguf/families/table.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { randomNumbers, randomTensor } from "./gguf-random.ts";

const equalHeads = { keyValueHeads: 4 };
const partial = (architecture: string): NonNullable<TinyOptions["metadata"]> => ({
  [`${architecture}.rope.dimension_count`]: ["u32", 8],
});
const routed: TinyOptions = { experts: { count: 4, used: 2 }, feedForward: 32 };
const shared: TinyOptions = { experts: { count: 4, used: 2, shared: 64 }, feedForward: 32 };

/** By `general.architecture`. */
export const FAMILY_FILES: Readonly<Record<string, TinyOptions>> = {
  mistral3: {
    metadata: {
      "mistral3.rope.scaling.type": ["string", "yarn"],
      "mistral3.rope.scaling.factor": ["f32", 8],
      "mistral3.rope.scaling.original_context_length": ["u32", 32],
      "mistral3.rope.scaling.yarn_log_multiplier": ["f32", 1],
      "mistral3.attention.temperature_scale": ["f32", 0.1],
    },
  },
  qwen: {
    ...equalHeads,
    extraTensors: [0, 1].map((k) => randomTensor(`blk.${k}.attn_qkv.bias`, [192], "F32", randomNumbers(k))),
  },
  qwen2moe: {
    experts: { count: 4, used: 2, shared: 48, sharedGate: true },
    feedForward: 32,
    metadata: { "qwen2moe.expert_shared_feed_forward_length": ["u32", 48] },
  },
  qwen3moe: { ...routed, headNorms: true },
  phi2: {
    ...equalHeads,
    biases: true,
    extraTensors: [randomTensor("output.bias", [40], "F32", randomNumbers(2))],
    metadata: partial("phi2"),
  },
  granitemoe: {
    ...shared,
    metadata: {
      "granitemoe.attention.scale": ["f32", 0.125],
      "granitemoe.embedding_scale": ["f32", 12],
      "granitemoe.residual_scale": ["f32", 0.22],
      "granitemoe.logit_scale": ["f32", 6],
      "granitemoe.expert_shared_feed_forward_length": ["u32", 64],
    },
  },
  minicpm: { tied: true },
  cohere2: {
    blocks: 4,
    normBiases: false,
    tied: true,
    metadata: {
      "cohere2.attention.sliding_window": ["u32", 4],
      "cohere2.logit_scale": ["f32", 0.25],
    },
  },
  exaone: { tied: true },
  glm4: { metadata: partial("glm4") },
  // Its last block guesses further tokens and is not run.
  glm4moe: {
    blocks: 3,
    experts: { count: 4, used: 2, shared: 32, selectionBias: true, dense: 1 },
    feedForward: 32,
    headNorms: true,
    extraTensors: [
      ...[0, 1, 2].flatMap((k) =>
        (["q", "k", "v"] as const).map((name) =>
          randomTensor(`blk.${k}.attn_${name}.bias`, [name === "q" ? 64 : 32], "F32", randomNumbers(k)),
        ),
      ),
      randomTensor("blk.2.nextn.eh_proj.weight", [128, 64], "F32", randomNumbers(3)),
      randomTensor("blk.2.nextn.enorm.weight", [64], "F32", randomNumbers(4)),
      randomTensor("blk.2.nextn.hnorm.weight", [64], "F32", randomNumbers(5)),
    ],
    metadata: {
      ...partial("glm4moe"),
      "glm4moe.nextn_predict_layers": ["u32", 1],
      "glm4moe.leading_dense_block_count": ["u32", 1],
      "glm4moe.expert_shared_count": ["u32", 1],
      "glm4moe.expert_gating_func": ["u32", 2],
      "glm4moe.expert_weights_norm": ["bool", true],
      "glm4moe.expert_weights_scale": ["f32", 2.5],
    },
  },
  smollm3: { blocks: 4, tied: true },
  stablelm: { metadata: partial("stablelm") },
  gptneox: {
    ...equalHeads,
    biases: true,
    metadata: { ...partial("gptneox"), "gptneox.use_parallel_residual": ["bool", true] },
  },
  mpt: {
    ...equalHeads,
    tied: true,
    metadata: { "mpt.attention.max_alibi_bias": ["f32", 8], "mpt.attention.clamp_kqv": ["f32", 0.5] },
  },
  baichuan: { ...equalHeads, blocks: 40 },
  internlm2: {},
  xverse: {},
  orion: {},
  nemotron: { metadata: partial("nemotron") },
  olmo: { metadata: { "olmo.attention.clamp_kqv": ["f32", 0.5] } },
  olmo2: {
    blocks: 4,
    headNorms: "all",
    metadata: {
      "olmo2.attention.sliding_window": ["u32", 4],
      "olmo2.rope.scaling.type": ["string", "yarn"],
      "olmo2.rope.scaling.factor": ["f32", 8],
      "olmo2.rope.scaling.original_context_length": ["u32", 32],
    },
  },
  olmoe: { ...routed, ...equalHeads, headNorms: "all" },
  seed_oss: {},
  ernie4_5: { tied: true },
  "ernie4_5-moe": {
    experts: { count: 4, used: 2, shared: 64, selectionBias: true, dense: 1 },
    feedForward: 32,
    metadata: {
      "ernie4_5-moe.interleave_moe_layer_step": ["u32", 1],
      "ernie4_5-moe.leading_dense_block_count": ["u32", 1],
      "ernie4_5-moe.expert_shared_feed_forward_length": ["u32", 64],
    },
  },
  "hunyuan-dense": { headNorms: true },
  "hunyuan-moe": {
    experts: { count: 4, used: 2, shared: 64 },
    feedForward: 32,
    headNorms: true,
    metadata: { "hunyuan-moe.expert_shared_feed_forward_length": ["u32", 64] },
  },
  arcee: {},
  dots1: {
    ...equalHeads,
    experts: { count: 4, used: 2, shared: 64, selectionBias: true, dense: 1 },
    feedForward: 32,
    headNorms: true,
    metadata: {
      "dots1.leading_dense_block_count": ["u32", 1],
      "dots1.expert_shared_count": ["u32", 2],
      "dots1.expert_weights_norm": ["bool", true],
      "dots1.expert_weights_scale": ["f32", 2.5],
      "dots1.expert_gating_func": ["u32", 2],
    },
  },
  deepseek: {
    experts: { count: 4, used: 2, shared: 64, dense: 1 },
    feedForward: 32,
    metadata: {
      "deepseek.leading_dense_block_count": ["u32", 1],
      "deepseek.expert_shared_count": ["u32", 2],
      "deepseek.expert_weights_scale": ["f32", 1],
    },
  },
};

/** Families by their names. */
export const familyOf = (architecture: string): (typeof FAMILIES)[number] =>
  FAMILIES.find((family) => family.architecture === architecture)!;
