/** Picks a file's tensors by name, checks their shapes and types, and knows which are left over. */
import { SwapError } from "../../../shared/errors.ts";
import { isReadable, readableTypes } from "./dequantize.ts";
import { unsupported } from "./metadata-fields.ts";
import type { GgufFile, GgufTensor } from "./reader.ts";

/** `y = scale * x W^T + b`: `weight` holds one row of inputs per output feature. */
export interface Linear {
  readonly weight: GgufTensor;
  /** One factor of all its products, `[1]`, beside types whose own scales are of a narrow range (NVFP4). */
  readonly scale?: GgufTensor | undefined;
  readonly bias: GgufTensor | undefined;
}

/** A norm's weight, and the bias that a LayerNorm may have; without a weight the rows are normed alone. */
export interface Norm {
  readonly weight: GgufTensor | undefined;
  readonly bias: GgufTensor | undefined;
}

/** Tensors that carry nothing a forward pass needs. */
const IGNORABLE =
  /^blk\.\d+\.attn_rot_embd$|^blk\.\d+\.rope_freqs\.weight$|\.rotary_emb\.inv_freq$|\.input_scale$/;

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

/** The weights that one holds, one below the other, of so many outputs each. */
export function partsOf({ weight, scale, bias }: Linear, outputs: readonly number[]): Linear[] {
  let first = 0;
  return outputs.map((count) => {
    const part = { weight: rowsOf(weight, first, count), scale, bias: bias && rowsOf(bias, first, count) };
    first += count;
    return part;
  });
}

/** Entry `index` of the last axis of `count`: a weight of stacked ones, or a row of stacked biases. */
function entryOf(tensor: GgufTensor, index: number, count: number): GgufTensor {
  const bytes = tensor.bytes / count;
  return { ...tensor, dims: tensor.dims.slice(0, -1), offset: tensor.offset + index * bytes, bytes };
}

/** Picks tensors by name and remembers which were picked. */
export class TensorPicker {
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
      scale: this.optional(`${name}.scale`, [1]),
      bias: this.optional(`${name}.bias`, [outputs]),
    };
  }

  norm(name: string, size: number): Norm {
    return {
      // PLaMo's files leave the ending out.
      weight: this.optional(name, [size]) ?? this.required(`${name}.weight`, [size]),
      bias: this.optional(`${name}.bias`, [size]),
    };
  }

  optionalNorm(name: string, size: number): Norm | undefined {
    return this.#gguf.tensors.has(`${name}.weight`) ? this.norm(name, size) : undefined;
  }

  /** A norm of queries or keys: over each head, `[headWidth]` for all or `[headWidth, heads]`, or over all heads together. */
  headNorm(name: string, headWidth: number, heads: number): Norm | undefined {
    const dims = this.dimsOf(`${name}.weight`);
    if (!dims) return undefined;
    if (dims.length === 1)
      return this.norm(name, dims[0] === heads * headWidth ? heads * headWidth : headWidth);
    const weight = this.required(`${name}.weight`, [headWidth, heads]);
    return { weight, bias: undefined };
  }

  /** The weights that one tensor holds, one below the other. */
  parts(name: string, inputs: number, outputs: readonly number[]): Linear[] {
    const rows = outputs.reduce((sum, count) => sum + count, 0);
    return partsOf(this.linear(name, inputs, rows), outputs);
  }

  /** `count` weights that one tensor holds, a matrix behind the other; their scales, one for each, may bear another name. */
  stacked(name: string, inputs: number, outputs: number, count: number, scaleName = name): Linear[] {
    const weight = this.required(`${name}.weight`, [inputs, outputs, count]);
    const scale = this.optional(`${scaleName}.scale`, [count]);
    const bias = this.optional(`${name}.bias`, [outputs, count]);
    return Array.from({ length: count }, (_, i) => ({
      weight: entryOf(weight, i, count),
      scale: scale && rowsOf(scale, i, 1),
      bias: bias && entryOf(bias, i, count),
    }));
  }

  has(name: string): boolean {
    return this.#gguf.tensors.has(name);
  }

  dimsOf(name: string): readonly number[] | undefined {
    return this.#gguf.tensors.get(name)?.dims;
  }

  /** @param unused blocks `from` to `to - 1`, whose tensors nobody takes */
  refuseLeftovers(unused: { readonly from: number; readonly to: number }): void {
    for (const name of this.#gguf.tensors.keys()) {
      const k = Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
      const isUnused = k >= unused.from && k < unused.to;
      if (!this.#picked.has(name) && !isUnused && !IGNORABLE.test(name))
        throw unsupported(this.#gguf, `the tensor ${name}`);
    }
  }
}
