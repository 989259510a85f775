/** Where tokens stand in a text: against Hugging Face's own library, and as properties over mixed scripts. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { openHubTokenizer } from "../../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import { alignPieces } from "../../../../../src/engine/model/tokenizer/token-offsets.ts";
import type { PromptTokenizer } from "../../../../../src/engine/model/tokenizer/tokenizer.ts";
import type { Tokenization } from "../../../../../src/shared/prompt/tokens.ts";

const folder = path.join(import.meta.dirname, "../../../../fixtures/tokenizers");
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

interface Golden {
  readonly tokenizer: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly offsets: readonly (readonly [number, number])[];
}

const goldens = JSON.parse(readFileSync(path.join(folder, "rust-offsets.json"), "utf8")) as Golden[];
const tokenizers = new Map<string, PromptTokenizer>();

beforeAll(async () => {
  for (const name of names) tokenizers.set(name, await openHubTokenizer(path.join(folder, name)));
});

/** A letter with its marks, or Hangul jamo of one syllable: units that NFC fuses. */
const fusible = /[\p{M}\u1100-\u11FF]/u;

describe.each(names)("%s", (name) => {
  const rows = goldens.filter((golden) => golden.tokenizer === name);

  test("gives the ids of Hugging Face's library", () => {
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      // JavaScript lowers a final sigma to ς, Rust does not; such a text is marked as approximate below.
      if (name === "byte-lower-nfkc" && row.text.includes("Σ")) continue;
      expect(tokenizers.get(name)!.tokenize(row.text, "auto").ids, row.text).toEqual(row.ids);
    }
  });

  test("places each token where Hugging Face's library does, with all of a character that was composed", () => {
    for (const row of rows) {
      const { tokens, approximate } = tokenizers.get(name)!.tokenize(row.text, "auto");
      expect(approximate, row.text).toBe(name === "byte-lower-nfkc" && row.text.includes("Σ"));
      for (const [i, token] of tokens.entries()) {
        const place = [token.start, token.end];
        // A blank that the tokenizer put before the text covers nothing of it; the library gives it the first letter.
        if (token.text === " " && token.start === token.end) continue;
        if (fusible.test(row.text) && /nfc|nfkc|unigram/.test(name)) {
          expect(token.start, row.text).toBe(row.offsets[i]![0]);
          expect(token.end, row.text).toBeGreaterThanOrEqual(row.offsets[i]![1]);
        } else expect(place, row.text).toEqual(row.offsets[i]);
      }
    }
  });

  test("covers any text, in order, and finds a token at every character", () => {
    fc.assert(
      fc.property(mixedText, (text) => {
        for (const bos of ["auto", "off"] as const) expectCover(tokenizers.get(name)!.tokenize(text, bos));
      }),
      { numRuns: 150 },
    );
  });

  test("gives back a text that it can write from its ids", () => {
    fc.assert(
      fc.property(mixedText, (text) => {
        const tokenizer = tokenizers.get(name)!;
        const made = tokenizer.tokenize(text, "auto");
        const again = tokenizer.fromIds(made.ids);
        expectCover(again);
        expect(again.ids).toEqual(made.ids);
        // Not to be undone: the blank put after added tokens, `▁` for a blank, and what a normalizer rewrote.
        if (/^(byte-(bos|prefix-space)|spm)/.test(name) && !/^ |▁|<[|s<]/.test(text)) {
          expect(again.text).toBe(Buffer.from(text, "utf8").toString("utf8"));
        }
      }),
      { numRuns: 100 },
    );
  });
});

const mixedText = fc
  .array(
    fc.oneof(
      fc.constantFrom(" ", "  ", "\n", "\r\n", "\t", "\u00a0"),
      fc.constantFrom("France", " Italy", " is the capital of", "café", "the", "Istanbul İ", "ﬁ½"),
      fc.constantFrom(
        "😀",
        "🇮🇹",
        "👨‍👩‍👧",
        "👍🏽",
        "e\u0301",
        "a\u0308\u0323",
        "\u0301",
        "日本語",
        "한글",
        "\u1112\u1161\u11ab",
        "ｶﾞ",
      ),
      fc.constantFrom("<|end|>", "<s>", "<tool>", "▁", "##a", "<0x41>", "Σ ΑΣ"),
      fc.string({ unit: "grapheme", maxLength: 4 }),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(""))
  .filter((text) => text.length > 0);

/** Ranges lie in the text and ascend; when exact they cover it, so that each of its units has a token. */
function expectCover(tokenization: Tokenization): void {
  const { text, tokens } = tokenization;
  let start = 0;
  let covered = 0;
  for (const token of tokens) {
    expect(token.start).toBeGreaterThanOrEqual(start);
    expect(token.end).toBeGreaterThanOrEqual(token.start);
    expect(token.end).toBeLessThanOrEqual(text.length);
    if (!tokenization.approximate && token.end > token.start)
      expect(token.start).toBeLessThanOrEqual(covered);
    start = token.start;
    covered = Math.max(covered, token.end);
  }
  if (!tokenization.approximate) expect(covered).toBe(text.length);
}

describe("alignPieces", () => {
  test("finds pieces that were written in other letters and with things put in", () => {
    const text = "The CAPITAL of  France.";
    const ranges = alignPieces(text, [" the", " capital", " of", " ", "France", "."]);
    expect(ranges.map(({ start, end }) => text.slice(start, end).trim())).toEqual([
      "The",
      "CAPITAL",
      "of",
      "",
      "France",
      ".",
    ]);
  });

  test("stays within the text and in order, whatever the pieces", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.array(fc.string({ maxLength: 8 }), { maxLength: 20 }),
        (text, pieces) => {
          let start = 0;
          for (const range of alignPieces(text, pieces)) {
            expect(range.start).toBeGreaterThanOrEqual(start);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.end).toBeLessThanOrEqual(text.length);
            start = range.start;
          }
        },
      ),
    );
  });
});
