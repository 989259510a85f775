/** The shape of a decoder, read from GGUF metadata by what its family declares; what this engine would compute wrongly is refused here. */
import { SwapError } from "../../../shared/errors.ts";
import type { Xielu } from "./activations.ts";
import type { Constants, Family } from "./families/family.ts";
import { allButEach } from "./families/family.ts";
import { refusalOf } from "./families/refused.ts";
import type { Routing } from "./routing.ts";
import { readRouting } from "./routing.ts";
import { MetadataFields, unsupported } from "./metadata-fields.ts";
import type { GgufFile } from "./reader.ts";
import type { Rope } from "./rope.ts";
import { readRopes } from "./rope.ts";

/** Shape and constants of a decoder; the names are those of the literature. */
export interface Hyperparameters extends Constants {
  readonly family: Family;
  readonly blocks: number;
  /** Blocks behind these that guess further tokens (multi-token prediction); they are not run. */
  readonly predictors: number;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Width of one head's queries and keys. */
  readonly headWidth: number;
  /** Width of one head's values. */
  readonly valueWidth: number;
  /** Where keys and values come of one narrow vector; null: of the states. */
  readonly latent: Latent | null;
  /** Of dense sublayers; 0 where all blocks have experts. */
  readonly feedForwardWidth: number;
  readonly experts: Routing | null;
  readonly vocab: number;
  readonly normEpsilon: number;
  readonly contextLength: number | null;
  /** Leading part of a head that is rotated; in latent attention the last part. */
  readonly ropeWidth: number;
  readonly ropes: { readonly full: Rope; readonly windowed: Rope };
  /**
   * Prompts of more tokens than these turn by other frequencies, at all their positions (LongRoPE, Ding et al. 2024). Null:
   * all prompts turn alike.
   */
  readonly longRopeFrom: number | null;
  /** Constants of each block's activation; null where all blocks have the same. */
  readonly xielu: readonly Xielu[] | null;
  /** In windowed blocks a position sees itself and the `slidingWindow - 1` before it; null for all. */
  readonly slidingWindow: number | null;
}

/** Widths of the narrow vectors of latent attention. */
export interface Latent {
  /** Of keys and values. */
  readonly rank: number;
  /** Of queries; null where they come of the states. */
  readonly queryRank: number | null;
}

/** How many positions a position of block k sees, itself included; null: all. */
export function windowOf({ family, blocks, slidingWindow }: Hyperparameters, k: number): number | null {
  return family.isWindowed(k, blocks) ? slidingWindow : null;
}

/** Whether block k turns queries and keys by their positions. */
export function isRotated({ family, blocks }: Hyperparameters, k: number): boolean {
  return family.isRotated(k, blocks, family.isWindowed(k, blocks));
}

/**
 * Reads the shape from a header.
 *
 * @param families that are known
 * @throws SwapError `unsupported-architecture`; `unsupported-model` for a variant that is not computed (experts of another kind,
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
  const declared = families.find((candidate) => candidate.architecture === architecture);
  if (!declared) {
    const reason = refusalOf(architecture);
    throw new SwapError(
      "unsupported-architecture",
      reason === undefined
        ? `${gguf.file} has the architecture ${architecture}; GGUF files of ${families.map((known) => known.architecture).join(", ")} are supported.`
        : `${gguf.file} has the architecture ${architecture}: it ${reason}. State Swap does not compute that from GGUF files.`,
      "Use an ONNX export of this model.",
    );
  }
  const fields = new MetadataFields(gguf, architecture);
  const predictors = fields.positiveOrNull("nextn_predict_layers") ?? 0;
  const blocks = fields.positive("block_count") - predictors;
  if (blocks < 1) throw unsupported(gguf, `${predictors} predicting blocks of ${blocks + predictors}`);
  // Before anything is made for each of them.
  if (!(blocks <= gguf.tensors.size)) {
    throw new SwapError(
      "not-a-decoder",
      `${gguf.file} has ${gguf.tensors.size} tensors, too few for its ${blocks} layers.`,
      "The file is damaged: get it again.",
    );
  }
  const family = familyOf(declared, gguf, fields, blocks);
  const constants = family.constants(fields);
  const experts = family.routing ? readRouting(fields, family.routing) : null;
  if (!experts && (fields.optional("expert_count") ?? 0) > 0)
    throw unsupported(gguf, "mixture-of-experts blocks");
  refuseVariants(gguf, fields, family);
  const width = fields.positive("embedding_length");
  const widths = family.isLatent ? readLatentHeads(fields) : readHeads(fields, width);
  const { heads, keyValueHeads, headWidth } = widths;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0 || heads % keyValueHeads !== 0) {
    throw unsupported(gguf, `${heads} heads of width ${headWidth} over ${keyValueHeads} key/value heads`);
  }
  const ropeWidth = fields.optional("rope.dimension_count") ?? headWidth;
  const isRest = family.isLatent && ropeWidth === headWidth;
  if (!(ropeWidth > 0 && ropeWidth <= headWidth && ropeWidth % 2 === 0) || isRest) {
    throw unsupported(gguf, `a rotation of ${ropeWidth} of ${headWidth} dimensions`);
  }
  const feedForward = experts
    ? (fields.optional("feed_forward_length") ?? 0)
    : fields.positive("feed_forward_length");
  return {
    family,
    ...constants,
    blocks,
    predictors,
    width,
    ...widths,
    feedForwardWidth: feedForward * family.feedForwardShare,
    experts,
    vocab: gguf.tensors.get("token_embd.weight")?.dims[1] ?? 0,
    normEpsilon: fields.positive(
      family.norm === "rms" ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon",
    ),
    contextLength: contextLength(fields, family.longestPrompt),
    xielu: family.xielu?.(fields, blocks) ?? null,
    ropeWidth,
    ropes: readRopes(fields, family),
    longRopeFrom: gguf.tensors.has("rope_factors_long.weight")
      ? (fields.optional("rope.scaling.original_context_length") ?? fields.positive("context_length"))
      : null,
    slidingWindow:
      fields.raw("attention.sliding_window") === undefined
        ? family.usualWindow
        : fields.positiveOrNull("attention.sliding_window"),
  };
}

type Heads = Pick<Hyperparameters, "heads" | "keyValueHeads" | "headWidth" | "valueWidth" | "latent">;

function readHeads(fields: MetadataFields, width: number): Heads {
  const heads = fields.positive("attention.head_count");
  const headWidth = fields.optional("attention.key_length") ?? width / heads;
  if ((fields.optional("attention.value_length") ?? headWidth) !== headWidth) {
    throw unsupported(fields.gguf, "keys and values of different widths (attention.value_length)");
  }
  const keyValueHeads = fields.optional("attention.head_count_kv") ?? heads;
  return { heads, keyValueHeads, headWidth, valueWidth: headWidth, latent: null };
}

/**
 * Heads as they are once keys and values are made of their vector: each has its own. New files name the widths of that under
 * `…_mla` and let the others speak of one head that reads the vector itself; old ones have no such names.
 */
function readLatentHeads(fields: MetadataFields): Heads {
  const heads = fields.positive("attention.head_count");
  const hasQueryRank = fields.gguf.tensors.has("blk.0.attn_q_a.weight");
  return {
    heads,
    keyValueHeads: heads,
    headWidth: fields.optional("attention.key_length_mla") ?? fields.positive("attention.key_length"),
    valueWidth: fields.optional("attention.value_length_mla") ?? fields.positive("attention.value_length"),
    latent: {
      rank: fields.positive("attention.kv_lora_rank"),
      queryRank: hasQueryRank ? fields.positive("attention.q_lora_rank") : null,
    },
  };
}

/** Computed only where a family reads them. */
const MULTIPLIERS = [
  "attention.scale",
  "embedding_scale",
  "residual_scale",
  "logit_scale",
  "attn_logit_softcapping",
  "final_logit_softcapping",
  "attention.clamp_kqv",
  "attention.max_alibi_bias",
  "attention.output_scale",
  "attention.value_scale",
  "rope.scaling.alpha",
];

/** Shapes of windowed blocks, where they have their own. */
const WINDOWED_SHAPES = ["attention.key_length", "attention.value_length", "rope.dimension_count"];

function refuseVariants(gguf: GgufFile, fields: MetadataFields, family: Family): void {
  for (const name of WINDOWED_SHAPES) {
    const own = fields.optional(`${name}_swa`);
    if (own !== undefined && own !== fields.optional(name))
      throw unsupported(
        gguf,
        `heads of other widths in windowed layers (${family.architecture}.${name}_swa)`,
      );
  }
  if (fields.raw("attention.causal") === false) throw unsupported(gguf, "attention that is not causal");
  for (const name of MULTIPLIERS) {
    if (!fields.wasRead(name) && ![undefined, 0, 1].includes(fields.optional(name)))
      throw unsupported(gguf, `a multiplier (${name})`);
  }
}

/** Queries of some models are multiplied by a factor that is 1 up to their original context, and not computed beyond. */
function contextLength(fields: MetadataFields, longest: number | null): number | null {
  const isTempered = fields.positiveOrNull("attention.temperature_scale") !== null;
  const original =
    fields.optional("attention.temperature_length") ??
    fields.optional("rope.scaling.original_context_length");
  const lengths = [fields.optional("context_length"), longest, isTempered ? original : undefined].filter(
    (length) => typeof length === "number",
  );
  return lengths.length === 0 ? null : Math.min(...lengths);
}

/** The family as this file has it: the variant that it declares, and windows where the file says them. */
function familyOf(declared: Family, gguf: GgufFile, fields: MetadataFields, blocks: number): Family {
  const hasTensor = (name: string): boolean => gguf.tensors.has(name);
  const family = { ...declared, ...declared.variant?.({ fields, blocks, hasTensor }) };
  const pattern = fields.raw("attention.sliding_window_pattern");
  if (pattern === undefined) return family;
  if (typeof pattern === "number") {
    // llama.cpp: 0 is all blocks.
    return { ...family, isWindowed: pattern === 0 ? () => true : allButEach(pattern) };
  }
  const windowed = pattern as readonly unknown[];
  if (!Array.isArray(pattern) || pattern.length < blocks)
    throw unsupported(gguf, "a pattern of sliding windows that does not fit its blocks");
  return { ...family, isWindowed: (k) => Boolean(windowed[k]) };
}
