/** Llama: what its files differ in, through the suite of every family. */
import { expect, test } from "vitest";
import { LLAMA } from "../../../../../../src/engine/model/gguf/families/llama.ts";
import type { TinyOptions } from "../../../../../support/gguf/gguf-random.ts";
import { mixed, open, run } from "../../../../../support/gguf/gguf-variants.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";
import { FAMILY_VARIANTS } from "../../../../../support/gguf/family-variants.ts";

/** Llama 3.1's kind of divisors: 1 for fast pairs, growing for slow ones. */
const ropeDivisors = {
  name: "rope_freqs.weight",
  dims: [8],
  type: "F32",
  bytes: new Uint8Array(Float32Array.of(1, 1, 1.2, 2, 3.5, 6, 8, 8).buffer),
} as const;

const VARIANTS: Readonly<Record<string, TinyOptions>> = {
  F32: {},
  tied: { tied: true, type: () => "Q8_0" },
  F16: { type: () => "F16" },
  BF16: { type: () => "BF16" },
  Q4_0: { type: () => "Q4_0" },
  Q4_1: { type: () => "Q4_1" },
  "Q5_0 and Q5_1": { type: (name) => (name.includes("ffn") ? "Q5_1" : "Q5_0") },
  Q8_0: { type: () => "Q8_0" },
  "Q4_K and Q6_K as in Q4_K_M": mixed,
  "Q5_K and Q6_K": { ...mixed, type: (name) => (name.includes("attn_v") ? "Q6_K" : "Q5_K") },
  "floats and quantised mixed in one block": {
    type: (name) => (name.includes("attn_k") ? "F16" : name.includes("ffn") ? "Q8_0" : "F32"),
  },
  "all biases": { biases: true, type: () => "Q4_1" },
  "heads wider than width / heads": { headWidth: 32, heads: 3, keyValueHeads: 1 },
  "one key/value head per head": { keyValueHeads: 4 },
  "partial rotation": { metadata: { "llama.rope.dimension_count": ["u32", 8] } },
  "linear rope scaling": {
    metadata: { "llama.rope.scaling.type": ["string", "linear"], "llama.rope.scaling.factor": ["f32", 4] },
  },
  YaRN: {
    metadata: {
      "llama.rope.scaling.type": ["string", "yarn"],
      "llama.rope.scaling.factor": ["f32", 4],
      "llama.rope.scaling.original_context_length": ["u32", 32],
    },
  },
  "rope divisors": { extraTensors: [ropeDivisors] },
  "sliding window": { metadata: { "llama.attention.sliding_window": ["u32", 2] } },
  "what older converters write": {
    metadata: {
      "llama.attention.causal": ["bool", true],
      "llama.expert_count": ["u32", 0],
      "llama.rope.scaling.type": ["string", "none"],
      "llama.rope.scaling.factor": ["f32", 4],
      "llama.attention.head_count_kv": ["array", "u32", [2, 2]],
    },
    type: () => "Q8_0",
  },
  "NVFP4, factors of weights": {
    ...FAMILY_VARIANTS["llama, scales of weights"]!,
    feedForward: 128,
    type: () => "NVFP4",
  },
};

familySuite(LLAMA, VARIANTS);

test("the variants differ, so that none is ignored", async () => {
  const outputs = new Map<string, string>();
  for (const [name, options] of Object.entries(VARIANTS)) {
    if (options.type || options.architecture) continue;
    const { states } = await run(await open(options), [1, 2, 3, 4, 5]);
    outputs.set(name, states[1]!.data.slice(-64).join());
  }
  expect(new Set(outputs.values()).size).toBe(outputs.size);
  expect(outputs.size).toBeGreaterThan(6);
});
