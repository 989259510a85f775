/** Blocks of Markdown as prompts: without their marks, each character at its place. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { locatePrompt } from "../../../../src/extension/prompt/locate-prompt.ts";
import type { LocatedPrompt } from "../../../../src/extension/prompt/located-text.ts";
import { rawEnd, rawStart } from "../../../../src/extension/prompt/prompt-text.ts";

function locate(text: string, offset: number): LocatedPrompt | null {
  return locatePrompt({ text, languageId: "markdown", fileName: "a.md" }, offset, "auto", []);
}

/** The prompt at the mark `¦`, which is taken out of the text. */
function at(marked: string): { form: string | null; text: string } | null {
  const found = locate(marked.replace("¦", ""), marked.indexOf("¦"));
  return found && { form: found.form, text: found.prompt.text };
}

const LIST = "- The capital of France is\n- The capital of Italy is\n  and more of it\n  1. a part\n";

describe("a prompt in Markdown", () => {
  it.each([
    [
      "an item, not its neighbour",
      LIST.replace("France", "Fra¦nce"),
      "list-item",
      "The capital of France is",
    ],
    ["an item from its mark on", "¦" + LIST, "list-item", "The capital of France is"],
    [
      "a continued item",
      LIST.replace("more", "mo¦re"),
      "list-item",
      "The capital of Italy is\nand more of it",
    ],
    ["an item in an item", LIST.replace("part", "pa¦rt"), "list-item", "a part"],
    ["a task", "- [x] The capital¦ of", "list-item", "The capital of"],
    ["a quote", "> one ¦two\n> three", "quote", "one two\nthree"],
    ["a lazy quote with CRLF", "> one ¦two\r\nthree\r\n\r\nfour", "quote", "one two\r\nthree"],
    ["an item in a quote", "> - one\n> - t¦wo", "list-item", "two"],
    ["a cell", "| a | b |\n|---|---|\n| one | The capi¦tal of |", "cell", "The capital of"],
    ["the cell after the cursor", "|a|b|\n|-|-|\n¦| one | two |", "cell", "one"],
    ["a cell with a pipe", "|a|\n|-|\n| x ¦\\| y |", "cell", "x | y"],
    ["a heading", "## The ¦capital ##\ntext", "heading", "The capital"],
    ["an underlined heading", "The ¦capital\n---\ntext", "heading", "The capital"],
    ["a paragraph below a heading", "# Title\nThe ¦capital \nof", null, "The capital \nof"],
    ["a paragraph above a list", "The ¦capital\n- a", null, "The capital"],
    ["a fenced block in an item", "- x\n  ~~~\n  Q: a\n\n   b¦\n  ~~~", "fence", "Q: a\n\n b"],
    ["a fenced block with CRLF", "```\r\na\r\nb¦\r\n```\r\n", "fence", "a\r\nb"],
    ["a fenced block in a quote", "> ```\n> a\n> b¦\n> ```", "fence", "a\nb"],
  ])("is %s", (_, marked, form, text) => {
    expect(at(marked)).toEqual({ form, text });
  });

  it("is none on a blank line, and none of an item that is only its mark", () => {
    expect(at("- a\n¦\n- b")).toBeNull();
    expect(at("|a|\n|-|\n")).toBeNull();
  });

  it("has each of its characters where the document writes it", () => {
    const line = fc.constantFrom("one two", "a", "# no, text", "é 😀", "x | y");
    const mark = fc.constantFrom("- ", "> ", "1. ", "- [ ] ", "> - ", "* > ");
    fc.assert(
      fc.property(mark, fc.array(line, { minLength: 1, maxLength: 4 }), (opening, lines) => {
        const rest = opening.includes(">") && !opening.startsWith("*") ? "> " : "    ";
        const content = lines.map((one) => one.replace("# ", ""));
        const text = content.map((one, i) => (i === 0 ? opening : rest) + one).join("\n");
        const found = locate(text, text.length)!;
        expect(found.prompt.text).toBe(content.join("\n"));
        for (let i = 0; i < found.prompt.text.length; i++) {
          const from = found.start + rawStart(found.prompt, i);
          expect(text.slice(from, found.start + rawEnd(found.prompt, i + 1))).toBe(found.prompt.text[i]);
        }
      }),
    );
  });
});
