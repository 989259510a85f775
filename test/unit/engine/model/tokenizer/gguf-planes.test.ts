/** Tokenizers of GGUF files over the planes of Unicode: nothing of a text is lost, and tokens cover it from left to right. */
import { describe, expect, test } from "vitest";
import type { GgufValue } from "../../../../../src/engine/model/gguf/reader.ts";
import { tokenizerJsonFromGguf } from "../../../../../src/engine/model/tokenizer/from-gguf.ts";
import { tokenizerFromJson } from "../../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import type { PromptTokenizer } from "../../../../../src/engine/model/tokenizer/tokenizer.ts";
import { randomNumbers } from "../../../../support/gguf/gguf-random.ts";

const BYTES = Array.from({ length: 256 }, (_, byte) => byte);

function tokenizerOf(entries: Readonly<Record<string, GgufValue>>): PromptTokenizer {
  const metadata = new Map(
    Object.entries(entries).map(([key, value]): [string, GgufValue] => [`tokenizer.ggml.${key}`, value]),
  );
  const { tokenizerJson, tokenizerConfig } = tokenizerJsonFromGguf(metadata);
  return tokenizerFromJson(tokenizerJson, tokenizerConfig);
}

/** GPT-2's alphabet of bytes. */
function alphabet(): string[] {
  let next = 0x100;
  return BYTES.map((byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}

const pieces = ["▁", "a", "b", "▁a", "ab", "▁ab", "<turn>"];
const hexadecimal = BYTES.map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
const marked = {
  tokens: ["<unk>", "<s>", "</s>", ...hexadecimal, ...pieces],
  token_type: [2, 3, 3, ...BYTES.map(() => 6), ...pieces.map((piece) => (piece === "<turn>" ? 4 : 1))],
  unknown_token_id: 0,
  bos_token_id: 1,
  eos_token_id: 2,
};

const KINDS: Readonly<Record<string, PromptTokenizer>> = {
  ...Object.fromEntries(
    ["gpt-2", "llama-bpe", "qwen2", "deepseek-llm", "kimi-k2", "bloom", "superbpe"].map((pre) => [
      `bytes, ${pre}`,
      tokenizerOf({
        model: "gpt2",
        pre,
        tokens: [...alphabet(), "ab", "Ġa", "<turn>"],
        token_type: [...BYTES.map(() => 1), 1, 1, 4],
        merges: ["a b", "Ġ a"],
      }),
    ]),
  ),
  "characters, gemma4": tokenizerOf({ model: "gemma4", ...marked, merges: ["▁ a", "a b", "▁a b"] }),
  "SentencePiece without a prefix": tokenizerOf({
    model: "llama",
    ...marked,
    scores: marked.tokens.map((_, id) => -id),
    add_space_prefix: false,
  }),
};

/** Texts of characters from all over a plane, with blanks, letters of the vocabulary and a user-defined token among them. */
function textsOf(plane: number): string[] {
  const random = randomNumbers(plane + 1);
  return Array.from({ length: 12 }, () => {
    const chars = Array.from({ length: 24 }, () => {
      if (random() < 0.3) return [" ", "a", "ab", "\n", "7", "<turn>"][Math.floor(random() * 6)]!;
      const point = plane * 0x10000 + Math.floor(random() * 0x10000);
      // Surrogates alone are no text; the mark of blanks is read as a blank.
      return (point >= 0xd800 && point <= 0xdfff) || point === 0x2581 ? "é" : String.fromCodePoint(point);
    });
    return chars.join("");
  });
}

describe.each(Object.entries(KINDS))("%s", (_, tokenizer) => {
  test.each([0, 1, 2, 3, 14, 15, 16])("plane %i", (plane) => {
    for (const text of textsOf(plane)) {
      const { ids, tokens, approximate } = tokenizer.tokenize(text, "off");
      expect(tokenizer.fromIds(ids).text).toBe(text);
      expect(approximate).toBe(false);
      expect(tokens[0]!.start).toBe(0);
      expect(tokens.at(-1)!.end).toBe(text.length);
      for (const [i, { start, end }] of tokens.entries()) {
        expect(end).toBeGreaterThan(start);
        const next = tokens[i + 1];
        // Tokens of one character's bytes have its range; else the next one begins where this one ends.
        if (next) expect([start, end]).toContain(next.start);
      }
      expect(tokens.filter((token) => token.text === "<turn>")).toHaveLength(text.split("<turn>").length - 1);
    }
  });
});
