/** The shape of a llama-family decoder, read from GGUF metadata; what this engine would compute wrongly is refused here. */
import { SwapError } from "../../../shared/errors.ts";
import type { GgufFile, GgufValue } from "./reader.ts";

/** Pairs that rotary embedding turns: neighbours (llama.cpp's NORM) or i and i + half (NEOX). */
export type RopePairing = "interleaved" | "halves";

/** Shape and constants of a decoder; the names are those of the literature. */
export interface Hyperparameters {
  readonly architecture: string;
  readonly blocks: number;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Width of one head; keys and values alike. */
  readonly headWidth: number;
  readonly feedForwardWidth: number;
  readonly vocab: number;
  readonly normEpsilon: number;
  readonly contextLength: number | null;
  readonly ropePairing: RopePairing;
  /** Leading part of a head that is rotated. */
  readonly ropeWidth: number;
  readonly ropeBase: number;
  /** Positions are divided by this (linear scaling); 1 for none. */
  readonly ropeFactor: number;
  /** A position sees itself and the `slidingWindow - 1` before it; null for all. */
  readonly slidingWindow: number | null;
  /** Attention scores are multiplied by this instead of 1/sqrt(headWidth); null for that. */
  readonly attentionScale: number | null;
}

/** Rope pairing by architecture (`llama_model_rope_type` of llama.cpp); the converter has permuted llama's q and k for it. */
const ROPE_PAIRINGS: Readonly<Record<string, RopePairing>> = {
  llama: "interleaved",
  qwen2: "halves",
  qwen3: "halves",
};

/** Architectures that are read from GGUF files, by their names there. */
export const ggufArchitectures: readonly string[] = Object.keys(ROPE_PAIRINGS);

/**
 * Reads the shape from a header.
 *
 * @throws SwapError `unsupported-architecture`; `unsupported-model` for a variant that is not computed (experts, YaRN,
 *   layers of different shapes); `not-a-decoder` when a required entry is missing
 */
export function readHyperparameters(gguf: GgufFile): Hyperparameters {
  const architecture = gguf.metadata.get("general.architecture");
  if (typeof architecture !== "string") {
    throw new SwapError(
      "not-a-decoder",
      `${gguf.path} does not name its architecture (general.architecture).`,
      "Choose a GGUF file of a language model.",
    );
  }
  const ropePairing = ROPE_PAIRINGS[architecture];
  if (!ropePairing) {
    throw new SwapError(
      "unsupported-architecture",
      `${gguf.path} has the architecture ${architecture}; GGUF files of ${Object.keys(ROPE_PAIRINGS).join(", ")} are supported.`,
      "Use an ONNX export of this model.",
    );
  }
  const fields = new Fields(gguf, architecture);
  refuseVariants(gguf, fields);
  const width = fields.positive("embedding_length");
  const heads = fields.positive("attention.head_count");
  const headWidth = fields.optional("attention.key_length") ?? width / heads;
  if ((fields.optional("attention.value_length") ?? headWidth) !== headWidth) {
    throw unsupported(gguf, "keys and values of different widths (attention.value_length)");
  }
  const keyValueHeads = fields.optional("attention.head_count_kv") ?? heads;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0 || heads % keyValueHeads !== 0) {
    throw unsupported(gguf, `${heads} heads of width ${headWidth} over ${keyValueHeads} key/value heads`);
  }
  const ropeWidth = fields.optional("rope.dimension_count") ?? headWidth;
  if (!(ropeWidth > 0 && ropeWidth <= headWidth && ropeWidth % 2 === 0)) {
    throw unsupported(gguf, `a rotation of ${ropeWidth} of ${headWidth} dimensions`);
  }
  return {
    architecture,
    blocks: fields.positive("block_count"),
    width,
    heads,
    keyValueHeads,
    headWidth,
    feedForwardWidth: fields.positive("feed_forward_length"),
    vocab: gguf.tensors.get("token_embd.weight")?.dims[1] ?? 0,
    normEpsilon: fields.positive("attention.layer_norm_rms_epsilon"),
    contextLength: fields.optional("context_length") ?? null,
    ropePairing,
    ropeWidth,
    ropeBase: fields.optional("rope.freq_base") ?? 10_000,
    ropeFactor: linearRopeFactor(gguf, fields),
    slidingWindow: fields.positiveOrNull("attention.sliding_window"),
    attentionScale: fields.positiveOrNull("attention.scale"),
  };
}

/** Numbers below the architecture's prefix. */
class Fields {
  readonly gguf: GgufFile;
  readonly #prefix: string;

  constructor(gguf: GgufFile, architecture: string) {
    this.gguf = gguf;
    this.#prefix = architecture;
  }

  /** A number, or undefined when absent. An array stands for its element when all are equal. */
  optional(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const first = values[0];
    if (typeof first !== "number" || values.some((entry) => entry !== first)) {
      throw unsupported(this.gguf, `layers of different shapes (${this.#prefix}.${name})`);
    }
    return first;
  }

  /** llama.cpp writes 0 for "not used". */
  positiveOrNull(name: string): number | null {
    const value = this.optional(name);
    return value === undefined || value <= 0 ? null : value;
  }

  positive(name: string): number {
    const value = this.optional(name);
    if (value === undefined || !(value > 0)) {
      throw new SwapError(
        "not-a-decoder",
        `${this.gguf.path} has no usable ${this.#prefix}.${name}.`,
        "The file is incomplete or was made by another tool than llama.cpp's converter.",
      );
    }
    return value;
  }

  raw(name: string): GgufValue | undefined {
    return this.gguf.metadata.get(`${this.#prefix}.${name}`);
  }
}

function refuseVariants(gguf: GgufFile, fields: Fields): void {
  if ((fields.optional("expert_count") ?? 0) > 0) throw unsupported(gguf, "mixture-of-experts blocks");
  if (fields.raw("attention.sliding_window_pattern") !== undefined) {
    throw unsupported(gguf, "sliding windows that differ by layer");
  }
  if (fields.raw("attention.causal") === false) throw unsupported(gguf, "attention that is not causal");
  for (const name of ["embedding_scale", "residual_scale", "logit_scale"]) {
    if (![undefined, 0, 1].includes(fields.optional(name))) throw unsupported(gguf, `a multiplier (${name})`);
  }
}

function linearRopeFactor(gguf: GgufFile, fields: Fields): number {
  const type = fields.raw("rope.scaling.type") ?? "linear";
  if (type === "none") return 1;
  if (type !== "linear") throw unsupported(gguf, `rope scaling of the kind ${JSON.stringify(type)}`);
  return fields.optional("rope.scaling.factor") ?? fields.optional("rope.scale_linear") ?? 1;
}

/** The error for a variant of a supported architecture that is not computed. */
export function unsupported(gguf: GgufFile, what: string): SwapError {
  return new SwapError(
    "unsupported-model",
    `${gguf.path} uses ${what}, which the GGUF reader does not compute.`,
    "Use an ONNX export of this model.",
  );
}
