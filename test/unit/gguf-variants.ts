/** Variants of random tiny GGUF decoders, and how tests open and run them. */
import { onTestFinished } from "vitest";

import type { DecoderModel, KeyValue, States } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { nativeRuntime } from "../../src/engine/model/runtime/native.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { tinyDecoder } from "./gguf-random.ts";
import { gguf, temporaryFile } from "./gguf-writer.ts";

/** Opens a random decoder; closed when the test ends. */
export async function open(options: TinyOptions, threads = 1): Promise<DecoderModel> {
  const { metadata, tensors } = tinyDecoder(options);
  return openFile(temporaryFile(gguf(metadata, tensors)), threads);
}

/** Opens a file; closed when the test ends. */
export async function openFile(file: string, threads = 1): Promise<DecoderModel> {
  const decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: nativeRuntime(threads) });
  onTestFinished(async () => decoder.close());
  return decoder;
}

/** Inputs of all blocks and the last block's output, and keys and values by block. */
export async function run(
  decoder: DecoderModel,
  ids: readonly number[],
): Promise<{ states: States[]; keyValues: KeyValue[] }> {
  const states = [await decoder.embed(ids)];
  const keyValues: KeyValue[] = [];
  for (let k = 0; k < decoder.info.blocks; k++) {
    const output = await decoder.block(k, states.at(-1)!, { ids, start: 0, recordKeyValue: true });
    states.push(output.states);
    keyValues.push(output.keyValue!);
  }
  return { states, keyValues };
}

/** Llama 3.1's kind of divisors: 1 for fast pairs, growing for slow ones. */
const ropeDivisors = {
  name: "rope_freqs.weight",
  dims: [8],
  type: "F32",
  bytes: new Uint8Array(Float32Array.of(1, 1, 1.2, 2, 3.5, 6, 8, 8).buffer),
} as const;

/** Types mixed as in files of the kind Q4_K_M. */
export const mixed: TinyOptions = {
  width: 256,
  heads: 4,
  keyValueHeads: 2,
  feedForward: 512,
  type: (name) => (/attn_v|ffn_down|^output/.test(name) ? "Q6_K" : "Q4_K"),
};

/** What files of the family differ in, by name. */
export const variants: Record<string, TinyOptions> = {
  "llama, F32": {},
  "llama, tied": { tied: true, type: () => "Q8_0" },
  "llama, F16": { type: () => "F16" },
  "llama, BF16": { type: () => "BF16" },
  "llama, Q4_0": { type: () => "Q4_0" },
  "llama, Q4_1": { type: () => "Q4_1" },
  "llama, Q5_0 and Q5_1": { type: (name) => (name.includes("ffn") ? "Q5_1" : "Q5_0") },
  "llama, Q8_0": { type: () => "Q8_0" },
  "llama, Q4_K and Q6_K as in Q4_K_M": mixed,
  "llama, Q5_K and Q6_K": { ...mixed, type: (name) => (name.includes("attn_v") ? "Q6_K" : "Q5_K") },
  "llama, floats and quantised mixed in one block": {
    type: (name) => (name.includes("attn_k") ? "F16" : name.includes("ffn") ? "Q8_0" : "F32"),
  },
  "llama, all biases": { biases: true, type: () => "Q4_1" },
  "llama, heads wider than width / heads": { headWidth: 32, heads: 3, keyValueHeads: 1 },
  "llama, one key/value head per head": { keyValueHeads: 4 },
  "llama, partial rotation": { metadata: { "llama.rope.dimension_count": ["u32", 8] } },
  "llama, linear rope scaling": {
    metadata: { "llama.rope.scaling.type": ["string", "linear"], "llama.rope.scaling.factor": ["f32", 4] },
  },
  "llama, rope divisors": { extraTensors: [ropeDivisors] },
  "llama, sliding window": { metadata: { "llama.attention.sliding_window": ["u32", 2] } },
  "llama, what older converters write": {
    metadata: {
      "llama.attention.causal": ["bool", true],
      "llama.expert_count": ["u32", 0],
      "llama.rope.scaling.type": ["string", "none"],
      "llama.rope.scaling.factor": ["f32", 4],
      "llama.attention.head_count_kv": ["array", "u32", [2, 2]],
    },
    type: () => "Q8_0",
  },
  "llama, attention scale": { metadata: { "llama.attention.scale": ["f32", 0.1] } },
  "qwen2, biases": { architecture: "qwen2", biases: true, type: () => "Q8_0" },
  "qwen3, head norms": { architecture: "qwen3", headNorms: true, headWidth: 32, type: () => "Q4_0" },
};
