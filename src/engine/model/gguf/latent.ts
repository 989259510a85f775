/** Tensors of latent attention beside the products that all attention has. */
import type { Hyperparameters, Latent } from "./hyperparameters.ts";
import type { GgufTensor } from "./reader.ts";
import type { Linear, Norm, TensorPicker } from "./tensor-picker.ts";

/** What stands between the states of a block and its queries, keys and values. */
export interface LatentWeights {
  /** From the states to the narrow vector of the queries, and its norm; undefined: queries come of the states. */
  readonly query: { readonly down: Linear; readonly norm: Norm } | undefined;
  /** Of the narrow vector of keys and values. */
  readonly norm: Norm;
  /**
   * From that vector to the part of keys that is not rotated, `[rank][headWidth - ropeWidth]` for each head: turned round
   * beside all other products, since llama.cpp multiplies queries by it. Undefined: `value` gives that part, too.
   */
  readonly key: GgufTensor | undefined;
}

/** Products and more of one block's latent attention. */
export interface LatentTensors {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly latent: LatentWeights;
}

/** Tensors of the latent attention of block k: new files keep keys and values apart, old ones in one tensor. */
export function pickLatent(
  picker: TensorPicker,
  { width, heads, headWidth, valueWidth, ropeWidth }: Hyperparameters,
  { rank, queryRank }: Latent,
  k: number,
): LatentTensors {
  const at = (name: string): string => `blk.${k}.${name}`;
  const unrotated = headWidth - ropeWidth;
  const queryOf =
    queryRank === null
      ? undefined
      : {
          down: picker.linear(at("attn_q_a"), width, queryRank),
          norm: picker.norm(at("attn_q_a_norm"), queryRank),
        };
  const query =
    queryRank === null
      ? picker.linear(at("attn_q"), width, heads * headWidth)
      : picker.linear(at("attn_q_b"), queryRank, heads * headWidth);
  const isApart = picker.has(at("attn_k_b.weight"));
  const value = isApart
    ? {
        weight: {
          ...picker.required(at("attn_v_b.weight"), [rank, valueWidth, heads]),
          dims: [rank, valueWidth * heads],
        },
        bias: undefined,
      }
    : picker.linear(at("attn_kv_b"), rank, heads * (unrotated + valueWidth));
  return {
    query,
    key: picker.linear(at("attn_kv_a_mqa"), width, rank + ropeWidth),
    value,
    latent: {
      query: queryOf,
      norm: picker.norm(at("attn_kv_a_norm"), rank),
      key: isApart ? picker.required(at("attn_k_b.weight"), [unrotated, rank, heads]) : undefined,
    },
  };
}
