/** The shape of a decoder, read from GGUF metadata by what its family declares; what this engine would compute wrongly is refused here. */
import { SwapError } from "../../../shared/errors.ts";
import type { Constants, Family } from "./families/family.ts";
import { MetadataFields, unsupported } from "./metadata-fields.ts";
import type { GgufFile } from "./reader.ts";

/** Shape and constants of a decoder; the names are those of the literature. */
export interface Hyperparameters extends Constants {
  readonly family: Family;
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
  /** Leading part of a head that is rotated. */
  readonly ropeWidth: number;
  readonly ropeBase: number;
  /** Positions are divided by this (linear scaling); 1 for none. */
  readonly ropeFactor: number;
  /** In windowed blocks a position sees itself and the `slidingWindow - 1` before it; null for all. */
  readonly slidingWindow: number | null;
}

/** How many positions a position of block k sees, itself included; null: all. */
export function windowOf({ family, slidingWindow }: Hyperparameters, k: number): number | null {
  return family.isWindowed(k) ? slidingWindow : null;
}

/**
 * Reads the shape from a header.
 *
 * @param families that are known
 * @throws SwapError `unsupported-architecture`; `unsupported-model` for a variant that is not computed (experts, YaRN,
 *   layers of different shapes); `not-a-decoder` when a required entry is missing
 */
export function readHyperparameters(gguf: GgufFile, families: readonly Family[]): Hyperparameters {
  const architecture = gguf.metadata.get("general.architecture");
  if (typeof architecture !== "string") {
    throw new SwapError(
      "not-a-decoder",
      `${gguf.file} does not name its architecture (general.architecture).`,
      "Choose a GGUF file of a language model.",
    );
  }
  const family = families.find((candidate) => candidate.architecture === architecture);
  if (!family) {
    throw new SwapError(
      "unsupported-architecture",
      `${gguf.file} has the architecture ${architecture}; GGUF files of ${families.map((known) => known.architecture).join(", ")} are supported.`,
      "Use an ONNX export of this model.",
    );
  }
  const fields = new MetadataFields(gguf, architecture);
  const constants = family.constants(fields);
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
    family,
    ...constants,
    blocks: fields.positive("block_count"),
    width,
    heads,
    keyValueHeads,
    headWidth,
    feedForwardWidth: fields.positive("feed_forward_length"),
    vocab: gguf.tensors.get("token_embd.weight")?.dims[1] ?? 0,
    normEpsilon: fields.positive(
      family.norm === "rms" ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon",
    ),
    contextLength: fields.optional("context_length") ?? null,
    ropeWidth,
    ropeBase: fields.optional("rope.freq_base") ?? 10_000,
    ropeFactor: linearRopeFactor(gguf, fields),
    slidingWindow: fields.positiveOrNull("attention.sliding_window"),
  };
}

/** Computed only where a family reads them. */
const MULTIPLIERS = [
  "embedding_scale",
  "residual_scale",
  "logit_scale",
  "attn_logit_softcapping",
  "final_logit_softcapping",
];

function refuseVariants(gguf: GgufFile, fields: MetadataFields): void {
  if ((fields.optional("expert_count") ?? 0) > 0) throw unsupported(gguf, "mixture-of-experts blocks");
  if (fields.raw("attention.sliding_window_pattern") !== undefined) {
    throw unsupported(gguf, "sliding windows that differ by layer");
  }
  if (fields.raw("attention.causal") === false) throw unsupported(gguf, "attention that is not causal");
  for (const name of MULTIPLIERS) {
    if (!fields.wasRead(name) && ![undefined, 0, 1].includes(fields.optional(name)))
      throw unsupported(gguf, `a multiplier (${name})`);
  }
}

function linearRopeFactor(gguf: GgufFile, fields: MetadataFields): number {
  const type = fields.raw("rope.scaling.type") ?? "linear";
  if (type === "none") return 1;
  if (type !== "linear") throw unsupported(gguf, `rope scaling of the kind ${JSON.stringify(type)}`);
  return fields.optional("rope.scaling.factor") ?? fields.optional("rope.scale_linear") ?? 1;
}
