/** Finds the tensors of a decoder by what its family declares, checks their shapes and types, and refuses files with tensors left over. */
import { SwapError } from "../../../shared/errors.ts";
import { isReadable, readableTypes } from "./dequantize.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { unsupported } from "./metadata-fields.ts";
import type { GgufFile, GgufTensor } from "./reader.ts";

/** `y = x W^T + b`: `weight` holds one row of inputs per output feature. */
export interface Linear {
  readonly weight: GgufTensor;
  readonly bias: GgufTensor | undefined;
}

/** A norm's weight, and the bias that a LayerNorm may have. */
export interface Norm {
  readonly weight: GgufTensor;
  readonly bias: GgufTensor | undefined;
}

/** Tensors of one block; norms are undefined where the family has none. */
export interface BlockWeights {
  /** 0-based. */
  readonly k: number;
  readonly attentionNorm: Norm | undefined;
  readonly attentionPostNorm: Norm | undefined;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  /** Norm over each head before the rotation, `[headWidth]`; qwen3. */
  readonly queryNorm: Norm | undefined;
  readonly keyNorm: Norm | undefined;
  readonly output: Linear;
  readonly feedForwardNorm: Norm | undefined;
  readonly feedForwardPostNorm: Norm | undefined;
  /** Undefined where the sublayer has no gate. */
  readonly gate: Linear | undefined;
  readonly up: Linear;
  readonly down: Linear;
}

/** All products of a block, in the order in which they run. */
export function productsOf({ query, key, value, output, gate, up, down }: BlockWeights): readonly Linear[] {
  return [query, key, value, output, ...(gate ? [gate] : []), up, down];
}

/** Tensors of a decoder. */
export interface DecoderWeights {
  readonly embedding: GgufTensor;
  /** Of the embedding's rows; bloom. */
  readonly embeddingNorm: Norm | undefined;
  /** Learned positions, `[width, positions]`; gpt2. */
  readonly positions: GgufTensor | undefined;
  readonly blocks: readonly BlockWeights[];
  readonly finalNorm: Norm;
  readonly head: Linear;
  /** Whether the head is the embedding. */
  readonly tied: boolean;
  /** Divisors of the rope frequencies, `[ropeWidth / 2]`: Llama 3.1 and later; LongRoPE has others for long prompts. */
  readonly ropeDivisors: { readonly short: GgufTensor; readonly long: GgufTensor } | undefined;
}

/** Tensors that carry nothing a forward pass needs. */
const IGNORABLE = /^blk\.\d+\.attn_rot_embd$|^blk\.\d+\.rope_freqs\.weight$|\.rotary_emb\.inv_freq$/;

/**
 * Collects the tensors.
 *
 * @throws SwapError `not-a-decoder` (one is missing), `unsupported-tensor-type`, `unsupported-model` (a shape that does
 *   not fit, or tensors that the known architecture has no place for)
 */
export function collectWeights(gguf: GgufFile, shape: Hyperparameters): DecoderWeights {
  const picker = new Picker(gguf);
  const { family, width, headWidth, feedForwardWidth, vocab } = shape;
  const queryWidth = shape.heads * headWidth;
  const keyWidth = shape.keyValueHeads * headWidth;
  if (gguf.tensors.has("blk.0.ffn_gate_inp.weight")) throw unsupported(gguf, "mixture-of-experts blocks");
  const embedding = picker.required("token_embd.weight", [width, vocab]);
  const tied = !gguf.tensors.has("output.weight");
  const blocks = Array.from({ length: shape.blocks }, (_, k): BlockWeights => {
    const at = (name: string): string => `blk.${k}.${name}`;
    const norm = (name: string | null): Norm | undefined =>
      name === null ? undefined : picker.norm(at(name), width);
    const linears = (fused: string | null, names: readonly string[], outputs: readonly number[]): Linear[] =>
      fused === null
        ? names.map((name, i) => picker.linear(at(name), width, outputs[i]!))
        : picker.parts(at(fused), width, outputs);
    const fusedAttention = gguf.tensors.has(at("attn_qkv.weight")) ? "attn_qkv" : family.fused.attention;
    const [query, key, value] = linears(
      fusedAttention,
      ["attn_q", "attn_k", "attn_v"],
      [queryWidth, keyWidth, keyWidth],
    );
    const feedForward = linears(
      family.fused.feedForward,
      family.isGated ? ["ffn_gate", "ffn_up"] : ["ffn_up"],
      family.isGated ? [feedForwardWidth, feedForwardWidth] : [feedForwardWidth],
    );
    return {
      k,
      attentionNorm: norm(family.attentionNorms.before),
      attentionPostNorm: norm(family.attentionNorms.after),
      query: query!,
      key: key!,
      value: value!,
      queryNorm: picker.optionalNorm(at("attn_q_norm"), headWidth),
      keyNorm: picker.optionalNorm(at("attn_k_norm"), headWidth),
      output: picker.linear(at("attn_output"), queryWidth, width),
      feedForwardNorm: norm(family.feedForwardNorms.before),
      feedForwardPostNorm: norm(family.feedForwardNorms.after),
      gate: family.isGated ? feedForward[0]! : undefined,
      up: feedForward.at(-1)!,
      down: picker.linear(at("ffn_down"), feedForwardWidth, width),
    };
  });
  const positions = gguf.tensors.get("position_embd.weight")?.dims[1];
  const weights = {
    embedding,
    embeddingNorm: picker.optionalNorm("token_embd_norm", width),
    positions:
      positions === undefined ? undefined : picker.required("position_embd.weight", [width, positions]),
    blocks,
    finalNorm: picker.norm("output_norm", width),
    head: tied ? { weight: embedding, bias: undefined } : picker.linear("output", width, vocab),
    tied,
    ropeDivisors: ropeDivisors(picker, shape),
  };
  picker.refuseLeftovers();
  return weights;
}

function ropeDivisors(picker: Picker, shape: Hyperparameters): DecoderWeights["ropeDivisors"] {
  const dims = [shape.ropeWidth / 2];
  if (shape.longRopeFrom !== null) {
    return {
      short: picker.required("rope_factors_short.weight", dims),
      long: picker.required("rope_factors_long.weight", dims),
    };
  }
  const always = picker.optional("rope_freqs.weight", dims);
  return always && { short: always, long: always };
}

/** Rows `first` to `first + count - 1` of a weight, or entries of a bias, as a tensor. */
function rowsOf(tensor: GgufTensor, first: number, count: number): GgufTensor {
  const all = tensor.dims.at(-1)!;
  const bytes = tensor.bytes / all;
  return {
    ...tensor,
    dims: [...tensor.dims.slice(0, -1), count],
    offset: tensor.offset + first * bytes,
    bytes: count * bytes,
  };
}

/** Picks tensors by name and remembers which were picked. */
class Picker {
  readonly #gguf: GgufFile;
  readonly #picked = new Set<string>();

  constructor(gguf: GgufFile) {
    this.#gguf = gguf;
  }

  optional(name: string, dims: readonly number[]): GgufTensor | undefined {
    const tensor = this.#gguf.tensors.get(name);
    if (!tensor) return undefined;
    if (!isReadable(tensor.type)) {
      throw new SwapError(
        "unsupported-tensor-type",
        `${this.#gguf.file}: tensor ${name} has the type ${tensor.type}; ${readableTypes.join(", ")} are supported.`,
        "Choose another quantisation of this model, for example Q8_0 or Q4_K_M.",
      );
    }
    if (tensor.dims.length !== dims.length || dims.some((dim, i) => dim !== tensor.dims[i])) {
      throw unsupported(
        this.#gguf,
        `tensor ${name} of shape [${tensor.dims.join(", ")}], not [${dims.join(", ")}]`,
      );
    }
    this.#picked.add(name);
    return tensor;
  }

  required(name: string, dims: readonly number[]): GgufTensor {
    const tensor = this.optional(name, dims);
    if (tensor) return tensor;
    throw new SwapError(
      "not-a-decoder",
      `${this.#gguf.file} has no tensor ${name}.`,
      "The file is no whole decoder: an adapter, an encoder or one part of a split model.",
    );
  }

  linear(name: string, inputs: number, outputs: number): Linear {
    return {
      weight: this.required(`${name}.weight`, [inputs, outputs]),
      bias: this.optional(`${name}.bias`, [outputs]),
    };
  }

  norm(name: string, size: number): Norm {
    return {
      weight: this.required(`${name}.weight`, [size]),
      bias: this.optional(`${name}.bias`, [size]),
    };
  }

  optionalNorm(name: string, size: number): Norm | undefined {
    return this.#gguf.tensors.has(`${name}.weight`) ? this.norm(name, size) : undefined;
  }

  /** The weights that one tensor holds, one below the other. */
  parts(name: string, inputs: number, outputs: readonly number[]): Linear[] {
    const rows = outputs.reduce((sum, count) => sum + count, 0);
    const { weight, bias } = this.linear(name, inputs, rows);
    let first = 0;
    return outputs.map((count) => {
      const part = { weight: rowsOf(weight, first, count), bias: bias && rowsOf(bias, first, count) };
      first += count;
      return part;
    });
  }

  refuseLeftovers(): void {
    for (const name of this.#gguf.tensors.keys()) {
      if (!this.#picked.has(name) && !IGNORABLE.test(name))
        throw unsupported(this.#gguf, `the tensor ${name}`);
    }
  }
}
