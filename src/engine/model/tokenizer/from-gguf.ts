/** Builds a `tokenizer.json` and a `tokenizer_config.json` out of a GGUF file's metadata. */
import { SwapError } from "../../../shared/errors.ts";
import type { GuessedSplit } from "../../../shared/prompt/tokens.ts";
import type { JsonObject } from "./tokenizer-json.ts";
import type { PreTokenizerSpec } from "./pre-tokenizers.ts";
import { preTokenizerByName } from "./pre-tokenizers.ts";
import type { GgufValue } from "../gguf/reader.ts";
import { mergesFromScores } from "./spm-merges.ts";

/** The two files of a hub tokenizer, as plain data. */
export interface TokenizerData {
  readonly tokenizerJson: JsonObject;
  readonly tokenizerConfig: JsonObject;
  /** Null: the file says how text is split. */
  readonly guessedSplit: GuessedSplit | null;
}

type Metadata = ReadonlyMap<string, GgufValue>;

/** `enum llama_token_type` of llama.cpp. */
const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: readonly number[];
}

/** What differs between the kinds of vocabularies. */
interface Kind {
  readonly normalizer: JsonObject | null;
  readonly preTokenizer: JsonObject | null;
  readonly decoder: JsonObject;
  readonly model: JsonObject;
  readonly addBos: boolean;
  readonly defaultBosId: number | null;
  readonly defaultEosId: number | null;
}

/**
 * The tokenizer of a GGUF file, in Hugging Face's form: byte-level BPE (`tokenizer.ggml.model` = `gpt2`) and
 * SentencePiece (`llama`).
 *
 * @throws SwapError `tokenizer-missing` (no vocabulary in the file), `tokenizer-unsupported` (another kind of tokenizer,
 *   an unknown pre-tokenizer)
 */
export function tokenizerJsonFromGguf(metadata: Metadata): TokenizerData {
  const model = metadata.get("tokenizer.ggml.model");
  const tokens = strings(metadata, "tokenizer.ggml.tokens");
  if (typeof model !== "string" || tokens.length === 0) {
    throw new SwapError(
      "tokenizer-missing",
      "The GGUF file has no tokenizer: looked for tokenizer.ggml.model and tokenizer.ggml.tokens in its metadata.",
      "Use a complete model file, not an adapter or a vocabulary-less conversion.",
    );
  }
  const vocabulary: Vocabulary = { tokens, types: numbers(metadata, "tokenizer.ggml.token_type") };
  const kind = kindOf(model, metadata, vocabulary);
  const bosId = idOf(metadata, "bos_token_id", vocabulary, kind.defaultBosId);
  const eosId = idOf(metadata, "eos_token_id", vocabulary, kind.defaultEosId);
  const addBos = (metadata.get("tokenizer.ggml.add_bos_token") ?? kind.addBos) === true && bosId !== null;
  const addEos = metadata.get("tokenizer.ggml.add_eos_token") === true && eosId !== null;
  const template = metadata.get("tokenizer.chat_template");
  return {
    guessedSplit: model === "gpt2" ? guessedSplit(metadata) : null,
    tokenizerJson: {
      version: "1.0",
      added_tokens: addedTokens(vocabulary, swallowsBlanks(metadata, model)),
      normalizer: kind.normalizer,
      pre_tokenizer: kind.preTokenizer,
      post_processor: frame(vocabulary, addBos ? bosId : null, addEos ? eosId : null),
      decoder: kind.decoder,
      model: kind.model,
    },
    tokenizerConfig: {
      bos_token: bosId === null ? null : tokens[bosId],
      eos_token: eosId === null ? null : tokens[eosId],
      eos_token_id: endIds(metadata, vocabulary),
      unk_token: kind.model.unk_token,
      clean_up_tokenization_spaces: false,
      ...(typeof template === "string" ? { chat_template: template } : {}),
    },
  };
}

function kindOf(model: string, metadata: Metadata, vocabulary: Vocabulary): Kind {
  switch (model) {
    case "gpt2":
      return byteLevelKind(metadata, vocabulary);
    case "gemma4":
      return { ...markedKind(metadata, vocabulary, preTokenizerByName("gemma4")), addBos: true };
    case "llama":
      return sentencePieceKind(metadata, vocabulary);
    default:
      throw new SwapError(
        "tokenizer-unsupported",
        `The GGUF file's tokenizer is of the kind "${model}"${OTHER_KINDS[model] ?? ""}; "gpt2" (byte-level BPE), "llama" (SentencePiece) and "gemma4" are supported.`,
        "Use an ONNX export of the model, which has a tokenizer.json.",
      );
  }
}

/** What other kinds are. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  bert: " (WordPiece, of encoders)",
  rwkv: " (the greedy one of recurrent models)",
  t5: " (SentencePiece's unigram model, of encoder-decoders)",
};

/** llama.cpp issue 7476: conversions from before pre-tokenizers had names. */
function guessedSplit(metadata: Metadata): GuessedSplit | null {
  const name = metadata.get("tokenizer.ggml.pre");
  if (typeof name !== "string" || name === "") return "missing";
  return name === "default" ? "default" : null;
}

function byteLevelKind(metadata: Metadata, vocabulary: Vocabulary): Kind {
  const name = metadata.get("tokenizer.ggml.pre");
  const spec = preTokenizerByName(typeof name === "string" && name !== "" ? name : "default");
  if (!spec.byteLevel) return markedKind(metadata, vocabulary, spec);
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  const unknown = idOf(metadata, "unknown_token_id", vocabulary, null);
  return {
    normalizer: null,
    preTokenizer: { type: "Sequence", pretokenizers: [...splits(spec), byteLevel] },
    decoder: byteLevel,
    model: {
      type: "BPE",
      unk_token: unknown === null ? null : vocabulary.tokens[unknown],
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: spec.ignoreMerges,
      vocab: idsByToken(vocabulary.tokens),
      merges: strings(metadata, "tokenizer.ggml.merges").map(splitMerge),
    },
    addBos: spec.addBos,
    defaultBosId: null,
    defaultEosId: null,
  };
}

function splits({ patterns }: PreTokenizerSpec): readonly JsonObject[] {
  return patterns.map((pattern) => ({
    type: "Split",
    pattern: { Regex: pattern },
    behavior: "Isolated",
    invert: false,
  }));
}

/** Blanks as SentencePiece marks them, and back, characters made of bytes among them. */
const MARK_BLANKS = { type: "Replace", pattern: { String: " " }, content: "▁" };
const UNMARK_BLANKS = [
  { type: "Replace", pattern: { String: "▁" }, content: " " },
  { type: "ByteFallback" },
  { type: "Fuse" },
];

/** BPE by merges of the file over characters, blanks marked; characters that are no tokens become bytes. */
function markedKind(metadata: Metadata, vocabulary: Vocabulary, spec: PreTokenizerSpec): Kind {
  const unknown = idOf(metadata, "unknown_token_id", vocabulary, null);
  return {
    normalizer: MARK_BLANKS,
    preTokenizer: {
      type: "Sequence",
      pretokenizers: splits(spec),
    },
    decoder: {
      type: "Sequence",
      decoders: UNMARK_BLANKS,
    },
    model: {
      type: "BPE",
      unk_token: unknown === null ? null : vocabulary.tokens[unknown],
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: idsByToken(vocabulary.tokens),
      merges: strings(metadata, "tokenizer.ggml.merges").map(splitMerge),
    },
    addBos: false,
    defaultBosId: null,
    defaultEosId: null,
  };
}

function sentencePieceKind(metadata: Metadata, vocabulary: Vocabulary): Kind {
  const { tokens, types } = vocabulary;
  const prefix = metadata.get("tokenizer.ggml.add_space_prefix") !== false;
  const steps = [...(prefix ? [{ type: "Prepend", prepend: "▁" }] : []), MARK_BLANKS];
  const unknown = idOf(metadata, "unknown_token_id", vocabulary, 0);
  const made = (id: number): boolean => {
    const type = types[id] ?? TOKEN_TYPE.normal;
    return type === TOKEN_TYPE.normal || type === TOKEN_TYPE.userDefined || type === TOKEN_TYPE.unused;
  };
  return {
    normalizer: { type: "Sequence", normalizers: steps },
    preTokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [...UNMARK_BLANKS, ...(prefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : [])],
    },
    model: {
      type: "BPE",
      unk_token: unknown === null ? null : tokens[unknown],
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: idsByToken(tokens),
      merges: mergesFromScores(tokens, numbers(metadata, "tokenizer.ggml.scores"), made),
    },
    addBos: true,
    defaultBosId: 1,
    defaultEosId: 2,
  };
}

/**
 * Which tokens take the blanks behind them, line breaks too, which a GGUF does not say: those of Phi-3, all but a few, by
 * llama.cpp's rule. What follows a special token of another SentencePiece model begins a text, with the mark of a blank.
 */
function swallowsBlanks(metadata: Metadata, model: string): (token: string) => boolean {
  if (model !== "llama" || metadata.get("general.architecture") !== "phi3") return () => false;
  return (token) => !["<unk>", "<s>", "<|endoftext|>"].includes(token);
}

/** Control and unknown tokens, and what the model's makers added: found in a text before anything else is. */
function addedTokens({ tokens, types }: Vocabulary, rstrip: (token: string) => boolean): JsonObject[] {
  const added: JsonObject[] = [];
  tokens.forEach((content, id) => {
    const type = types[id];
    const special = type === TOKEN_TYPE.control || type === TOKEN_TYPE.unknown;
    if (content === "" || (!special && type !== TOKEN_TYPE.userDefined)) return;
    const strip = { lstrip: false, rstrip: rstrip(content) };
    added.push({ id, content, single_word: false, ...strip, normalized: false, special });
  });
  return added;
}

/** A post-processor that puts BOS before and EOS after a text. */
function frame({ tokens }: Vocabulary, bosId: number | null, eosId: number | null): JsonObject | null {
  if (bosId === null && eosId === null) return null;
  const special = (id: number | null, type: number): JsonObject[] =>
    id === null ? [] : [{ SpecialToken: { id: tokens[id], type_id: type } }];
  const sequence = (name: string, type: number): JsonObject[] => [
    ...special(bosId, type),
    { Sequence: { id: name, type_id: type } },
    ...special(eosId, type),
  ];
  const used = [bosId, eosId].filter((id) => id !== null);
  return {
    type: "TemplateProcessing",
    single: sequence("A", 0),
    pair: [...sequence("A", 0), ...sequence("B", 1)],
    special_tokens: Object.fromEntries(
      used.map((id) => [tokens[id], { id: tokens[id], ids: [id], tokens: [tokens[id]] }]),
    ),
  };
}

/** Ids by token; without a prototype, so that no token's name is special. */
function idsByToken(tokens: readonly string[]): JsonObject {
  const ids = Object.create(null) as Record<string, number>;
  tokens.forEach((token, id) => {
    ids[token] ??= id;
  });
  return ids;
}

/** A merge is two tokens with a blank between them; the first character belongs to the first token in any case. */
function splitMerge(merge: string): [string, string] {
  const blank = merge.indexOf(" ", 1);
  return [merge.slice(0, blank), merge.slice(blank + 1)];
}

function idOf(
  metadata: Metadata,
  name: string,
  { tokens }: Vocabulary,
  fallback: number | null,
): number | null {
  const id = metadata.get(`tokenizer.ggml.${name}`);
  const known = (candidate: unknown): candidate is number =>
    typeof candidate === "number" && candidate in tokens;
  if (known(id)) return id;
  return known(fallback) ? fallback : null;
}

/** Ends of a turn and of a message; generation stops there as at EOS (`special_eog_ids` of llama.cpp). */
function endIds(metadata: Metadata, vocabulary: Vocabulary): readonly number[] {
  return ["eot_token_id", "eom_token_id"]
    .map((name) => idOf(metadata, name, vocabulary, null))
    .filter((id) => id !== null);
}

function strings(metadata: Metadata, key: string): readonly string[] {
  const value = metadata.get(key);
  return Array.isArray(value) && typeof value[0] === "string" ? (value as string[]) : [];
}

function numbers(metadata: Metadata, key: string): readonly number[] {
  const value = metadata.get(key);
  return Array.isArray(value) && typeof value[0] === "number" ? (value as number[]) : [];
}
