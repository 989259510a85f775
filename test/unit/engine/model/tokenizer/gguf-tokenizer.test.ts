/** Which tokenizer a GGUF file gets: its own, said where it is a guess, or the one beside it. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import type { GgufTokenizer } from "../../../../../src/engine/model/tokenizer/gguf-tokenizer.ts";
import { openGgufTokenizer } from "../../../../../src/engine/model/tokenizer/gguf-tokenizer.ts";
import type { Entry } from "../../../../support/gguf/gguf-writer.ts";
import { gguf, temporaryFile, temporaryFolder } from "../../../../support/gguf/gguf-writer.ts";

const DIGITS = "0 1 2 3 4 5 6 7 8 9".split(" ");
/** Llama 3 takes three digits together, counted from the left; the default splits them otherwise. */
const TOKENS = [...DIGITS, "12", "123", "1234", "<s>"];
const MERGES = ["1 2", "12 3", "123 4"];

function fileNaming(pre: string | null, folder = temporaryFolder(), tokens = TOKENS): string {
  const metadata: Record<string, Entry> = {
    "general.architecture": ["string", "llama"],
    "tokenizer.ggml.model": ["string", "gpt2"],
    ...(pre === null ? {} : { "tokenizer.ggml.pre": ["string", pre] }),
    "tokenizer.ggml.tokens": ["array", "string", tokens],
    "tokenizer.ggml.token_type": ["array", "i32", tokens.map((token) => (token === "<s>" ? 3 : 1))],
    "tokenizer.ggml.merges": ["array", "string", MERGES],
    "tokenizer.ggml.bos_token_id": ["u32", tokens.length - 1],
  };
  return temporaryFile(gguf(metadata, []), "model.gguf", folder);
}

/** The model's own: any number of digits is one word. */
const OWN = {
  added_tokens: [{ id: 13, content: "<s>", special: true, normalized: false }],
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: true },
  decoder: { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: true },
  model: {
    type: "BPE",
    vocab: Object.fromEntries(TOKENS.slice(0, -1).map((token, id) => [token, id])),
    merges: MERGES.map((merge) => merge.split(" ")),
  },
};

function open(file: string): Promise<GgufTokenizer> {
  return openGgufTokenizer(readGguf(file));
}

function beside(json: unknown): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "tokenizer.json"), JSON.stringify(json));
  return folder;
}

const texts = ({ tokenizer }: GgufTokenizer, text = "1234"): string[] =>
  tokenizer.tokenize(text, "off").tokens.map((token) => token.text);

describe("a file that names no pre-tokenizer, or only the default", () => {
  test.each([
    [null, "missing"],
    ["default", "default"],
  ] as const)("%s: says so with each tokenised text, and in inspect", async (pre, named) => {
    const opened = await open(fileNaming(pre));
    expect(opened.tokenizer.tokenize("12", "off").guessedSplit).toBe(named);
    // Nothing was split.
    expect(opened.tokenizer.fromIds([1, 2])).not.toHaveProperty("guessedSplit");
    expect(opened.notes.join()).toMatch(pre === null ? /names no pre-tokenizer/ : /'default'/);
    expect(texts(opened)).toEqual(["123", "4"]);
  });

  test("takes the tokenizer.json beside it, whose hash is then the model's", async () => {
    const own = await open(fileNaming(null));
    const opened = await open(fileNaming(null, beside(OWN)));
    expect(texts(opened)).toEqual(["1234"]);
    expect(opened.tokenizer.tokenize("12", "off")).not.toHaveProperty("guessedSplit");
    expect(opened.notes.join()).toContain("tokenizer.json beside the file");
    expect(opened.parts.tokenizer.map(({ name }) => name)).toEqual(["tokenizer.json", "config"]);
    expect(opened.parts.weights.map(({ name }) => name)).toEqual(own.parts.weights.map(({ name }) => name));
    expect(opened.tokenizer.bosId).toBe(13);
  });

  test.each([
    [
      "another model's",
      { ...OWN, model: { ...OWN.model, vocab: { "1": 0, "2": 1, "3": 2, "4": 3, "12": 4 } } },
    ],
    ["one of few of its tokens", { ...OWN, model: { ...OWN.model, vocab: { "0": 0 } } }],
  ])("leaves %s alone", async (_, json) => {
    const opened = await open(fileNaming(null, beside(json)));
    expect(texts(opened)).toEqual(["123", "4"]);
    expect(opened.tokenizer.tokenize("12", "off").guessedSplit).toBe("missing");
  });
});

test("a file that names its pre-tokenizer has its own, whatever is beside it, and nothing to say", async () => {
  const opened = await open(fileNaming("llama-bpe", beside(OWN)));
  expect(texts(opened)).toEqual(["123", "4"]);
  expect(opened.tokenizer.tokenize("12", "off")).not.toHaveProperty("guessedSplit");
  expect(opened.notes).toEqual([]);
});
