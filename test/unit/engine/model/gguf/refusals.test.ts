/** Files that the GGUF decoder refuses, and what it says: each names what is wrong. */
import { describe, expect, onTestFinished, test } from "vitest";

import type { DecoderModel } from "../../../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../../../../support/runtime.ts";
import { GPT2 } from "../../../../../src/engine/model/gguf/families/gpt2.ts";
import { LLAMA4 } from "../../../../../src/engine/model/gguf/families/llama4.ts";
import { NANBEIGE } from "../../../../../src/engine/model/gguf/families/nanbeige.ts";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { SwapError } from "../../../../../src/shared/errors.ts";
import type { TinyOptions } from "../../../../support/gguf/gguf-random.ts";
import { randomNumbers, randomTensor, tinyDecoder } from "../../../../support/gguf/gguf-random.ts";
import { gguf, temporaryFile } from "../../../../support/gguf/gguf-writer.ts";

const mixed: TinyOptions = { width: 256, feedForward: 512 };

async function openFile(file: string): Promise<DecoderModel> {
  const decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: testRuntime(1) });
  onTestFinished(async () => decoder.close());
  return decoder;
}

describe("refusals", () => {
  const refused = async (options: TinyOptions, edit?: (bytes: Buffer) => void): Promise<SwapError> => {
    const { metadata, tensors } = tinyDecoder(options);
    const bytes = Buffer.from(gguf(metadata, tensors));
    edit?.(bytes);
    const error: unknown = await openFile(temporaryFile(bytes)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SwapError);
    return error as SwapError;
  };

  test("an unknown architecture is named, with the supported ones", async () => {
    const error = await refused({ architecture: "klama" });
    expect(error.code).toBe("unsupported-architecture");
    for (const name of ["klama", "llama", "qwen2", "qwen3"]) expect(error.message).toContain(name);
  });

  test.each([
    ["mamba", "state that runs from token to token"],
    ["qwen3next", "mixes attention"],
    ["lfm2", "convolutions"],
    ["bert", "encoder"],
    ["deepseek32", "which positions each one sees"],
    ["gemma3n", "several streams"],
    ["gemma4", "keys and values of others"],
    ["openelm", "different numbers of heads"],
    ["phimoe", "otherwise than by its own code"],
  ])("%s is refused for what its blocks are", async (architecture, reason) => {
    const error = await refused({ architecture });
    expect(error.code).toBe("unsupported-architecture");
    expect(error.message).toContain(architecture);
    expect(error.message).toContain(reason);
  });

  test("a tensor type that is not computed is named with its tensor", async () => {
    const error = await refused({ ...mixed, type: (name) => (name === "blk.1.ffn_up" ? "Q8_K" : "Q4_K") });
    expect(error.code).toBe("unsupported-tensor-type");
    expect(error.message).toContain("blk.1.ffn_up.weight");
    expect(error.message).toContain("Q8_K");
  });

  test.each<[string, TinyOptions, string]>([
    [
      "experts in a family that has none",
      { family: GPT2, metadata: { "gpt2.expert_count": ["u32", 8] } },
      "experts",
    ],
    [
      "an expert router without a word of it",
      { extraTensors: [randomTensor("blk.0.ffn_gate_inp.weight", [64, 8], "F32", randomNumbers(1))] },
      "ffn_gate_inp",
    ],
    [
      "groups that experts do not fit into",
      {
        experts: { count: 4, used: 2 },
        metadata: { "llama.expert_group_count": ["u32", 3], "llama.expert_group_used_count": ["u32", 1] },
      },
      "expert_group_count",
    ],
    ["encoders", { metadata: { "llama.attention.causal": ["bool", false] } }, "causal"],
    ["unknown rope scaling", { metadata: { "llama.rope.scaling.type": ["string", "su"] } }, "su"],
    [
      "a tensor without a place",
      { extraTensors: [randomTensor("blk.1.post_norm.weight", [64], "F32", randomNumbers(1))] },
      "blk.1.post_norm.weight",
    ],
    [
      "layers of different shapes",
      { metadata: { "llama.attention.head_count_kv": ["array", "u32", [2, 1]] } },
      "kv",
    ],
    ["values of another width", { metadata: { "llama.attention.value_length": ["u32", 8] } }, "value"],
    ["a weight of another shape", { metadata: { "llama.feed_forward_length": ["u32", 64] } }, "ffn_gate"],
    [
      "a rotation wider than a head",
      { metadata: { "llama.rope.dimension_count": ["u32", 32] } },
      "rotation of 32",
    ],
    ["a multiplier", { metadata: { "llama.logit_scale": ["f32", 2] } }, "logit_scale"],
    ["a scale of scores", { metadata: { "llama.attention.scale": ["f32", 0.5] } }, "attention.scale"],
    [
      "heads of another width in windowed layers",
      { metadata: { "llama.attention.key_length_swa": ["u32", 32] } },
      "key_length_swa",
    ],
    [
      "attention without chunks",
      {
        family: LLAMA4,
        experts: { count: 4, used: 1, shared: 32 },
        metadata: { "llama4.attention.sliding_window": ["u32", 0] },
      },
      "sliding_window",
    ],
    [
      "blocks that run several times",
      { family: NANBEIGE, metadata: { "nanbeige.num_loops": ["u32", 2] } },
      "num_loops",
    ],
  ])("%s", async (_, options, text) => {
    const error = await refused(options);
    expect(error.code).toBe("unsupported-model");
    expect(error.message).toContain(text);
  });

  test("a missing tensor and missing metadata are named", async () => {
    const missing = await refused({}, (bytes) => bytes.write("xxxx", bytes.indexOf("output_norm.weight")));
    expect(missing.code).toBe("not-a-decoder");
    expect(missing.message).toContain("output_norm.weight");
    const unnamed = await refused({}, (bytes) => bytes.write("xxxx", bytes.indexOf("llama.block_count")));
    expect(unnamed.code).toBe("not-a-decoder");
    expect(unnamed.message).toContain("block_count");
  });

  test("more blocks than there can be", async () => {
    const error = await refused({ metadata: { "llama.block_count": ["u32", 2 ** 32 - 1] } });
    expect(error.code).toBe("not-a-decoder");
    expect(error.message).toContain("too few for its 4294967295 layers");
  });

  test("token ids outside the vocabulary", async () => {
    const { metadata, tensors } = tinyDecoder();
    const decoder = await openFile(temporaryFile(gguf(metadata, tensors)));
    for (const id of [-1, 40, 1.5])
      await expect(decoder.embed([1, id])).rejects.toMatchObject({ code: "bad-token-id" });
  });
});
