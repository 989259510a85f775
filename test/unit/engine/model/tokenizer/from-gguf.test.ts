/** Tokenizers built from GGUF metadata: against goldens, against the tokenizer.json beside a file, and what is refused. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

import { preTokenizerByName } from "../../../../../src/engine/model/tokenizer/pre-tokenizers.ts";
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
      added_tokens: { id: number }[];
    };
    const tokens = Object.keys(model.vocab).sort((a, b) => model.vocab[a]! - model.vocab[b]!);
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
      .filter((word) => word.length > 1)
      .map((word) => word.replaceAll(" ", "Ġ").replaceAll("\n", "Ċ"));
    const { tokenizerJson } = tokenizerJsonFromGguf(
      new Map<string, GgufValue>([
        ["tokenizer.ggml.model", "gpt2"],
        ["tokenizer.ggml.pre", name],
        ["tokenizer.ggml.tokens", [...bytes, ...words]],
        ["tokenizer.ggml.merges", []],
      ]),
    );
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

  test("every known name can be run", () => {
    for (const name of [
      "qwen35",
      "deepseek-coder",
      "bailingmoe",
      "seed-coder",
      "glm4",
      "command-r",
      "olmo",
      "lfm2",
    ]) {
      expect(preTokenizerByName(name).patterns.length).toBeGreaterThan(0);
      expect(wordsOf(name, "Paris is 42.").join("")).toBe("Paris is 42.");
    }
  });

  test("an unknown name is refused with the name", () => {
    expect(() => preTokenizerByName("never-heard-of")).toThrow(/never-heard-of/);
    expect(codeOf(() => preTokenizerByName("never-heard-of"))).toBe("tokenizer-unsupported");
  });
});

test("a file without a tokenizer, and kinds that are not supported, are refused", () => {
  expect(codeOf(() => tokenizerJsonFromGguf(new Map()))).toBe("tokenizer-missing");
  const metadata = new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "rwkv"],
    ["tokenizer.ggml.tokens", ["a"]],
  ]);
  expect(codeOf(() => tokenizerJsonFromGguf(metadata))).toBe("tokenizer-unsupported");
});

/** GPT-2's byte alphabet, in the order of bytes. */
function tokenizerAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}
