/**
 * The word patterns of GGUF's byte-level BPE vocabularies, by `tokenizer.ggml.pre`. Each name stands for the
 * pre-tokenizer of the model family's own tokenizer.json; which names share one follows llama.cpp (src/llama-vocab.cpp).
 */
import { SwapError } from "../../../shared/errors.ts";

/** How a vocabulary splits text before BPE. */
export interface PreTokenizerSpec {
  /** Patterns applied one after the other; matches and what stands between them are kept as pieces. */
  readonly patterns: readonly string[];
  /** A piece that is a token is taken whole, whatever the merges would make of it. */
  readonly ignoreMerges: boolean;
  /** BOS by default, where the file does not say. */
  readonly addBos: boolean;
}

const CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";
const ANY_CASE_CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const BLANKS = "\\s+(?!\\S)|\\s+";
const LETTERS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const SIGNS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
const LINES = "\\s*[\\r\\n]+";

/** openai/gpt-2, encoder.py. */
const GPT2 = `${CONTRACTIONS}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${BLANKS}`;
const cl100k = (digits: string): string =>
  `${ANY_CASE_CONTRACTIONS}|${LETTERS}|${digits}|${SIGNS}|${LINES}|${BLANKS}`;

const UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
/** Words that split at a change from lower to upper case (o200k and Mistral's tekken). */
const casedWords = (ending: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${ending}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${ending}`;
const casedRest = (digits: string): string => `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${LINES}|${BLANKS}`;

const ASCII_SIGNS = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]";

const PATTERNS_BY_STYLE = {
  gpt2: [GPT2],
  digits: ["\\p{N}", GPT2],
  llama3: [cl100k("\\p{N}{1,3}")],
  qwen2: [cl100k("\\p{N}")],
  qwen35: [
    `${ANY_CASE_CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${LINES}|${BLANKS}`,
  ],
  falcon: ["[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]"],
  "deepseek-coder": [
    "[\\r\\n]",
    "\\s?\\p{L}+",
    "\\s?\\p{P}+",
    "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+",
    "\\p{N}",
  ],
  "deepseek-v3": [
    "\\p{N}{1,3}",
    "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
    `${ASCII_SIGNS}[A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${LINES}|${BLANKS}`,
  ],
  tekken: [`${casedWords("")}|${casedRest("\\p{N}")}`],
  "gpt-4o": [`${casedWords(`${ANY_CASE_CONTRACTIONS}?`)}|${casedRest("\\p{N}{1,3}")}`],
  bailingmoe: [
    `'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|${LETTERS}|\\p{N}|${SIGNS}|\\s*[\\r\\n]|${BLANKS}`,
  ],
  "seed-coder": [`${ANY_CASE_CONTRACTIONS}|${LETTERS}|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${LINES}|${BLANKS}`],
  /** llama.cpp's fallback for files that name no pre-tokenizer. */
  default: ["[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"],
} as const satisfies Record<string, readonly string[]>;

type Style = keyof typeof PATTERNS_BY_STYLE;

const NAMES_BY_STYLE: Readonly<Record<Style, readonly string[]>> = {
  default: ["default"],
  gpt2: [
    ...["gpt-2", "gpt2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4"],
    ...["gigachat", "a.x-4.0", "mellum", "modern-bert"],
  ],
  digits: ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"],
  llama3: [
    ...["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
    ...["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"],
  ],
  qwen2: [
    "qwen2",
    "deepseek-r1-qwen",
    "kormo",
    "f2llmv2",
    "megrez",
    "stablelm2",
    "hunyuan",
    "solar-open",
    "grok-2",
  ],
  qwen35: ["qwen35"],
  falcon: ["falcon"],
  "deepseek-coder": ["deepseek-coder"],
  "deepseek-v3": ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
  tekken: ["tekken"],
  "gpt-4o": ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
  bailingmoe: ["bailingmoe", "bailingmoe2", "llada-moe"],
  "seed-coder": ["seed-coder"],
};

/** Llama 3's family and tekken take whole words from the vocabulary and begin with BOS; others of the same patterns do not. */
const WHOLE_WORDS: ReadonlySet<string> = new Set([
  ...["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken"],
]);

const STYLE_BY_NAME: ReadonlyMap<string, Style> = new Map(
  (Object.keys(NAMES_BY_STYLE) as Style[]).flatMap((style) =>
    NAMES_BY_STYLE[style].map((name) => [name, style] as const),
  ),
);

/**
 * The pre-tokenizer that a GGUF file names.
 *
 * @throws SwapError `tokenizer-unsupported` for a name that is not known
 */
export function preTokenizerByName(name: string): PreTokenizerSpec {
  const style = STYLE_BY_NAME.get(name);
  if (style === undefined) {
    throw new SwapError(
      "tokenizer-unsupported",
      `The model's pre-tokenizer is "${name}", which is not known here.`,
      "Use an ONNX export of the model, whose tokenizer.json says how text is split.",
    );
  }
  return {
    patterns: PATTERNS_BY_STYLE[style],
    ignoreMerges: WHOLE_WORDS.has(name),
    addBos: WHOLE_WORDS.has(name),
  };
}
