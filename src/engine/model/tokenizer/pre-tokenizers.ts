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

const contractions = "'s|'t|'re|'ve|'m|'ll|'d";
const anyCaseContractions = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const blanks = "\\s+(?!\\S)|\\s+";
const letters = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const signs = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
const lines = "\\s*[\\r\\n]+";

/** openai/gpt-2, encoder.py. */
const gpt2 = `${contractions}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${blanks}`;
const cl100k = (digits: string): string =>
  `${anyCaseContractions}|${letters}|${digits}|${signs}|${lines}|${blanks}`;

const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
/** Words that split at a change from lower to upper case (o200k and Mistral's tekken). */
const casedWords = (ending: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${ending}|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${ending}`;
const casedRest = (digits: string): string => `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${lines}|${blanks}`;

const asciiSigns = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]";

const patternsByStyle = {
  gpt2: [gpt2],
  digits: ["\\p{N}", gpt2],
  llama3: [cl100k("\\p{N}{1,3}")],
  qwen2: [cl100k("\\p{N}")],
  qwen35: [
    `${anyCaseContractions}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${lines}|${blanks}`,
  ],
  falcon: ["[\\p{P}\\$\\+<=>\\^~\\|`]+", gpt2, "[0-9][0-9][0-9]"],
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
    `${asciiSigns}[A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${lines}|${blanks}`,
  ],
  tekken: [`${casedWords("")}|${casedRest("\\p{N}")}`],
  "gpt-4o": [`${casedWords(`${anyCaseContractions}?`)}|${casedRest("\\p{N}{1,3}")}`],
  bailingmoe: [
    `'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|${letters}|\\p{N}|${signs}|\\s*[\\r\\n]|${blanks}`,
  ],
  "seed-coder": [`${anyCaseContractions}|${letters}|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${lines}|${blanks}`],
  /** llama.cpp's fallback for files that name no pre-tokenizer. */
  default: ["[\\p{P}\\$\\+<=>\\^~\\|]+", gpt2, "\\p{N}+", "[0-9][0-9][0-9]"],
} as const satisfies Record<string, readonly string[]>;

type Style = keyof typeof patternsByStyle;

const namesByStyle: Readonly<Record<Style, readonly string[]>> = {
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
const wholeWords: ReadonlySet<string> = new Set([
  ...["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken"],
]);

const styleByName: ReadonlyMap<string, Style> = new Map(
  (Object.keys(namesByStyle) as Style[]).flatMap((style) =>
    namesByStyle[style].map((name) => [name, style] as const),
  ),
);

/**
 * The pre-tokenizer that a GGUF file names.
 *
 * @throws SwapError `tokenizer-unsupported` for a name that is not known
 */
export function preTokenizerByName(name: string): PreTokenizerSpec {
  const style = styleByName.get(name);
  if (style === undefined) {
    throw new SwapError(
      "tokenizer-unsupported",
      `The model's pre-tokenizer is "${name}", which is not known here.`,
      "Use an ONNX export of the model, whose tokenizer.json says how text is split.",
    );
  }
  return {
    patterns: patternsByStyle[style],
    ignoreMerges: wholeWords.has(name),
    addBos: wholeWords.has(name),
  };
}
