/** Families with experts: what the files of each differ in, through the suite of every family. */
import { GPT_OSS } from "../../../../../../src/engine/model/gguf/families/gpt-oss.ts";
import { LLAMA } from "../../../../../../src/engine/model/gguf/families/llama.ts";
import { QWEN3MOE } from "../../../../../../src/engine/model/gguf/families/qwen3.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";
import { randomNumbers, randomTensor } from "../../../../../support/gguf/gguf-random.ts";

familySuite(LLAMA, {
  "experts, floats": { experts: { count: 4, used: 2 } },
  "experts, quantised": { experts: { count: 4, used: 2 }, type: () => "Q4_1" },
  "experts of mixed types": {
    experts: { count: 3, used: 1 },
    type: (name) => (name.includes("down") ? "Q8_0" : name.includes("up") ? "F16" : "Q4_0"),
  },
});
familySuite(QWEN3MOE, {
  "many experts": { experts: { count: 16, used: 4 }, headNorms: true, type: () => "Q4_0" },
});
familySuite(GPT_OSS, {
  "sinks, biases, windows and YaRN": {
    experts: { count: 4, used: 2 },
    biases: true,
    extraTensors: [0, 1].map((k) =>
      randomTensor(`blk.${k}.attn_sinks.weight`, [4], "F32", randomNumbers(k), 1),
    ),
    metadata: {
      "gpt-oss.attention.sliding_window": ["u32", 4],
      "gpt-oss.rope.scaling.type": ["string", "yarn"],
      "gpt-oss.rope.scaling.factor": ["f32", 32],
      "gpt-oss.rope.scaling.original_context_length": ["u32", 4],
    },
  },
});
const tiny = { ...LLAMA, architecture: "tiny" };
familySuite(
  { ...tiny, routing: { gating: "sigmoid", isNormalised: true } },
  {
    "sigmoid, biased choice, shared experts, first block dense": {
      experts: { count: 4, used: 2, shared: 32, selectionBias: true, dense: 1 },
      metadata: { "tiny.expert_weights_scale": ["f32", 2.5] },
    },
    "a gate on the shared experts": {
      experts: { count: 4, used: 2, shared: 32, sharedGate: true },
      metadata: { "tiny.expert_weights_norm": ["bool", false] },
    },
    "softmax over the chosen": {
      experts: { count: 4, used: 2 },
      biases: true,
      metadata: { "tiny.expert_gating_func": ["u32", 3] },
    },
  },
);
familySuite(
  { ...tiny, activation: "clamped-swiglu" },
  { "clamped SwiGLU": { experts: { count: 2, used: 1 } } },
);
