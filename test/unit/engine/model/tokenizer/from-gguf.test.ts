/** Tokenizers built from GGUF metadata: against goldens, against the tokenizer.json beside a file, and what is refused. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

import {
  preTokenizerByName,
  preTokenizerNames,
} from "../../../../../src/engine/model/tokenizer/pre-tokenizers.ts";
import type { GgufValue } from "../../../../../src/engine/model/gguf/reader.ts";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { tokenizerJsonFromGguf } from "../../../../../src/engine/model/tokenizer/from-gguf.ts";
import {
  openHubTokenizer,
  tokenizerFromJson,
} from "../../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import type { PromptTokenizer } from "../../../../../src/engine/model/tokenizer/tokenizer.ts";
import { SwapError } from "../../../../../src/shared/errors.ts";

const root = path.join(import.meta.dirname, "../../../../..");
const shared = path.join(root, "../shared");
const fixtures = process.env.STATE_SWAP_FIXTURES ?? path.join(shared, "fixtures");
const smollm2 = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const smollm2Golden = path.join(
  process.env.STATE_SWAP_GOLDENS ?? path.join(shared, "goldens"),
  "smollm2-dev.json",
);

function fromMetadata(metadata: ReadonlyMap<string, GgufValue>): PromptTokenizer {
  const { tokenizerJson, tokenizerConfig } = tokenizerJsonFromGguf(metadata);
  return tokenizerFromJson(tokenizerJson, tokenizerConfig);
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SwapError) return error.code;
    throw error;
  }
  return "none";
}

const hardTexts = [
  "The capital of France is Paris.",
  " France  is\r\nthe city",
  "it's 12345 ½² caf\u00e9 e\u0301 😀🇮🇹 日本語",
  "<s>Italy</s> \n\n x",
];

const hasSmollm2 = existsSync(smollm2) && existsSync(smollm2Golden);
if (!hasSmollm2)
  console.warn(`SKIPPED: SmolLM2's tokenizer (run "npm run model:smollm2"; goldens in ${smollm2Golden})`);

describe.skipIf(!hasSmollm2)("SmolLM2", () => {
  interface Golden {
    readonly cases: readonly {
      readonly target: string;
      readonly source: string;
      readonly target_ids: readonly number[];
      readonly source_ids: readonly number[];
      readonly target_tokens: readonly string[];
    }[];
  }

  test("gives the ids and token texts of the goldens, at exact places", () => {
    const tokenizer = fromMetadata(readGguf(smollm2).metadata);
    const { cases } = JSON.parse(readFileSync(smollm2Golden, "utf8")) as Golden;
    expect(cases.length).toBeGreaterThan(0);
    for (const golden of cases) {
      const target = tokenizer.tokenize(golden.target, "auto");
      expect(target.ids).toEqual(golden.target_ids);
      expect(target.tokens.map((token) => token.text)).toEqual(golden.target_tokens);
      expect(target.tokens.map(({ start, end }) => golden.target.slice(start, end))).toEqual(
        golden.target_tokens,
      );
      expect(target).toMatchObject({ approximate: false, bos: { added: false } });
      expect(tokenizer.tokenize(golden.source, "auto").ids).toEqual(golden.source_ids);
    }
  });

  test("has its chat template and its control tokens", () => {
    const tokenizer = fromMetadata(readGguf(smollm2).metadata);
    const text = tokenizer.applyChatTemplate([{ role: "user", content: "Hi" }])!;
    expect(text).toContain("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    const { tokens } = tokenizer.tokenize(text, "on");
    expect(tokens.filter((token) => token.text === "<|im_start|>" && token.special)).toHaveLength(3);
    expect(tokens[0]).toMatchObject({ id: tokenizer.bosId, start: 0, end: "<|im_start|>".length });
    expect(tokenizer.eosIds.map((id) => tokenizer.tokenText(id))).toEqual(["<|im_end|>"]);
  });
});

const ggufFixtures = ["gguf_llama__F16", "gguf_llama__Q8_0", "gguf_qwen2__F32"].filter((name) =>
  existsSync(path.join(fixtures, name)),
);
if (ggufFixtures.length === 0) console.warn(`SKIPPED: tokenizers of the GGUF fixtures (none in ${fixtures})`);

describe.skipIf(ggufFixtures.length === 0)("GGUF fixtures", () => {
  test.each(ggufFixtures)("%s gives the ids of the tokenizer.json beside it", async (name) => {
    const folder = path.join(fixtures, name);
    const built = fromMetadata(readGguf(path.join(folder, "model.gguf")).metadata);
    const hub = await openHubTokenizer(folder);
    const golden = JSON.parse(readFileSync(path.join(folder, "golden.json"), "utf8")) as {
      source: { text: string; input_ids: number[] };
      targets: { text: string; input_ids: number[] }[];
    };
    for (const { text, input_ids } of [golden.source, ...golden.targets]) {
      expect(built.tokenize(text, "auto").ids).toEqual(input_ids);
    }
    for (const text of hardTexts) expect(built.tokenize(text, "on")).toEqual(hub.tokenize(text, "on"));
    expect(built.size).toBe(hub.size);
  });
});

describe("SentencePiece vocabularies", () => {
  /** The metadata that a GGUF of a hub tokenizer would have; merges become scores, as in SentencePiece. */
  function metadataOf(name: string, more: Record<string, GgufValue> = {}): Map<string, GgufValue> {
    const file = path.join(import.meta.dirname, "../../../../fixtures/tokenizers", name, "tokenizer.json");
    const { model, added_tokens: added } = JSON.parse(readFileSync(file, "utf8")) as {
      model: { vocab: Record<string, number>; merges: [string, string][] };
      added_tokens: { id: number; content: string }[];
    };
    const tokens = Object.keys(model.vocab).sort((a, b) => model.vocab[a]! - model.vocab[b]!);
    for (const { id, content } of added) tokens[id] = content;
    const rank = new Map(model.merges.map(([left, right], i) => [left + right, i]));
    const special = new Set(added.map((token) => token.id));
    const types = tokens.map((token, id) =>
      special.has(id) ? (id === 0 ? 2 : 3) : /^<0x..>$/.test(token) ? 6 : 1,
    );
    return new Map<string, GgufValue>([
      ["tokenizer.ggml.model", "llama"],
      ["tokenizer.ggml.tokens", tokens],
      ["tokenizer.ggml.token_type", types],
      ["tokenizer.ggml.scores", tokens.map((token) => -(rank.get(token) ?? 1e6))],
      ["tokenizer.ggml.unknown_token_id", 0],
      ["tokenizer.ggml.bos_token_id", 1],
      ...Object.entries(more).map(([key, value]): [string, GgufValue] => [`tokenizer.ggml.${key}`, value]),
    ]);
  }

  test.each([
    ["spm-prefix", {}],
    ["spm-no-prefix", { add_space_prefix: false }],
  ])("%s, rebuilt from scores, gives the same tokens at the same places", async (name, more) => {
    const hub = await openHubTokenizer(
      path.join(import.meta.dirname, "../../../../fixtures/tokenizers", name),
    );
    const built = fromMetadata(metadataOf(name, more));
    for (const text of [...hardTexts, "France is the capital of Italy", "  the  France"]) {
      for (const bos of ["auto", "on", "off"] as const) {
        expect(built.tokenize(text, bos), text).toEqual(hub.tokenize(text, bos));
      }
      expect(built.encodeContinuation(text)).toEqual(hub.encodeContinuation(text));
    }
  });

  // llama.cpp issue 4772: what follows a special token begins a text of its own, marked as such; Phi-3's take the blanks behind them.
  test.each([
    ["spm-prefix", "llama", {}],
    ["spm-no-prefix", "gemma", { add_space_prefix: false }],
    ["spm-rstrip", "phi3", {}],
  ])(
    "%s, as a file of %s, gives the ids of Hugging Face's library, behind special tokens too",
    (name, architecture, more) => {
      const rows = JSON.parse(
        readFileSync(
          path.join(import.meta.dirname, "../../../../fixtures/tokenizers/rust-offsets.json"),
          "utf8",
        ),
      ) as { tokenizer: string; text: string; ids: number[] }[];
      const metadata = metadataOf(name, more).set("general.architecture", architecture);
      const own = rows.filter(({ tokenizer }) => tokenizer === name);
      expect(own.filter(({ text }) => text.includes("<s>")).length).toBeGreaterThan(1);
      for (const { text, ids } of own)
        expect(fromMetadata(metadata).tokenize(text, "auto").ids, text).toEqual(ids);
    },
  );

  test("follow the file's word on BOS and EOS", () => {
    expect(
      fromMetadata(metadataOf("spm-prefix", { add_bos_token: false })).tokenize("is", "auto").bos.added,
    ).toBe(false);
    const both = fromMetadata(metadataOf("spm-prefix", { add_eos_token: true, eos_token_id: 2 }));
    expect(both.tokenize("is", "auto").ids.at(-1)).toBe(2);
  });

  test("end a text with EOS, and with the ends of a turn and of a message that the file names", () => {
    expect(fromMetadata(metadataOf("spm-prefix")).eosIds).toEqual([2]);
    const more = { eos_token_id: 5, eot_token_id: 7, eom_token_id: 5 };
    expect(fromMetadata(metadataOf("spm-prefix", more)).eosIds).toEqual([5, 7]);
    expect(fromMetadata(metadataOf("spm-prefix", { eot_token_id: 1e6 })).eosIds).toEqual([2]);
  });
});

describe("pre-tokenizers", () => {
  const bytes = tokenizerAlphabet();

  function wordsOf(name: string, text: string): string[] {
    // With no merges each byte is a token: what shows the words is a vocabulary that has every word of the text.
    const candidates = new Set<string>();
    for (let i = 0; i < text.length; i++)
      for (let j = i + 1; j <= text.length; j++) candidates.add(text.slice(i, j));
    const words = [...candidates]
      .map((word) => [...Buffer.from(word, "utf8")].map((byte) => bytes[byte]!).join(""))
      .filter((word) => word.length > 1);
    const { tokenizerJson } = tokenizerJsonFromGguf(byteVocabulary(name, words));
    const model = { ...(tokenizerJson.model as object), ignore_merges: true };
    const tokenizer = tokenizerFromJson({ ...tokenizerJson, model }, {});
    return tokenizer.tokenize(text, "off").tokens.map((token) => token.text);
  }

  test.each([
    ["gpt-2", ["It", "'s", " 12345", "!!", "\n\n", " x"]],
    ["smollm", ["It", "'s", " ", "1", "2", "3", "4", "5", "!!", "\n\n", " x"]],
    ["llama-bpe", ["It", "'s", " ", "123", "45", "!!\n\n", " x"]],
    ["qwen2", ["It", "'s", " ", "1", "2", "3", "4", "5", "!!\n\n", " x"]],
    ["deepseek-v3", ["It", "'s", " ", "123", "45", "!!\n\n", " x"]],
    ["tekken", ["It", "'s", " ", "1", "2", "3", "4", "5", "!!\n\n", " x"]],
    ["gpt-4o", ["It's", " ", "123", "45", "!!\n\n", " x"]],
    ["falcon", ["It", "'", "s", " ", "123", "45", "!!", "\n\n", " x"]],
    ["default", ["It", "'", "s", " ", "123", "45", "!!", "\n\n", " x"]],
  ])("%s splits as its model family does", (name, words) => {
    expect(wordsOf(name, "It's 12345!!\n\n x")).toEqual(words);
  });

  const letters = "aZ µÉéſ Ǆλѣ Ԁ ᏸ ḁ ὕ ℂ Ⰰ ꙁ ﬀ Ａ 𐐀 𞤀 日本 한국 кот ไทย";
  const numbers = "1 22 333 4444 55555 1234567 ½ ²";
  const signs = "it's “quoted” (a|b) -- a...b\t\n\n  end  ";

  test.each(preTokenizerNames.filter((name) => preTokenizerByName(name).byteLevel))(
    "%s loses nothing of a text, in any script, and splits it",
    (name) => {
      for (const text of [letters, numbers, signs]) {
        const { tokenizerJson, tokenizerConfig } = tokenizerJsonFromGguf(byteVocabulary(name));
        const tokenizer = tokenizerFromJson(tokenizerJson, tokenizerConfig);
        const { ids, approximate } = tokenizer.tokenize(text, "off");
        expect(tokenizer.fromIds(ids).text, text).toBe(text);
        expect(approximate, text).toBe(false);
        expect(wordsOf(name, text.slice(0, 24)).join("")).toContain(text.slice(0, 3));
      }
    },
  );

  test.each([
    ["deepseek-llm", "Éß 2024, 日本人!", ["Éß", " ", "2024", ",", " ", "日本人", "!"]],
    ["superbpe", "a 1234567 b", ["a ", "1", "234", "567", " b"]],
    ["afmoe", "n=1234567", ["n", "=", "1", "234", "567"]],
    ["tiny_aya", "12345", ["12", "345"]],
    ["kimi-k2", "日本Tokyo", ["日本", "Tokyo"]],
    ["bloom", "a 12,b", ["a", " 12", ",", "b"]],
    ["viking", "a 12,b", ["a", " ", "1", "2", ",", "b"]],
    ["minicpm5", "a 1234", ["a", " ", "123", "4"]],
    ["laguna", "a1\n\nb", ["a", "1", "\n\n", "b"]],
    ["exaone-moe", "big red cat!", ["big red cat", "!"]],
    ["chameleon", "a  1.", ["a", "  ", "1", "."]],
    ["youtu", "한국어's", ["한국어", "'s"]],
    ["ufakzeka", "it's", ["it", "'s"]],
    ["spark2_5", "x 12!\n", ["x", " ", "1", "2", "!", "\n"]],
    ["jais-2", "a     b", ["a", "    ", " b"]],
  ])("%s splits as llama.cpp's table says", (name, text, words) => {
    expect(wordsOf(name, text)).toEqual(words);
  });

  test("an unknown name is refused with the name", () => {
    expect(() => preTokenizerByName("never-heard-of")).toThrow(/never-heard-of/);
    expect(codeOf(() => preTokenizerByName("never-heard-of"))).toBe("tokenizer-unsupported");
  });
});

describe("Gemma 4's kind: merges over characters, marks for blanks, bytes for the rest", () => {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const pieces = ["▁", "a", "b", "\n", "▁a", "ab", "▁ab", "\n\n"];
  const tokenizer = fromMetadata(
    new Map<string, GgufValue>([
      ["tokenizer.ggml.model", "gemma4"],
      ["tokenizer.ggml.tokens", ["<pad>", "<eos>", "<bos>", "<unk>", ...bytes, ...pieces]],
      ["tokenizer.ggml.token_type", [3, 3, 3, 2, ...bytes.map(() => 6), ...pieces.map(() => 1)]],
      ["tokenizer.ggml.merges", ["▁ a", "a b", "▁a b", "\n \n"]],
      ["tokenizer.ggml.bos_token_id", 2],
      ["tokenizer.ggml.eos_token_id", 1],
      ["tokenizer.ggml.unknown_token_id", 3],
    ]),
  );

  test("words need no blank before them, and a text begins with BOS", () => {
    const { tokens, approximate } = tokenizer.tokenize("ab ab\n\né", "auto");
    expect(tokens.map(({ text }) => text).slice(0, 4)).toEqual(["<bos>", "ab", " ab", "\n\n"]);
    expect(tokens).toHaveLength(6);
    expect(approximate).toBe(false);
    expect(tokenizer.fromIds(tokens.map(({ id }) => id)).text).toBe("ab ab\n\né");
  });
});

test("a file without a tokenizer, and kinds that are not supported, are refused", () => {
  expect(codeOf(() => tokenizerJsonFromGguf(new Map()))).toBe("tokenizer-missing");
  const metadata = new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "rwkv"],
    ["tokenizer.ggml.tokens", ["a"]],
  ]);
  expect(codeOf(() => tokenizerJsonFromGguf(metadata))).toBe("tokenizer-unsupported");
  metadata.set("tokenizer.ggml.model", "bert");
  expect(() => tokenizerJsonFromGguf(metadata)).toThrow(/"bert" \(WordPiece, of encoders\)/);
});

/** Metadata of a byte-level vocabulary without merges. */
function byteVocabulary(pre: string, more: readonly string[] = []): Map<string, GgufValue> {
  return new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "gpt2"],
    ["tokenizer.ggml.pre", pre],
    ["tokenizer.ggml.tokens", [...tokenizerAlphabet(), ...more]],
    ["tokenizer.ggml.merges", []],
  ]);
}

/** GPT-2's byte alphabet, in the order of bytes. */
function tokenizerAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}
