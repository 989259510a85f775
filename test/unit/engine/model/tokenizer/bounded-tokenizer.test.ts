/** Tokenizers that would not end, or make gigabytes of a text. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { splitting } from "../../../../../src/engine/model/tokenizer/bounded-tokenizer.ts";
import { tokenizerFromJson } from "../../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import { mergesFromScores } from "../../../../../src/engine/model/tokenizer/spm-merges.ts";
import { TookTooLong, withinTime } from "../../../../../src/engine/model/tokenizer/within-time.ts";
import { errorOf } from "../../../../support/error-of.ts";

const fixture = path.resolve(import.meta.dirname, "../../../../fixtures/tokenizers/tiny-bpe/tokenizer.json");

function openWith(changes: object): ReturnType<typeof tokenizerFromJson> {
  return tokenizerFromJson({ ...(JSON.parse(readFileSync(fixture, "utf8")) as object), ...changes }, {});
}

function split(Regex: string): object {
  const split = { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
  return { pre_tokenizer: split };
}

function replacements(count: number, content: string, pattern: object = { String: "a" }): object {
  const step = { type: "Replace", pattern, content };
  return { normalizer: { type: "Sequence", normalizers: Array.from({ length: count }, () => step) } };
}

test.each([/(a+)+$/, /(a|a)*$/, /(x+x+)+y/, /(.*)*\1$/, /((((((a*)*)*)*)*)*)*b/])(
  "%s is ended where it runs",
  (pattern) => {
    const text = `${"a".repeat(50)}${"x".repeat(50)}!`;
    expect(() => withinTime(() => pattern.test(text), 100)).toThrow(TookTooLong);
    // And the next one has its own time.
    expect(withinTime(() => 1 + 1, 100)).toBe(2);
  },
);

describe("a tokenizer", () => {
  test("whose pattern explodes is ended, with the length of the text, and works on another", () => {
    const tokenizer = openWith(split("(x+x+)+y"));
    const error = errorOf(() => tokenizer.tokenize("x".repeat(60), "off"));
    expect(error.code).toBe("tokenizer-unsupported");
    expect(error.message).toContain("for 60 characters it takes longer than 5 s");
    expect(tokenizer.tokenize("ab", "off").tokens.length).toBeGreaterThan(0);
  });

  test.each([
    ["a normalizer that multiplies", replacements(24, "aaaa")],
    ["an added token that is no text", { added_tokens: [{ id: 3, content: { Regex: "x" } }] }],
    ["pre-tokens of no length", { pre_tokenizer: { type: "FixedLength", length: 0 } }],
    [
      "a template that repeats the text",
      {
        post_processor: {
          type: "TemplateProcessing",
          single: Array.from({ length: 20_000 }, () => ({ Sequence: { id: "A", type_id: 0 } })),
        },
      },
    ],
  ])("with %s is refused", (_, changes) => {
    expect(errorOf(() => openWith(changes)).code).toBe("tokenizer-unsupported");
  });

  test.each([
    ["by content", replacements(1, "x".repeat(10_000))],
    ["by the text around", replacements(5, "$`$'")],
    [
      "by pre-tokenizer",
      { pre_tokenizer: { type: "Replace", pattern: { String: "a" }, content: "b".repeat(9000) } },
    ],
  ])("that would make millions of characters of a text says so: %s", (_, changes) => {
    const tokenizer = openWith(changes);
    const error = errorOf(() => tokenizer.tokenize("a".repeat(3000), "off"));
    expect(error.message).toContain("more than 4 million characters");
  });

  test("that fails says so in words, and what is refused in words stays so", () => {
    const failing = errorOf(() => splitting(3, () => (null as unknown as string).trim()));
    expect(failing.message).toMatch(/cannot split a text of 3 characters: Cannot read/);
    const refusing = errorOf(() => openWith({}).tokenize("", "off"));
    expect(refusing.code).toBe("empty-prompt");
  });
});

// More tokens than a call takes arguments; a megabyte took 10 s on two busy cores.
test("200,000 times one letter are split", () => {
  const { ids } = openWith({}).tokenize("a".repeat(200_000), "off");
  expect(ids.length).toBeGreaterThan(0);
});

test("a vocabulary whose pieces are longer than any word is refused, not searched", () => {
  const pieces = ["a", "b".repeat(1_000_000)];
  const error = errorOf(() => mergesFromScores(pieces, [0, 0], () => true));
  expect(error.message).toContain("a piece of 1,000,000 characters (token 1)");
});
