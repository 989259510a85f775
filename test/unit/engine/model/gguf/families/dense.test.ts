/** Families without experts: what the files of each differ in, through the suite of every family. */
import { BLOOM } from "../../../../../../src/engine/model/gguf/families/bloom.ts";
import { COMMAND_R } from "../../../../../../src/engine/model/gguf/families/command-r.ts";
import { EXAONE4 } from "../../../../../../src/engine/model/gguf/families/exaone4.ts";
import { FALCON } from "../../../../../../src/engine/model/gguf/families/falcon.ts";
import { GEMMA } from "../../../../../../src/engine/model/gguf/families/gemma.ts";
import { GEMMA2 } from "../../../../../../src/engine/model/gguf/families/gemma2.ts";
import { GEMMA3 } from "../../../../../../src/engine/model/gguf/families/gemma3.ts";
import { GPT2 } from "../../../../../../src/engine/model/gguf/families/gpt2.ts";
import { GRANITE } from "../../../../../../src/engine/model/gguf/families/granite.ts";
import { PHI3 } from "../../../../../../src/engine/model/gguf/families/phi3.ts";
import { STARCODER2 } from "../../../../../../src/engine/model/gguf/families/starcoder2.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";
import type { TinyOptions } from "../../../../../support/gguf/gguf-random.ts";
import { randomNumbers, randomTensor } from "../../../../../support/gguf/gguf-random.ts";

const random = (name: string, ...dims: readonly number[]): ReturnType<typeof randomTensor> =>
  randomTensor(name, dims, "F32", randomNumbers(7));
const positions = random("position_embd.weight", 64, 32);
const embeddingNorm = ["weight", "bias"].map((part) => random(`token_embd_norm.${part}`, 64));

familySuite(GEMMA, { "one key/value head": { keyValueHeads: 1, tied: true, type: () => "Q8_0" } });
familySuite(GEMMA2, {
  "caps and windows": {
    blocks: 3,
    tied: true,
    metadata: {
      "gemma2.attention.sliding_window": ["u32", 4],
      "gemma2.attn_logit_softcapping": ["f32", 3],
      "gemma2.final_logit_softcapping": ["f32", 6],
    },
  },
});
const gemma3 = {
  "gemma3.attention.sliding_window": ["u32", 4],
  "gemma3.rope.freq_base": ["f32", 1e6],
  "gemma3.rope.scaling.type": ["string", "linear"],
  "gemma3.rope.scaling.factor": ["f32", 8],
} as const;
familySuite(GEMMA3, {
  "windows of its own rotation": { blocks: 6, headNorms: true, metadata: gemma3 },
  "a pattern in the file": {
    blocks: 3,
    headNorms: true,
    metadata: {
      ...gemma3,
      "gemma3.rope.freq_base_swa": ["f32", 5000],
      "gemma3.attention.sliding_window_pattern": ["array", "bool", [false, true, true]],
    },
  },
  "a period in the file": {
    blocks: 3,
    headNorms: true,
    metadata: { ...gemma3, "gemma3.attention.sliding_window_pattern": ["u32", 3] },
  },
});
familySuite(GRANITE, {
  factors: {
    tied: true,
    metadata: {
      "granite.attention.scale": ["f32", 0.125],
      "granite.embedding_scale": ["f32", 12],
      "granite.residual_scale": ["f32", 0.7],
      "granite.logit_scale": ["f32", 0.5],
    },
  },
  "no rotation": { metadata: { "granite.rope.scaling.finetuned": ["bool", false] } },
});
familySuite(COMMAND_R, {
  "scaled logits": { tied: true, metadata: { "command-r.logit_scale": ["f32", 0.25] } },
});
familySuite(EXAONE4, {
  "head norms": { headNorms: true, metadata: { "exaone4.attention.sliding_window": ["u32", 4] } },
});
familySuite(FALCON, {
  "7B, one key/value head": { keyValueHeads: 1, tied: true, type: () => "Q4_1" },
  "40B, two norms": {
    extraTensors: [0, 1].flatMap((k) =>
      ["weight", "bias"].map((part) => random(`blk.${k}.attn_norm_2.${part}`, 64)),
    ),
  },
});
const factors = ["short", "long"].map((kind, i) => ({
  ...random(`rope_factors_${kind}.weight`, 8),
  bytes: new Uint8Array(new Float32Array(8).map((_, pair) => 1 + pair * (i + 0.2)).buffer),
}));
const longRope = (from: number): TinyOptions => ({
  extraTensors: factors,
  metadata: {
    "phi3.rope.scaling.original_context_length": ["u32", from],
    "phi3.rope.scaling.attn_factor": ["f32", 1.2],
  },
});
familySuite(PHI3, {
  "fused weights": { type: () => "Q8_0" },
  "LongRoPE, short": longRope(64),
  "LongRoPE, long": longRope(0),
});
familySuite(STARCODER2, { biases: { biases: true } });
familySuite(GPT2, {
  "learned positions": { biases: true, keyValueHeads: 4, tied: true, extraTensors: [positions] },
});
familySuite(BLOOM, {
  ALiBi: { biases: true, keyValueHeads: 4, tied: true, extraTensors: embeddingNorm },
  "heads that are no power of two": {
    heads: 6,
    headWidth: 16,
    keyValueHeads: 6,
    extraTensors: embeddingNorm,
  },
});
