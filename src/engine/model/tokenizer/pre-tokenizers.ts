/**
 * The word patterns of GGUF's byte-level BPE vocabularies, by `tokenizer.ggml.pre`. Each name stands for the
 * pre-tokenizer of the model family's own tokenizer.json; which names share one follows llama.cpp (src/llama-vocab.cpp).
 */
import { SwapError } from "../../../shared/errors.ts";

/** How a vocabulary splits text before BPE. */
export interface PreTokenizerSpec {
  /** Whether the vocabulary is of bytes, as GPT-2's; else of characters with marks for blanks, as SentencePiece's. */
  readonly byteLevel: boolean;
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

/** Runs of three digits counted from a number's end, the rest before them. */
const THREES_FROM_THE_END = "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))";
const HAN_AND_KANA = "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+";
/** What may not stand in a word of BLOOM's: blanks, and signs that end a clause in several scripts. */
const BLOOM = " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+";
/** Letters that have a case, as DeepSeek LLM's own tokenizer lists them (an older Unicode's, without some scripts). */
const DEEPSEEK_LETTERS =
  "[A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293\\u0295-\\u02AF\\u0370-\\u0373" +
  "\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F" +
  "\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77" +
  "\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D" +
  "\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4" +
  "\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D\\u212F-\\u2134\\u2139" +
  "\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D" +
  "\\uA680-\\uA69B\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A" +
  "\\uFF41-\\uFF5A\\u{10400}-\\u{1044F}\\u{104B0}-\\u{104D3}\\u{104D8}-\\u{104FB}\\u{10C80}-\\u{10CB2}\\u{10CC0}-\\u{10CF2}" +
  "\\u{118A0}-\\u{118DF}\\u{1E900}-\\u{1E943}]";
/** A class without Han characters (Kimi's `&&[^\\p{Han}]`). */
const withoutHan = (characters: string): string => `(?:(?!\\p{Script=Han})${characters})`;

const ASCII_SIGNS = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]";

const DEEPSEEK_WORDS = `${ASCII_SIGNS}[A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${LINES}|${BLANKS}`;

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
  "deepseek-v3": ["\\p{N}{1,3}", HAN_AND_KANA, DEEPSEEK_WORDS],
  tekken: [`${casedWords("")}|${casedRest("\\p{N}")}`],
  "gpt-4o": [`${casedWords(`${ANY_CASE_CONTRACTIONS}?`)}|${casedRest("\\p{N}{1,3}")}`],
  bailingmoe: [
    `'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|${LETTERS}|\\p{N}|${SIGNS}|\\s*[\\r\\n]|${BLANKS}`,
  ],
  "seed-coder": [`${ANY_CASE_CONTRACTIONS}|${LETTERS}|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${LINES}|${BLANKS}`],
  "deepseek-llm": [
    "[\\r\\n]",
    `\\s?${DEEPSEEK_LETTERS}+`,
    "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+",
    "\\s+$",
    "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+",
    "\\p{N}+",
  ],
  spark: [
    "\\p{N}{1,3}",
    HAN_AND_KANA,
    `${ASCII_SIGNS}[A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+|[\\r\\n]|${BLANKS}`,
    "\\p{N}",
  ],
  youtu: [
    "[\\uAC00-\\uD7A3\\u3131-\\u318E]+|[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C\\u3001-\\u303F\\uFE30-\\uFE4F]+|[\\u3105-\\u312F]+|[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
    `${casedWords(`${ANY_CASE_CONTRACTIONS}?`)}|${casedRest("\\p{N}")}`,
  ],
  bloom: [BLOOM],
  viking: [BLOOM, "\\p{N}"],
  chameleon: [
    "<sentinel:[0-9]+>",
    "IMGIMG[A-I]{1,4}Z",
    "[\\t\\n]|    |  ",
    "\\p{N}",
    "[\\p{P}!-/:-@\\[-`{-~]",
    GPT2,
  ],
  jais2: [
    `${ANY_CASE_CONTRACTIONS}|${LETTERS}|\\p{N}{1,3}|${SIGNS}|${LINES}|${[512, 256, 128, 64, 32, 16, 8, 4]
      .map((count) => `\\s{${count}}(?!\\S)|`)
      .join("")}\\s{1,2}(?!\\S)|\\s{1}`,
  ],
  "exaone-moe": [
    `${ANY_CASE_CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|${BLANKS}`,
  ],
  "tiny-aya": [
    "\\p{Nd}{1,3}(?=(?:\\p{Nd}{3})*(?![\\p{L}\\p{M}\\p{N}_]))",
    `${casedWords(`${ANY_CASE_CONTRACTIONS}?`)}|${casedRest("\\p{N}{1,3}")}`,
  ],
  superbpe: ["\\p{N}+", THREES_FROM_THE_END],
  "kimi-k2": [
    `\\p{Script=Han}+|${casedWords(`${ANY_CASE_CONTRACTIONS}?`)
      .replaceAll(UPPER, withoutHan(UPPER))
      .replaceAll(LOWER, withoutHan(LOWER))}|\\p{N}{1,3}|${SIGNS}|${LINES}|${BLANKS}`,
  ],
  afmoe: [
    THREES_FROM_THE_END,
    "[\\u4E00-\\u9FFF\\u3400-\\u4DBF\\uF900-\\uFAFF\\u3040-\\u309F\\u30A0-\\u30FF\\uFF65-\\uFF9F\\u2F00-\\u2FDF\\u0E40-\\u0E7F\\u0E80-\\u0EFF\\u1780-\\u17FF\\u1000-\\u109F\\uAA60-\\uAA7F\\uA9E0-\\uA9FF\\uAC00-\\uD7AF\\u1100-\\u11FF]+",
    DEEPSEEK_WORDS,
  ],
  laguna: ["[^\\n]+|[\\n]+", cl100k("\\p{N}")],
  ufakzeka: [`${LETTERS}|\\p{N}|${SIGNS}|${LINES}|${BLANKS}`],
  minicpm5: ["\\p{N}{1,3}", cl100k("\\p{N}+")],
  /** Gemma 4's and Sarvam's: BPE over whole lines of characters. */
  lines: ["[^\\n]+|[\\n]+"],
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
  "deepseek-llm": ["deepseek-llm"],
  spark: ["spark2_5"],
  youtu: ["youtu"],
  bloom: ["bloom", "poro-chat", "gpt3-finnish"],
  viking: ["viking"],
  chameleon: ["chameleon"],
  jais2: ["jais-2"],
  "exaone-moe": ["exaone-moe"],
  "tiny-aya": ["tiny_aya", "cohere2moe"],
  superbpe: ["superbpe"],
  "kimi-k2": ["kimi-k2"],
  afmoe: ["afmoe"],
  laguna: ["laguna"],
  ufakzeka: ["ufakzeka"],
  minicpm5: ["minicpm5"],
  lines: ["gemma4", "sarvam-moe"],
};

const LLAMA3_FAMILY = [
  ...["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
];
/** Names whose pieces are taken whole; others of the same patterns are not. */
const WHOLE_WORDS: ReadonlySet<string> = new Set([...LLAMA3_FAMILY, "tekken", "youtu", "minicpm5"]);
const BEGIN_WITH_BOS: ReadonlySet<string> = new Set([...LLAMA3_FAMILY, "tekken", "chameleon"]);

/** Every name that is known. */
export const preTokenizerNames: readonly string[] = Object.values(NAMES_BY_STYLE).flat();

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
    byteLevel: style !== "lines",
    patterns: PATTERNS_BY_STYLE[style],
    ignoreMerges: WHOLE_WORDS.has(name),
    addBos: BEGIN_WITH_BOS.has(name),
  };
}
