/** From what a user writes or selects to tokens: span syntax, texts, editor ranges, widening. */
import * as path from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { openHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import type { PromptTokenizer } from "../../../../src/engine/model/tokenizer/tokenizer.ts";
import type { SpanSpec } from "../../../../src/shared/prompt/span-syntax.ts";
import { formatSpan, parseSpan, parseSpanList } from "../../../../src/shared/prompt/span-syntax.ts";
import { occurrences, resolveSpan, spanOfRange } from "../../../../src/shared/prompt/spans.ts";
import { errorOf } from "../../../support/error-of.ts";

const folder = path.join(import.meta.dirname, "../../../fixtures/tokenizers");
/** Byte-level BPE with the words ` France`, ` Italy`, ` is`, ` the`, ` capital`, ` of`, `France`, `é`, `日`. */
let words: PromptTokenizer;
let lower: PromptTokenizer;
let nfc: PromptTokenizer;
let spm: PromptTokenizer;

beforeAll(async () => {
  [words, lower, nfc, spm] = (await Promise.all(
    ["byte-bos", "byte-lower-nfkc", "byte-nfc", "spm-prefix"].map((name) =>
      openHubTokenizer(path.join(folder, name)),
    ),
  )) as [PromptTokenizer, PromptTokenizer, PromptTokenizer, PromptTokenizer];
});

const textSpec = (text: string, occurrence: number | null = null): SpanSpec => ({
  kind: "text",
  text,
  occurrence,
});

describe("span syntax", () => {
  test.each<[string, SpanSpec]>([
    ["France", textSpec("France")],
    ["France#2", textSpec("France", 2)],
    ["the capital of", textSpec("the capital of")],
    ["@21", { kind: "tokens", from: 21, to: 21 }],
    ["@21..23", { kind: "tokens", from: 21, to: 23 }],
    ["@-1", { kind: "tokens", from: -1, to: -1 }],
    ["@last", { kind: "tokens", from: -1, to: -1 }],
    ["@-3..-1", { kind: "tokens", from: -3, to: -1 }],
    ["@2..last", { kind: "tokens", from: 2, to: -1 }],
    ["@lastname", textSpec("@lastname")],
    ["\\@last", textSpec("@last")],
    ["\\@-1", textSpec("@-1")],
    ["C#", textSpec("C#")],
    ["#tag", textSpec("#tag")],
    ["#2", textSpec("#2")],
    ["@user", textSpec("@user")],
    ["C\\#2", textSpec("C#2")],
    ["C#2#1", textSpec("C#2", 1)],
    ["\\@21", textSpec("@21")],
    ["\\@21#3", textSpec("@21", 3)],
    ["a\\b", textSpec("a\\b")],
    ["a\nb#2", textSpec("a\nb", 2)],
    [" France", textSpec(" France")],
  ])("%j", (source, spec) => {
    expect(parseSpan(source)).toEqual(spec);
  });

  test.each([
    "",
    "@5x",
    "@5..",
    "@7..3",
    "@-1..-3",
    "@-0",
    "@last..2x",
    "@1...2",
    "France#0",
    "@99999999999999999999",
  ])("%j is refused", (source) => {
    expect(errorOf(() => parseSpan(source)).code).toBe("bad-span");
  });

  test("a list of indices is one span for each item; a text with commas stays one text", () => {
    expect(parseSpanList("@1,3, 5..7")).toEqual([
      { kind: "tokens", from: 1, to: 1 },
      { kind: "tokens", from: 3, to: 3 },
      { kind: "tokens", from: 5, to: 7 },
    ]);
    expect(parseSpanList("@4")).toEqual([parseSpan("@4")]);
    expect(parseSpanList("@0,-3..-2,last")).toEqual(["@0", "@-3..-2", "@-1"].map(parseSpan));
    expect(parseSpanList("Rome, Paris")).toEqual([textSpec("Rome, Paris")]);
    expect(parseSpanList("@user, 3")).toEqual([textSpec("@user, 3")]);
    expect(parseSpanList("\\@1,3")).toEqual([textSpec("@1,3")]);
    for (const source of ["@1,", "@1,,2", "@1,x", "@1,@2", "@1,7..3", "@1;2", "@1,-", "@1..,2"]) {
      expect(errorOf(() => parseSpanList(source)).code).toBe("bad-span");
    }
    // Where one span is asked for, a list is none.
    expect(errorOf(() => parseSpan("@1,3")).code).toBe("bad-span");
    for (const dash of ["-", "–"])
      expect(errorOf(() => parseSpan(`@21${dash}22`)).hint).toBe("Write @21..22.");
  });

  test("every span can be written and read back", () => {
    const text = fc.string({
      unit: fc.constantFrom("@", "#", "\\", "1", "23", "a", " ", "\n", "..", "-", "last", ","),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, fc.option(fc.integer({ min: 1, max: 99 })), (content, occurrence) => {
        const spec = textSpec(content, occurrence);
        expect(parseSpan(formatSpan(spec))).toEqual(spec);
      }),
      { numRuns: 2000 },
    );
    expect(formatSpan({ kind: "tokens", from: 3, to: 3 })).toBe("@3");
    expect(formatSpan({ kind: "tokens", from: 3, to: 5 })).toBe("@3..5");
    expect(formatSpan({ kind: "tokens", from: -3, to: -1 })).toBe("@-3..-1");
  });
});

describe("texts in a prompt", () => {
  const resolve = (tokenizer: PromptTokenizer, text: string, span: string): ReturnType<typeof resolveSpan> =>
    resolveSpan(tokenizer.tokenize(text, "auto"), parseSpan(span));

  test("a word is its token, and the token's leading blank is no widening", () => {
    // Position 0 is the BOS that this tokenizer adds.
    expect(resolve(words, "France is the", "the")).toEqual({ from: 3, to: 3, text: " the", widened: null });
    expect(resolve(words, "France is the", "is the")).toEqual({
      from: 2,
      to: 3,
      text: " is the",
      widened: null,
    });
  });

  test("an ambiguous text lists its places", () => {
    const error = errorOf(() => resolve(words, "France is France", "France"));
    expect(error.code).toBe("text-ambiguous");
    expect(error.message).toBe(
      `"France" occurs twice in the prompt. Choose one: France#1 (token 1) or France#2 (token 3).`,
    );
    expect(resolve(words, "France is France", "France#2")).toMatchObject({ from: 3, to: 3 });
    const many = errorOf(() => resolve(words, "France".repeat(12), "France"));
    expect(many.message).toContain("occurs 12 times");
    expect(many.message).toContain("France#1 (token 1), France#2 (token 2)");
    expect(many.message).toContain("or France#12 (token 12).");
    expect(many.message.length).toBeLessThan(250);
  });

  test("places of several tokens are named as ranges", () => {
    const error = errorOf(() => resolve(words, "xy is xy", "xy"));
    expect(error.message).toContain("xy#1 (tokens 1 to 2) or xy#2 (tokens 5 to 6)");
  });

  test("a text that is not there is refused, with the prompt's own spelling where only case differs", () => {
    expect(errorOf(() => resolve(words, "France is the", "Spain"))).toMatchObject({
      code: "text-not-found",
      message: `"Spain" is not in the prompt.`,
    });
    expect(errorOf(() => resolve(words, "France is the", "france")).hint).toContain(`"France"`);
    const error = errorOf(() => resolve(words, "France is France", "France#3"));
    expect(error.code).toBe("text-not-found");
    expect(error.message).toContain("there is no France#3");
  });

  test("line endings and composition do not keep a text from being found", () => {
    const crlf = words.tokenize("is\r\nthe cafe\u0301 of", "off");
    const line = resolveSpan(crlf, parseSpan("is\nthe"));
    expect(crlf.text.slice(crlf.tokens[line.from]!.start, crlf.tokens[line.to]!.end)).toBe("is\r\nthe");
    const accent = resolveSpan(crlf, parseSpan("café"));
    expect(accent.text.trim()).toBe("cafe\u0301");
    const composed = words.tokenize("the café of", "off");
    expect(resolveSpan(composed, parseSpan("cafe\u0301")).text).toBe(" café");
  });

  test("an exact match keeps others from counting", () => {
    expect(occurrences(words.tokenize("é e\u0301", "off"), "é")).toHaveLength(1);
  });

  test("texts that the tokenizer rewrites are found as the user sees them", () => {
    expect(resolve(lower, "the FRANCE of", "FRANCE")).toMatchObject({ text: " FRANCE", widened: null });
    const prompt = nfc.tokenize("cafe\u0301 of", "off");
    const { from, to } = resolveSpan(prompt, parseSpan("e\u0301"));
    expect(
      prompt.tokens
        .slice(from, to + 1)
        .map((token) => token.text)
        .join(""),
    ).toBe("é");
    expect(resolve(spm, "France is", "France")).toMatchObject({
      from: 1,
      to: 1,
      text: "France",
      widened: null,
    });
  });
});

describe("token indices", () => {
  test("are taken as they are, BOS too", () => {
    const prompt = words.tokenize("France is the", "auto");
    expect(resolveSpan(prompt, parseSpan("@0"))).toEqual({ from: 0, to: 0, text: "<|end|>", widened: null });
    expect(resolveSpan(prompt, parseSpan("@last"))).toEqual(
      resolveSpan(prompt, parseSpan(`@${prompt.tokens.length - 1}`)),
    );
    expect(resolveSpan(prompt, parseSpan("@-2..-1")).from).toBe(prompt.tokens.length - 2);
    expect(resolveSpan(prompt, parseSpan("@1..2"))).toEqual({
      from: 1,
      to: 2,
      text: "France is",
      widened: null,
    });
  });

  test("outside the prompt are refused with its length", () => {
    const error = errorOf(() => resolveSpan(words.tokenize("France is the", "auto"), parseSpan("@2..4")));
    expect(error.code).toBe("bad-span");
    expect(error.message).toBe("@2..4 is not in the prompt, which has 4 tokens, @0 to @3.");
    const refusal = (span: string): string =>
      errorOf(() => resolveSpan(words.tokenize("France is the", "auto"), parseSpan(span))).message;
    expect(refusal("@-5")).toBe("@-5 is not in the prompt, which has 4 tokens, @0 to @3.");
    expect(refusal("@3..-2")).toBe("@3..-2 ends before it begins: the prompt has 4 tokens.");
  });
});

describe("ranges of the editor", () => {
  test("that cut a token widen to it and say so", () => {
    const prompt = words.tokenize("is France of", "auto");
    const { widened, ...span } = spanOfRange(prompt, 5, 8);
    expect(span).toEqual({ from: 3, to: 3, text: " France" });
    expect(widened).toMatchObject({
      selected: { start: 5, end: 8, text: "anc" },
      covered: { start: 2, end: 9, text: " France" },
      sentence: `"anc" cuts a token: the selection was widened to " France" (token 3).`,
    });
  });

  test("with blanks at their ends reach into no other word", () => {
    const prompt = words.tokenize("is France of", "auto");
    expect(spanOfRange(prompt, 3, 10)).toMatchObject({ from: 3, to: 3, widened: null });
    expect(spanOfRange(prompt, 2, 10)).toMatchObject({ from: 3, to: 3, widened: null });
    // Blanks that are tokens of their own belong to the selection.
    const lines = words.tokenize("is\nFrance\nis", "off");
    const span = spanOfRange(lines, 2, 10);
    expect(lines.tokens.slice(span.from, span.to + 1).map((token) => token.text)).toEqual([
      "\n",
      "France",
      "\n",
    ]);
  });

  test("that are empty stand for the token at the cursor", () => {
    const prompt = words.tokenize("is France", "auto");
    for (const cursor of [3, 8])
      expect(spanOfRange(prompt, cursor, cursor)).toMatchObject({ from: 3, widened: null });
    // Behind a word's last letter the cursor is still at that word.
    expect(spanOfRange(prompt, 2, 2)).toMatchObject({ to: 2, widened: null });
    expect(spanOfRange(prompt, 9, 9)).toMatchObject({ from: 3, to: 3 });
  });

  test("of blanks only take the token that holds them", () => {
    const prompt = words.tokenize("is France", "auto");
    expect(spanOfRange(prompt, 2, 3)).toMatchObject({ from: 3, to: 3, text: " France" });
    expect(spanOfRange(prompt, 2, 3).widened).not.toBeNull();
    const blank = words.tokenize("is\n\nFrance", "off");
    expect(spanOfRange(blank, 2, 4)).toMatchObject({ text: "\n\n", widened: null });
  });

  test("of half an emoji take all of its tokens and say so", () => {
    const prompt = words.tokenize("is🙈of", "off");
    const whole = spanOfRange(prompt, 2, 4);
    expect(whole.to - whole.from + 1).toBeGreaterThan(1);
    expect(whole).toMatchObject({ text: "🙈", widened: null });
    for (const [start, end] of [
      [2, 3],
      [3, 4],
    ] as const) {
      const half = spanOfRange(prompt, start, end);
      expect([half.from, half.to]).toEqual([whole.from, whole.to]);
      expect(half.widened?.covered.text).toBe("🙈");
    }
    expect(spanOfRange(prompt, 3, 3)).toMatchObject({ from: whole.from, to: whole.to });
  });

  test.each([
    [-1, 2],
    [0, 99],
    [3, 1],
    [0.5, 1],
  ])("%d to %d outside the text are refused", (start, end) => {
    expect(errorOf(() => spanOfRange(words.tokenize("is the", "off"), start, end)).code).toBe("bad-span");
  });

  test("hold at least what was selected, from any text", () => {
    const part = fc.constantFrom(
      "is",
      " France",
      "😀",
      "🙈",
      "e\u0301",
      "\r\n",
      "日本",
      " ",
      "\n",
      "é",
      "<|end|>",
      "xyz",
    );
    const text = fc.array(part, { minLength: 1, maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (content, a, b) => {
        const start = Math.min(a % (content.length + 1), b % (content.length + 1));
        const end = Math.max(a % (content.length + 1), b % (content.length + 1));
        for (const tokenizer of [words, nfc, spm]) {
          const prompt = tokenizer.tokenize(content, "auto");
          const span = spanOfRange(prompt, start, end);
          const chosen = prompt.tokens.slice(span.from, span.to + 1);
          const first = chosen[0]!.start;
          const last = Math.max(...chosen.map((token) => token.end));
          const selected = content.slice(start, end);
          // Nothing but blanks of the selection may be left out; what is brought in beyond blanks is told.
          expect(content.slice(start, Math.max(start, first)).trim()).toBe("");
          expect(content.slice(Math.min(end, last), end).trim()).toBe("");
          const extra =
            content.slice(first, Math.max(first, start)) + content.slice(Math.min(end, last), last);
          if (selected !== "") expect(span.widened !== null).toBe(/\S/.test(extra));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("every occurrence of a token's word leads back to that token", () => {
    const prompt = words.tokenize("is France of Italy the France", "auto");
    for (const token of prompt.tokens.slice(1)) {
      const places = occurrences(prompt, token.text.trim());
      expect(places.some((place) => place.from <= token.index && token.index <= place.to)).toBe(true);
    }
  });
});
