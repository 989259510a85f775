/** What the engine reads of a hub model's config.json, under the names that architectures use for it. */
import type { KnownHeads } from "../cost.ts";
import type { CacheShape } from "./feeds.ts";

/** Parsed `config.json`. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** First of the named keys that holds a positive integer; multimodal configs keep them in `text_config`. */
function positive(config: ModelConfig, keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = config[key];
    if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  }
  const text = config.text_config;
  return typeof text === "object" && text !== null ? positive(text as ModelConfig, keys) : null;
}

/** Number of blocks, or null when the config does not name it. */
export function blocksOf(config: ModelConfig): number | null {
  return positive(config, ["num_hidden_layers", "n_layer", "n_layers", "num_layers"]);
}

/** Longest prompt in tokens, or null. */
export function contextLengthOf(config: ModelConfig): number | null {
  return positive(config, ["max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length"]);
}

/** How many positions back a sliding window reaches, where that is less than the whole context; else null. */
export function slidingWindowOf(config: ModelConfig): number | null {
  const window = config.use_sliding_window === false ? null : positive(config, ["sliding_window"]);
  return window !== null && window < (contextLengthOf(config) ?? Infinity) ? window : null;
}

/** Sizes of the KV cache, for graphs that leave them symbolic. */
export function cacheShapeOf(config: ModelConfig | null): CacheShape {
  if (!config) return { heads: null, headWidth: null };
  const queryHeads = positive(config, ["num_attention_heads", "n_head", "n_heads"]);
  const width = positive(config, ["hidden_size", "n_embd", "d_model"]);
  const headWidth =
    positive(config, ["head_dim"]) ?? (queryHeads && width ? Math.floor(width / queryHeads) : null);
  return { heads: positive(config, ["num_key_value_heads"]) ?? queryHeads, headWidth };
}

/** Everything of a config that a graph's numbers can depend on, as one text. */
export function numericConfig(config: ModelConfig | null): string {
  if (!config) return "";
  return JSON.stringify([blocksOf(config), cacheShapeOf(config), headsOf(config), slidingWindowOf(config)]);
}

/** What a config says of attention, for the cost of a run. */
export function headsOf(config: ModelConfig | null): KnownHeads {
  const { heads, headWidth } = cacheShapeOf(config);
  return {
    heads: config && positive(config, ["num_attention_heads", "n_head", "n_heads"]),
    keyWidth: heads && headWidth ? heads * headWidth : null,
  };
}
