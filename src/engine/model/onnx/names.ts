/** What exporters call a decoder's inputs and outputs: token ids, logits, sequence inputs, caches. */

export const TOKEN_IDS = "input_ids";
/** What a decoder takes in place of ids where a file of its own holds the table. */
export const EMBEDDINGS = "inputs_embeds";
export const LOGITS = "logits";
/** Bool: which branch of a merged decoder runs. */
export const CACHE_BRANCH = "use_cache_branch";

/** Inputs that depend on the positions that run, all of them with the positions on the last axis. */
export const SEQUENCE_INPUTS = [
  TOKEN_IDS,
  "attention_mask",
  "token_type_ids",
  "position_ids",
  "cache_position",
] as const;
export type SequenceInput = (typeof SEQUENCE_INPUTS)[number];

/** Whether an input depends on the positions that run. */
export function isSequenceInput(name: string): name is SequenceInput {
  return (SEQUENCE_INPUTS as readonly string[]).includes(name);
}

/** Which part of the cache an input or output is: `past_key_values.3.key` in, `present.3.key` out. */
export interface CacheName {
  /** An input, or the output that stands for it. */
  readonly isPast: boolean;
  /** 0-based. */
  readonly block: number;
  /** Null: convolution and recurrent states, and what else is neither. */
  readonly part: "key" | "value" | null;
}

const CACHE = /^(past|present).*?\.(\d+)(?:\.(key|value)$)?/;

/** Reads the name of a block's cache; null for other names. */
export function cacheName(name: string): CacheName | null {
  const match = CACHE.exec(name);
  if (match === null) return null;
  const part = (match[3] as "key" | "value" | undefined) ?? null;
  return { isPast: match[1] === "past", block: Number(match[2]), part };
}

/** Whether an input is a cache, one of all blocks together included. */
export function isCacheInput(name: string): boolean {
  return name.startsWith("past");
}
