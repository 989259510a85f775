/**
 * What a family of decoders declares: where its norms stand, how rotary pairs lie, its activation, scales, caps, windows,
 * and which weights its files keep in one tensor. The graphs, the plain reference, the choice of tensors and the tables of
 * positions all read it; a family is one file beside this one and a line in `table.ts`.
 */
import type { Activation, Xielu } from "../activations.ts";
import type { Routing } from "../routing.ts";
import type { MetadataFields } from "../metadata-fields.ts";

/** Pairs that rotary embedding turns: neighbours (llama.cpp's NORM) or i and i + half (NEOX). */
export type RopePairing = "interleaved" | "halves";

/** Norms around a sublayer, by their tensors' names below `blk.k.`; null: there is none. */
export interface SublayerNorms {
  /** Of what the sublayer reads. */
  readonly before: string | null;
  /** Of what it adds to the residual stream. */
  readonly after: string | null;
}

/** Factors and caps of a decoder; 1 and null where it has none. */
export interface Constants {
  /** The embeddings are multiplied by it. */
  readonly embeddingScale: number;
  /** What a sublayer adds is multiplied by it. */
  readonly residualScale: number;
  /** The logits are multiplied by it, before their cap. */
  readonly logitScale: number;
  /** Attention scores are multiplied by it; null: by `1 / sqrt(headWidth)`. */
  readonly attentionScale: number | null;
  /** Attention scores x become `cap * tanh(x / cap)` before the mask. */
  readonly attentionCap: number | null;
  /** So do logits. */
  readonly logitCap: number | null;
  /** Queries, keys and values are kept in -clamp..clamp, before their norms; null: as they are. */
  readonly clamp: number | null;
  /** Heads penalise distance (ALiBi, Press et al. 2022), the steepest by slopes down from this exponent; null: none does. */
  readonly maxAlibiBias: number | null;
}

/** Which blocks of so many. */
export type BlockChoice = (k: number, blocks: number) => boolean;

/** What a family may look at in a file. */
export interface FileFacts {
  readonly fields: MetadataFields;
  readonly blocks: number;
  readonly hasTensor: (name: string) => boolean;
}

/** One family, as llama.cpp names it. */
export interface Family {
  /** `general.architecture`, and how the names of its metadata begin. */
  readonly architecture: string;
  readonly ropePairing: RopePairing;
  /** Which blocks turn queries and keys by their positions. */
  readonly isRotated: (k: number, blocks: number, isWindowed: boolean) => boolean;
  /** `x / rms(x) * weight`, or LayerNorm, with its bias where the file has one. */
  readonly norm: "rms" | "layer";
  /** Whether norms have weights in the file. */
  readonly hasNormWeights: boolean;
  readonly attentionNorms: SublayerNorms;
  /** In a parallel family without one before, the feed-forward sublayer reads what attention reads. */
  readonly feedForwardNorms: SublayerNorms;
  /** Both sublayers read the block's input: `h + attention(h) + feedForward(h)`. */
  readonly isParallel: boolean;
  readonly activation: Activation;
  /** Whether a second product `gate` goes through the activation and multiplies `up`; else `up` goes through it. */
  readonly isGated: boolean;
  /**
   * Tensors below `blk.k.` that hold several weights, one below the other; null: each has its own. A file with `attn_qkv` is
   * read as such in any family.
   */
  readonly fused: {
    /** Queries, keys, values. */
    readonly attention: string | null;
    /** Gate, up. */
    readonly feedForward: string | null;
  };
  /**
   * Whether keys and values come of one narrow vector for each position, and the last part of a key, which alone is rotated, is
   * the same for all heads (MLA: DeepSeek-V2, section 2.1).
   */
  readonly isLatent: boolean;
  /** Whether norms of queries and keys stand behind the rotation. */
  readonly normsRotated: boolean;
  /** Whether each head of queries and keys is normed without weights where it is rotated; Llama 4. */
  readonly hasBareHeadNorms: boolean;
  /** Of what attention puts out, before its output's product, by a product of what it reads (`attn_gate`); AFMoE. */
  readonly hasAttentionGate: boolean;
  /** Of the width that the file names, how much a feed-forward sublayer has. */
  readonly feedForwardShare: number;
  /** Which blocks see the file's sliding window only, where the file has one and does not say which. */
  readonly isWindowed: BlockChoice;
  /** The window where a file names none; null: there is none then. */
  readonly usualWindow: number | null;
  /** Rotation in windowed blocks: that of the others, the same but unscaled, or unscaled and of a base of its own. */
  readonly windowedRope: "same" | "unscaled" | "own";
  /**
   * In which unit files name YaRN's multiplier of the logarithm; `"scores"`: where they name one, the scale of the scores holds
   * all of it; undefined: it is not computed from.
   */
  readonly yarnMultiplierUnit?: number | "scores";
  /** How experts are chosen where a file has some and does not say; null: the family has none. */
  readonly routing: Pick<Routing, "gating" | "isNormalised"> | null;
  /** Products that all positions go through beside experts: how their names end, and the factor of both together where there are some. */
  readonly besideExperts: { readonly ending: "" | "_shexp"; readonly scale: number };
  /** Whether an expert's weight multiplies what it reads, not what it gives; Llama 4. */
  readonly weighsExpertInput: boolean;
  /** Whether experts are chosen by the block's input as it is, not by what they read; SmallThinker. */
  readonly routesByInput: boolean;
  /** Prompts of more tokens are computed otherwise, and refused; null: of any length. */
  readonly longestPrompt: number | null;
  /** Reads the constants of an activation that differs from block to block. */
  readonly xielu?: (fields: MetadataFields, blocks: number) => readonly Xielu[];
  /** What another file of the family differs in, by its metadata and tensors. */
  readonly variant?: (file: FileFacts) => Partial<Family>;
  /** Reads factors and caps; what it does not read must be absent, 0 or 1 in the file. */
  readonly constants: (fields: MetadataFields) => Constants;
}

/** Of every `period` blocks all but the last: the pattern of most families with windows. */
export function allButEach(period: number): BlockChoice {
  return (k) => k % period < period - 1;
}

/** Of every `period` blocks all but the first. */
export function allButFirstOf(period: number): BlockChoice {
  return (k) => k % period !== 0;
}

/** Neither factors nor caps. */
export function plainConstants(): Constants {
  return {
    embeddingScale: 1,
    residualScale: 1,
    logitScale: 1,
    attentionScale: null,
    attentionCap: null,
    logitCap: null,
    clamp: null,
    maxAlibiBias: null,
  };
}
