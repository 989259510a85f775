/** What is read out of the plain data of a `tokenizer.json` and a `tokenizer_config.json`. */
import { SwapError } from "../../../shared/errors.ts";
import type { TokenScript } from "./token-text.ts";

/** An object of a JSON file; nothing is known of its values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `tokenizer.json` with the keys that the library insists on; missing ones are null. */
export interface TokenizerJson extends JsonObject {
  readonly model: JsonObject;
  readonly added_tokens: readonly JsonObject[];
}

/** Whether a value is a JSON object (no array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks the outer form of a `tokenizer.json` and puts in what older files leave out.
 *
 * @throws SwapError `tokenizer-unsupported` when it has no model with a vocabulary, or an added token without a text
 */
export function checkTokenizerJson(json: unknown): TokenizerJson {
  const model = isJsonObject(json) ? json.model : undefined;
  const vocab = isJsonObject(model) ? model.vocab : undefined;
  if (!isJsonObject(json) || !isJsonObject(model) || (!isJsonObject(vocab) && !Array.isArray(vocab))) {
    throw new SwapError(
      "tokenizer-unsupported",
      "The tokenizer.json has no model with a vocabulary.",
      "Use the tokenizer.json of the model's own repository.",
    );
  }
  const added = Array.isArray(json.added_tokens) ? json.added_tokens.filter(isJsonObject) : [];
  const nameless = added.find(({ content }) => typeof content !== "string");
  if (nameless) {
    throw new SwapError(
      "tokenizer-unsupported",
      `The tokenizer.json has an added token without a text (id ${String(nameless.id)}).`,
      "Use the tokenizer.json of the model's own repository.",
    );
  }
  const empty = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return { ...empty, ...json, model, added_tokens: added };
}

/** `tokenizer_config.json` with token objects (`{"content": "<s>", …}`) as plain strings; `{}` for anything else. */
export function checkTokenizerConfig(config: unknown): JsonObject {
  if (!isJsonObject(config)) return {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const isToken = key.endsWith("_token") && isJsonObject(value) && typeof value.content === "string";
      return [key, isToken ? value.content : value];
    }),
  );
}

/** The token ids under `eos_token_id` of a config: one number or a list; anything else there names none. */
export function endIdsOf({ eos_token_id: ends }: JsonObject): readonly number[] {
  const all: readonly unknown[] = Array.isArray(ends) ? ends : [ends];
  return all.filter((id): id is number => Number.isInteger(id) && (id as number) >= 0);
}

/** How the vocabulary writes text, from the types of its steps. */
export function tokenScript(json: TokenizerJson): TokenScript {
  if (json.model.type === "WordPiece") return "wordpiece";
  if (hasStep(json.pre_tokenizer, "ByteLevel") || hasStep(json.decoder, "ByteLevel")) return "byte-level";
  const steps = [json.normalizer, json.pre_tokenizer, json.decoder];
  const writesMarks = steps.some(
    (step) => hasStep(step, "Metaspace") || JSON.stringify(step ?? null).includes("▁"),
  );
  return writesMarks || json.model.byte_fallback === true ? "sentencepiece" : "plain";
}

/** Whether a step, or a step of a sequence, has this type. */
export function hasStep(step: unknown, type: string): boolean {
  if (!isJsonObject(step)) return false;
  if (step.type === type) return true;
  const inner = step.pretokenizers ?? step.normalizers ?? step.decoders ?? step.processors;
  return Array.isArray(inner) && inner.some((child) => hasStep(child, type));
}

/** Ids by token, added tokens among them. */
export function idsOf(tokenizerJson: unknown): ReadonlyMap<string, number> {
  const { model, added_tokens: added } = isJsonObject(tokenizerJson) ? tokenizerJson : {};
  const vocab = isJsonObject(model) ? model.vocab : {};
  // A unigram model has a list of tokens with their likelihoods.
  const entries = Array.isArray(vocab)
    ? vocab.map((entry, id): [unknown, number] => [Array.isArray(entry) ? entry[0] : entry, id])
    : Object.entries(isJsonObject(vocab) ? vocab : {});
  const ids = new Map(entries as [string, number][]);
  for (const token of Array.isArray(added) ? added.filter(isJsonObject) : []) {
    ids.set(String(token.content), Number(token.id));
  }
  return ids;
}
