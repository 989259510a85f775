/** Random tiny models, as files with random weights and a tokenizer that any engine opens. */
import fc from "fast-check";
import type { GgufTypeName } from "../../../src/engine/model/gguf/tensor-types.ts";
import { familyOf } from "../gguf/family-files.ts";
import type { TinyOptions } from "../gguf/gguf-random.ts";
import { randomNumbers, randomTensor, tinyDecoder } from "../gguf/gguf-random.ts";
import type { Entry } from "../gguf/gguf-writer.ts";
import { gguf } from "../gguf/gguf-writer.ts";

/** What is drawn of a model; a family may change or need more. */
interface Drawn {
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headWidth: number;
  readonly seed: number;
}

const CONTEXT = 64;

/** Families whose blocks differ most, and what their files need: rotated pairs, biases, head norms, learned positions, windows, experts. */
const KINDS: Readonly<Record<string, (drawn: Drawn) => TinyOptions>> = {
  llama: () => ({}),
  qwen2: () => ({ biases: true }),
  qwen3: () => ({ headNorms: true }),
  gpt2: ({ heads, width, seed }) => ({
    biases: true,
    keyValueHeads: heads,
    extraTensors: [randomTensor("position_embd.weight", [width, CONTEXT], "F32", randomNumbers(seed))],
  }),
  gemma2: () => ({
    metadata: {
      "gemma2.attention.sliding_window": ["u32", 3],
      "gemma2.attn_logit_softcapping": ["f32", 3],
      "gemma2.final_logit_softcapping": ["f32", 6],
    },
  }),
  qwen3moe: () => ({ headNorms: true, experts: { count: 4, used: 2 } }),
};

/** Weights of products; what is 4-bit in files of that kind has its odd blocks in 8. */
const TYPES: readonly ((name: string) => GgufTypeName)[] = [
  () => "F32",
  () => "F16",
  () => "Q8_0",
  (name) => (/ffn_down|attn_v|^output/.test(name) ? "Q8_0" : "Q4_0"),
  () => "Q4_1",
];

/** Random models of 1 to 4 blocks. Their ids are below {@link SMALLEST_VOCAB} at least. */
export const anyModel: fc.Arbitrary<TinyOptions> = fc
  .record({
    name: fc.constantFrom(...Object.keys(KINDS)),
    blocks: fc.integer({ min: 1, max: 4 }),
    width: fc.constantFrom(32, 64, 96),
    heads: fc.constantFrom(2, 4, 6),
    isGrouped: fc.boolean(),
    headWidth: fc.constantFrom(16, 32),
    feedForward: fc.constantFrom(32, 96, 160),
    vocab: fc.integer({ min: 20, max: 70 }),
    type: fc.nat(TYPES.length - 1),
    tied: fc.boolean(),
    seed: fc.nat(1e6),
  })
  .map(({ name, isGrouped, type, ...sizes }): TinyOptions => {
    const drawn = { ...sizes, keyValueHeads: isGrouped ? sizes.heads / 2 : sizes.heads };
    return { ...drawn, family: familyOf(name), type: TYPES[type]!, ...KINDS[name]!(drawn) };
  });

/** The bytes of a model's file. */
export function modelFile(options: TinyOptions): Uint8Array {
  const { metadata, tensors } = tinyDecoder({
    ...options,
    metadata: { ...options.metadata, ...tokenizer(options) },
  });
  return gguf(metadata, tensors);
}

/** Each token is a letter of its own. */
function tokenizer({ vocab = 40 }: TinyOptions): Readonly<Record<string, Entry>> {
  const tokens = Array.from({ length: vocab }, (_, id) => String.fromCodePoint(0x4e00 + id));
  return {
    "tokenizer.ggml.model": ["string", "gpt2"],
    "tokenizer.ggml.pre": ["string", "gpt-2"],
    "tokenizer.ggml.tokens": ["array", "string", tokens],
    "tokenizer.ggml.token_type": ["array", "i32", tokens.map(() => 1)],
    "tokenizer.ggml.merges": ["array", "string", []],
  };
}
