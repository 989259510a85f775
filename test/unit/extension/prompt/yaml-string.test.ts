/** Strings of YAML: where they stand, and that they say what a reader of YAML gets. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { locatePrompt } from "../../../../src/extension/prompt/locate-prompt.ts";
import { rawStart } from "../../../../src/extension/prompt/prompt-text.ts";
import { yamlStringAt } from "../../../../src/extension/prompt/yaml-string.ts";

/** The string at `‸`, which is taken out of the text first. */
function stringAt(marked: string): string | null {
  return yamlStringAt(marked.replace("‸", ""), marked.indexOf("‸"))?.prompt.text ?? null;
}

describe("a string of YAML", () => {
  it.each([
    ["p: The capital of ‸France is", "The capital of France is"],
    ["p: The capital\n   of ‸France\n\n   is\n", "The capital of France\nis"],
    ["- a\n- 'it''s ‸b'\n", "it's b"],
    ["p: 'a  \n\n  ‸b'", "a\nb"],
    [String.raw`p: "a\n‸b\x41\u00e9\/\_"`, "a\nbAé/\u00a0"],
    ['p: "a \\\n   b‸"', "a b"],
    ["p: |\n  a\n   b‸\n\n  c\nq: 1", "a\n b\n\nc\n"],
    ["p: |-\r\n  a\r\n  b‸\r\n", "a\nb"],
    ["p: |2+\n   a‸\n\n", " a\n\n"],
    ["p: >\n  a\n  b‸\n\n  c\n    d\n  e\n", "a b\nc\n  d\ne\n"],
    ["- role: user # who\n  content: >-\n    What is ‸it\n    ?\n", "What is it ?"],
    ["p: [a, ‸b c, d]", "b c"],
    ['p: {a: "‸b"}', "b"],
    ["a: 1\n---\np: x‸\n", "x"],
    ["p: !!str &x ‸a # b", "a"],
  ])("in %j is what a reader gets", (marked, expected) => {
    expect(stringAt(marked)).toBe(expected);
  });

  it.each([
    "pro‸mpt: a",
    "p: 1‸2",
    "p: tr‸ue",
    "p: ''‸",
    "# don't‸\np: a",
    "p: 'a‸",
    "p: {a‸: b}",
    "p: |\n‸",
  ])("is none at %j", (marked) => {
    expect(stringAt(marked)).toBeNull();
  });

  it("says what the library reads, in every style, and where each character of a word stands", () => {
    const word = fc.stringMatching(/^[a-zé#:'"\\-]{1,5}$/);
    const lines = fc.array(fc.tuple(fc.constantFrom("", "", " ", "  "), fc.array(word, { maxLength: 3 })), {
      minLength: 1,
      maxLength: 6,
    });
    const styles = ["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
    fc.assert(
      fc.property(lines, fc.constantFrom(...styles), fc.boolean(), (drawn, style, isCrlf) => {
        const value = `x${drawn.map(([blank, words]) => blank + words.join(" ")).join("\n")}`;
        const written = stringify({ list: [{ p: value }] }, { defaultStringType: style, lineWidth: 20 });
        const text = isCrlf ? written.replaceAll("\n", "\r\n") : written;
        const expected = (parse(text) as { list: [{ p: string }] }).list[0].p;
        const found = yamlStringAt(text, text.indexOf("x"));
        expect(found?.prompt.text).toBe(expected);
        for (let i = 0; i < expected.length; i++) {
          if (!/[a-zé]/.test(expected[i]!)) continue;
          expect(text[found!.start + rawStart(found!.prompt, i)]).toBe(expected[i]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is the prompt of a YAML document at its place", () => {
    const text = "prompts:\n  - The capital of France is\n";
    const at = text.indexOf("France");
    const document = { text, languageId: "yaml", fileName: "prompts.yaml" };
    const found = locatePrompt(document, at, "auto", []);
    expect(found).toMatchObject({
      kind: "string",
      form: "string",
      prompt: { text: "The capital of France is" },
    });
    expect(locatePrompt(document, 2, "auto", [])).toMatchObject({ kind: "paragraph", form: "code" });
  });
});
