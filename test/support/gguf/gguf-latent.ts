/** Latent attention in random tiny decoders: its tensors and metadata. */
import type { Entry } from "./gguf-writer.ts";

/** Latent attention that a tiny decoder can have. */
export interface TinyLatent {
  readonly rank: number;
  readonly queryRank?: number;
  readonly valueWidth: number;
  /** Keys and values in one tensor, and no `…_mla` names, as in old files. */
  readonly isJoint?: boolean;
}

/** How much of a head is rotated in files with latent attention. */
const LATENT_ROPE = 8;

/** What adds tensors below a block's name. */
interface Makers {
  readonly weight: (name: string, inputs: number, outputs: number) => void;
  readonly norm: (name: string, size: number) => void;
  readonly stacked: (name: string, dims: readonly number[]) => void;
}

/** Makes the tensors of one block up to its values. */
export function latentTensors(
  {
    rank,
    queryRank,
    valueWidth,
    isJoint,
    heads,
    headWidth,
    width,
  }: TinyLatent & { readonly heads: number; readonly headWidth: number; readonly width: number },
  { weight, norm, stacked }: Makers,
): void {
  const unrotated = headWidth - LATENT_ROPE;
  if (queryRank === undefined) {
    weight("attn_q", width, heads * headWidth);
  } else {
    weight("attn_q_a", width, queryRank);
    norm("attn_q_a_norm", queryRank);
    weight("attn_q_b", queryRank, heads * headWidth);
  }
  weight("attn_kv_a_mqa", width, rank + LATENT_ROPE);
  norm("attn_kv_a_norm", rank);
  if (isJoint) {
    weight("attn_kv_b", rank, heads * (unrotated + valueWidth));
  } else {
    stacked("attn_k_b", [unrotated, rank, heads]);
    stacked("attn_v_b", [rank, valueWidth, heads]);
  }
}

/** Metadata below the architecture's name. */
export function latentMetadata(
  prefix: string,
  { rank, queryRank, valueWidth, isJoint }: TinyLatent,
  heads: number,
  headWidth: number,
): Record<string, Entry> {
  const at = (name: string): string => `${prefix}.${name}`;
  return {
    [at("rope.dimension_count")]: ["u32", LATENT_ROPE],
    [at("attention.kv_lora_rank")]: ["u32", rank],
    ...(queryRank !== undefined && { [at("attention.q_lora_rank")]: ["u32", queryRank] as const }),
    ...(isJoint
      ? {
          [at("attention.head_count_kv")]: ["u32", heads],
          [at("attention.value_length")]: ["u32", valueWidth],
        }
      : {
          [at("attention.head_count_kv")]: ["u32", 1],
          [at("attention.key_length")]: ["u32", rank + LATENT_ROPE],
          [at("attention.value_length")]: ["u32", rank],
          [at("attention.key_length_mla")]: ["u32", headWidth],
          [at("attention.value_length_mla")]: ["u32", valueWidth],
        }),
  };
}
