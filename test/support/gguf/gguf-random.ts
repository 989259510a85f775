/** Random content for GGUF tests: tensors of any supported type and whole tiny decoders. */
import type { Family } from "../../../src/engine/model/gguf/families/family.ts";
import { LLAMA } from "../../../src/engine/model/gguf/families/llama.ts";
import type { GgufTypeName } from "../../../src/engine/model/gguf/tensor-types.ts";
import { typeNamed } from "../../../src/engine/model/gguf/tensor-types.ts";
import type { TinyLatent } from "./gguf-latent.ts";
import { latentMetadata, latentTensors } from "./gguf-latent.ts";
import type { Entry, TensorData } from "./gguf-writer.ts";

/** A repeatable source of numbers in [0, 1) (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Offsets of half-precision scales in a block. */
const scaleOffsets: Partial<Record<GgufTypeName, readonly number[]>> = {
  Q1_0: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  IQ1_S: [0],
  IQ2_XXS: [0],
  IQ2_XS: [0],
  IQ2_S: [0],
  IQ3_XXS: [0],
  IQ3_S: [0],
  IQ4_NL: [0],
  IQ4_XS: [0],
  TQ1_0: [52],
  TQ2_0: [64],
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
};
/** Largest |code| times sub-scale by type, so that weights of all types are of one size. */
const codeSizes: Partial<Record<GgufTypeName, number>> = {
  Q8_0: 128,
  Q1_0: 1,
  Q2_K: 45,
  Q3_K: 128,
  Q4_K: 500,
  Q5_K: 1000,
  Q6_K: 2000,
  IQ2_XXS: 160,
  IQ2_XS: 160,
  IQ2_S: 160,
  IQ3_XXS: 480,
  IQ3_S: 465,
  IQ4_NL: 127,
  IQ4_XS: 4000,
  TQ1_0: 1,
  TQ2_0: 2,
};

/** A tensor of random content: every bit of the codes is random, scales are half floats of size `size / largest code`. */
export function randomTensor(
  name: string,
  dims: readonly number[],
  type: GgufTypeName,
  random: () => number,
  size = 0.2,
): TensorData {
  const { blockSize, blockBytes } = typeNamed(type);
  const elements = dims.reduce((product, dim) => product * dim, 1);
  const bytes = new Uint8Array((elements / blockSize) * blockBytes);
  const view = new DataView(bytes.buffer);
  if (type === "F32") {
    for (let i = 0; i < elements; i++) view.setFloat32(i * 4, (random() * 2 - 1) * size, true);
  } else if (type === "F16") {
    for (let i = 0; i < elements; i++) view.setUint16(i * 2, halfBits((random() * 2 - 1) * size), true);
  } else if (type === "BF16") {
    const scratch = new DataView(new ArrayBuffer(4));
    for (let i = 0; i < elements; i++) {
      scratch.setFloat32(0, (random() * 2 - 1) * size);
      view.setUint16(i * 2, scratch.getUint16(0), true);
    }
  } else {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
    for (let block = 0; block < bytes.length; block += blockBytes) {
      for (const offset of scaleOffsets[type] ?? []) {
        view.setUint16(block + offset, halfBits(((random() * 2 - 1) * size) / (codeSizes[type] ?? 16)), true);
      }
      if (type === "IQ1_M") {
        const bits = halfBits(((random() * 2 - 1) * size) / 16);
        for (let i = 0; i < 4; i++) {
          const at = block + 48 + 2 * i;
          view.setUint16(at, (view.getUint16(at, true) & 0xfff) | (((bits >> (4 * i)) & 15) << 12), true);
        }
      }
      // Powers of two, so that 12 times the largest is of that size.
      if (type === "MXFP4") bytes[block] = 128 + Math.floor(Math.log2(size / 12)) - Math.floor(random() * 3);
      if (type === "NVFP4") for (let i = 0; i < 4; i++) bytes[block + i]! &= 31;
    }
  }
  return { name, dims, type, bytes };
}

/** Bits of the half float next to a small number (|x| < 65504), rounded towards zero. */
function halfBits(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.floor(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | Math.floor((size / 2 ** exponent - 1) * 1024);
}

/** What {@link tinyDecoder} can vary. */
export interface TinyOptions {
  /** What it declares decides which tensors there are; as llama without it. */
  readonly family?: Family;
  readonly architecture?: string;
  readonly width?: number;
  readonly heads?: number;
  readonly keyValueHeads?: number;
  readonly headWidth?: number;
  readonly feedForward?: number;
  readonly blocks?: number;
  readonly vocab?: number;
  /** Type of a weight by its name; F32 otherwise. */
  readonly type?: (name: string) => GgufTypeName;
  readonly biases?: boolean;
  /** Of LayerNorms; true without it. */
  readonly normBiases?: boolean;
  /** Norms behind sublayers are named without `.weight`; PLaMo. */
  readonly bareNames?: true;
  /** One for all heads, one over all heads together, or one for each head. */
  readonly headNorms?: true | "all" | "each";
  readonly tied?: boolean;
  /** What attention puts out is gated, each number or each head. */
  readonly attentionGate?: "number" | "head";
  /** Experts as wide as `feedForward`, in all blocks behind the first `dense` ones. */
  readonly experts?: TinyExperts;
  /** Latent attention of heads of `headWidth`, 8 of it rotated. */
  readonly latent?: TinyLatent;
  readonly metadata?: Readonly<Record<string, Entry>>;
  readonly extraTensors?: readonly TensorData[];
  readonly seed?: number;
}

/** Experts that {@link tinyDecoder} makes. */
export interface TinyExperts {
  readonly count: number;
  readonly used: number;
  /** Width of the shared ones. */
  readonly shared?: number;
  readonly sharedGate?: boolean;
  readonly selectionBias?: boolean;
  readonly dense?: number;
  /** How the names of the shared ones end; `_shexp` without it. */
  readonly sharedEnding?: "" | "_shexp";
  /** Of every so many blocks the last one has experts. */
  readonly every?: number;
  /** Each expert's gate and up are one matrix. */
  readonly gateAboveUp?: true;
}

/** Metadata and tensors of a whole random decoder. */
export function tinyDecoder(options: TinyOptions = {}): {
  readonly metadata: Record<string, Entry>;
  readonly tensors: TensorData[];
} {
  const {
    family = LLAMA,
    architecture = family.architecture,
    width = 64,
    heads = 4,
    keyValueHeads = 2,
    blocks = 2,
    vocab = 40,
  } = options;
  const headWidth = options.headWidth ?? width / heads;
  const feedForward = options.feedForward ?? 96;
  const random = randomNumbers(options.seed ?? 1);
  const tensors: TensorData[] = [];
  const weight = (name: string, inputs: number, outputs: number, bias = options.biases ?? false): void => {
    tensors.push(randomTensor(`${name}.weight`, [inputs, outputs], options.type?.(name) ?? "F32", random));
    if (bias) tensors.push(randomTensor(`${name}.bias`, [outputs], "F32", random));
  };
  const norm = (name: string, size: number): void => {
    const data = new Float32Array(size).map(() => 0.5 + random());
    tensors.push({ name: `${name}.weight`, dims: [size], type: "F32", bytes: new Uint8Array(data.buffer) });
    if (family.norm === "layer" && options.normBiases !== false)
      tensors.push(randomTensor(`${name}.bias`, [size], "F32", random));
  };
  const sublayerNorm = (block: string, name: string | null): void => {
    if (name !== null && family.hasNormWeights) norm(`${block}${name}`, width);
  };
  const linears = (
    block: string,
    fused: string | null,
    parts: readonly (readonly [string, number])[],
  ): void => {
    const rows = parts.reduce((sum, [, outputs]) => sum + outputs, 0);
    if (fused !== null) weight(`${block}${fused}`, width, rows);
    else for (const [name, outputs] of parts) weight(`${block}${name}`, width, outputs);
  };
  const routed = (
    block: string,
    { count, shared, sharedGate, selectionBias, gateAboveUp, sharedEnding = "_shexp" }: TinyExperts,
  ): void => {
    const push = (name: string, dims: readonly number[], biasDims?: readonly number[]): void => {
      tensors.push(randomTensor(`${block}${name}.weight`, dims, options.type?.(name) ?? "F32", random));
      if (biasDims && options.biases)
        tensors.push(randomTensor(`${block}${name}.bias`, biasDims, "F32", random));
    };
    tensors.push(randomTensor(`${block}ffn_gate_inp.weight`, [width, count], "F32", random));
    if (options.biases) tensors.push(randomTensor(`${block}ffn_gate_inp.bias`, [count], "F32", random));
    if (selectionBias) tensors.push(randomTensor(`${block}exp_probs_b.bias`, [count], "F32", random));
    for (const name of family.isGated ? ["ffn_gate", "ffn_up"] : ["ffn_up"]) {
      if (!gateAboveUp) push(`${name}_exps`, [width, feedForward, count], [feedForward, count]);
      if (shared !== undefined) push(`${name}${sharedEnding}`, [width, shared]);
    }
    if (gateAboveUp) push("ffn_gate_up_exps", [width, 2 * feedForward, count]);
    push("ffn_down_exps", [feedForward, width, count], [width, count]);
    if (shared !== undefined) push(`ffn_down${sharedEnding}`, [shared, width]);
    if (sharedGate) tensors.push(randomTensor(`${block}ffn_gate_inp_shexp.weight`, [width], "F32", random));
  };
  weight("token_embd", width, vocab, false);
  for (let k = 0; k < blocks; k++) {
    const block = `blk.${k}.`;
    sublayerNorm(block, family.attentionNorms.before);
    if (options.latent) {
      const shape = { ...options.latent, heads, headWidth, width };
      latentTensors(shape, {
        weight: (name, inputs, outputs) => {
          weight(`${block}${name}`, inputs, outputs);
        },
        norm: (name, size) => {
          norm(`${block}${name}`, size);
        },
        stacked: (name, dims) => {
          const type = options.type?.(name) ?? "F32";
          tensors.push(randomTensor(`${block}${name}.weight`, dims, type, random));
        },
      });
    } else {
      linears(block, family.fused.attention, [
        ["attn_q", heads * headWidth],
        ["attn_k", keyValueHeads * headWidth],
        ["attn_v", keyValueHeads * headWidth],
      ]);
    }
    for (const [name, count] of [
      ["attn_q_norm", heads],
      ["attn_k_norm", keyValueHeads],
    ] as const) {
      if (options.headNorms === "each") {
        tensors.push(randomTensor(`${block}${name}.weight`, [headWidth, count], "F32", random));
      } else if (options.headNorms) {
        norm(`${block}${name}`, options.headNorms === "all" ? headWidth * count : headWidth);
      }
    }
    if (options.attentionGate)
      weight(`${block}attn_gate`, width, options.attentionGate === "head" ? heads : heads * headWidth);
    weight(`${block}attn_output`, heads * (options.latent?.valueWidth ?? headWidth), width);
    sublayerNorm(block, family.attentionNorms.after);
    sublayerNorm(block, family.feedForwardNorms.before);
    const { experts } = options;
    const isRouted = (k + 1) % (experts?.every ?? 1) === 0 && k >= (experts?.dense ?? 0);
    if (experts && isRouted) {
      routed(block, experts);
    } else {
      linears(block, family.fused.feedForward, [
        ...(family.isGated ? [["ffn_gate", feedForward] as const] : []),
        ["ffn_up", feedForward],
      ]);
      weight(`${block}ffn_down`, feedForward, width);
    }
    sublayerNorm(block, family.feedForwardNorms.after);
  }
  if (options.bareNames) {
    for (const [i, tensor] of tensors.entries())
      tensors[i] = { ...tensor, name: tensor.name.replace(/(\.post_\w+_norm)\.weight$/, "$1") };
  }
  if (family.hasNormWeights) norm("output_norm", width);
  if (!options.tied) weight("output", width, vocab, false);
  // Copies: a test may change what it gets.
  for (const tensor of options.extraTensors ?? []) tensors.push({ ...tensor, bytes: tensor.bytes.slice() });
  const prefix = architecture;
  const metadata: Record<string, Entry> = {
    "general.architecture": ["string", architecture],
    [`${prefix}.block_count`]: ["u32", blocks],
    [`${prefix}.context_length`]: ["u32", 128],
    [`${prefix}.embedding_length`]: ["u32", width],
    [`${prefix}.feed_forward_length`]: ["u32", feedForward / family.feedForwardShare],
    [`${prefix}.attention.head_count`]: ["u32", heads],
    [`${prefix}.attention.head_count_kv`]: ["u32", keyValueHeads],
    [`${prefix}.attention.key_length`]: ["u32", headWidth],
    [`${prefix}.attention.value_length`]: ["u32", headWidth],
    [`${prefix}.attention.layer_norm_${family.norm === "rms" ? "rms_" : ""}epsilon`]: ["f32", 1e-5],
    ...(options.experts && {
      [`${prefix}.expert_count`]: ["u32", options.experts.count],
      [`${prefix}.expert_used_count`]: ["u32", options.experts.used],
      [`${prefix}.expert_feed_forward_length`]: ["u32", feedForward],
    }),
    ...(options.latent && latentMetadata(prefix, options.latent, heads, headWidth)),
    ...options.metadata,
  };
  return { metadata, tensors };
}
