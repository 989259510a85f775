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

function open(file: string, named: string | null = null): Promise<GgufTokenizer> {
  return openGgufTokenizer(readGguf(file), named);
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
    expect(opened.notes.join()).toContain("--tokenizer");
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

describe("a tokenizer.json that is named", () => {
  const named = (): string => path.join(beside(OWN), "tokenizer.json");

  test("is taken for a file that has its own, by its path or its folder", async () => {
    for (const place of [named(), path.dirname(named())]) {
      const opened = await open(fileNaming("llama-bpe"), place);
      expect(texts(opened)).toEqual(["1234"]);
      expect(opened.file).toMatch(/tokenizer\.json$/);
      expect(opened.parts.tokenizer.map(({ name }) => name)).toEqual(["tokenizer.json", "config"]);
      // What stands beside it says nothing of BOS: the file does.
      expect(opened.tokenizer.bosId).toBe(13);
    }
  });

  test("is taken for a file whose own is of a kind that is not read", async () => {
    const file = fileNaming("a-split-of-tomorrow");
    await expect(open(file)).rejects.toThrow("a-split-of-tomorrow");
    expect(texts(await open(file, named()))).toEqual(["1234"]);
  });

  test("of another model is refused: by its ids, and by its size", async () => {
    const ids = { ...OWN, model: { ...OWN.model, vocab: { ...OWN.model.vocab, "1": 2, "2": 1 } } };
    await expect(open(fileNaming(null), beside(ids))).rejects.toThrow(
      "gives the token \"1\" the id 2, and the model's file the id 1: it is another model's tokenizer.",
    );
    const more = {
      ...OWN,
      added_tokens: [{ id: 14, content: "<more>", special: true }, ...OWN.added_tokens],
    };
    await expect(open(fileNaming(null), beside(more))).rejects.toThrow("has 15 tokens, and the model has 14");
    const padded = [...TOKENS, ...Array.from({ length: 1025 }, (_, i) => `[PAD${i}]`)];
    await expect(open(fileNaming(null, undefined, padded), named())).rejects.toThrow(
      "has 14 tokens, and the model has 1039",
    );
  });

  test("that is not there is named", async () => {
    await expect(open(fileNaming(null), "/nowhere/tokenizer.json")).rejects.toThrow(
      "There is no file or folder at /nowhere/tokenizer.json.",
    );
  });
});
