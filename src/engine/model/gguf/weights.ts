/** Finds the tensors of a llama-family decoder, checks their shapes and types, and refuses files with tensors left over. */
import { SwapError } from "../../../shared/errors.ts";
import { isReadable, readableTypes } from "./dequantize.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { unsupported } from "./hyperparameters.ts";
import type { GgufFile, GgufTensor } from "./reader.ts";

/** `y = x W^T + b`: `weight` holds one row of inputs per output feature. */
export interface Linear {
  readonly weight: GgufTensor;
  readonly bias: GgufTensor | undefined;
}

/** Tensors of one block. */
export interface BlockWeights {
  readonly attentionNorm: GgufTensor;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  /** RMS norm over each head before the rotation, `[headWidth]`; qwen3. */
  readonly queryNorm: GgufTensor | undefined;
  readonly keyNorm: GgufTensor | undefined;
  readonly output: Linear;
  readonly feedForwardNorm: GgufTensor;
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;
}

/** Tensors of a decoder. */
export interface DecoderWeights {
  readonly embedding: GgufTensor;
  readonly blocks: readonly BlockWeights[];
  readonly finalNorm: GgufTensor;
  readonly head: Linear;
  /** Whether the head is the embedding. */
  readonly tied: boolean;
  /** Divisors of the rope frequencies, `[ropeWidth / 2]`; Llama 3.1 and later. */
  readonly ropeDivisors: GgufTensor | undefined;
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
  const { width, headWidth, feedForwardWidth, vocab } = shape;
  const queryWidth = shape.heads * headWidth;
  const keyWidth = shape.keyValueHeads * headWidth;
  if (gguf.tensors.has("blk.0.ffn_gate_inp.weight")) throw unsupported(gguf, "mixture-of-experts blocks");
  const embedding = picker.required("token_embd.weight", [width, vocab]);
  const tied = !gguf.tensors.has("output.weight");
  const blocks = Array.from({ length: shape.blocks }, (_, k): BlockWeights => {
    const prefix = `blk.${k}.`;
    return {
      attentionNorm: picker.required(`${prefix}attn_norm.weight`, [width]),
      query: picker.linear(`${prefix}attn_q`, width, queryWidth),
      key: picker.linear(`${prefix}attn_k`, width, keyWidth),
      value: picker.linear(`${prefix}attn_v`, width, keyWidth),
      queryNorm: picker.optional(`${prefix}attn_q_norm.weight`, [headWidth]),
      keyNorm: picker.optional(`${prefix}attn_k_norm.weight`, [headWidth]),
      output: picker.linear(`${prefix}attn_output`, queryWidth, width),
      feedForwardNorm: picker.required(`${prefix}ffn_norm.weight`, [width]),
      gate: picker.linear(`${prefix}ffn_gate`, width, feedForwardWidth),
      up: picker.linear(`${prefix}ffn_up`, width, feedForwardWidth),
      down: picker.linear(`${prefix}ffn_down`, feedForwardWidth, width),
    };
  });
  const weights = {
    embedding,
    blocks,
    finalNorm: picker.required("output_norm.weight", [width]),
    head: tied ? { weight: embedding, bias: undefined } : picker.linear("output", width, vocab),
    tied,
    ropeDivisors: picker.optional("rope_freqs.weight", [shape.ropeWidth / 2]),
  };
  picker.refuseLeftovers();
  return weights;
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
        `${this.#gguf.path}: tensor ${name} has the type ${tensor.type}; ${readableTypes.join(", ")} are supported.`,
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
      `${this.#gguf.path} has no tensor ${name}.`,
      "The file is no whole decoder: an adapter, an encoder or one part of a split model.",
    );
  }

  linear(name: string, inputs: number, outputs: number): Linear {
    return {
      weight: this.required(`${name}.weight`, [inputs, outputs]),
      bias: this.optional(`${name}.bias`, [outputs]),
    };
  }

  refuseLeftovers(): void {
    for (const name of this.#gguf.tensors.keys()) {
      if (!this.#picked.has(name) && !IGNORABLE.test(name))
        throw unsupported(this.#gguf, `the tensor ${name}`);
    }
  }
}
