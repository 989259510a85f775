/** String literals of programs: where they end, and what they say. */
import { describe, expect, it } from "vitest";
import { rawStart, textEnd, textStart } from "../../../../src/extension/prompt/prompt-text.ts";
import { stringLiteralAt } from "../../../../src/extension/prompt/string-literal.ts";
import { stringSyntaxOf } from "../../../../src/extension/prompt/string-syntax.ts";

/** The literal at `‸`, which is taken out of the text first. */
function literal(language: string, marked: string): string | null {
  const at = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  return stringLiteralAt(text, at, stringSyntaxOf(language)!)?.prompt.text ?? null;
}

describe("a string literal", () => {
  it.each([
    ["python", String.raw`x = "a\n‸b"  # c`, "a\nb"],
    ["python", String.raw`x = r"a\n‸b"`, String.raw`a\n` + "b"],
    ["python", String.raw`x = "\d‸\x41"`, String.raw`\d` + "A"],
    ["python", "# don't\nx = 'it‸'", "it"],
    ["python", 'x = """one "two"\n‸three"""', 'one "two"\nthree'],
    ["python", String.raw`x = f"{a['k']} {{‸b}}\n"`, "{a['k']} {b}\n"],
    ["python", `x = f"""a {x["a"]} ‸b"""`, 'a {x["a"]} b'],
    ["csharp", 'var x = $"a {{‸b}}";', "a {b}"],
    ["javascript", String.raw`f('\d‸\u{1F600}')`, "d😀"],
    ["typescript", "const a = `x ${f('`')} ‸y`", "x ${f('`')} y"],
    ["javascript", '// it\'s\nf("‸a")', "a"],
    ["json", String.raw`{"a": "b\/‸c"}`, "b/c"],
    ["go", "x := `a\\n‸b`", "a\\nb"],
    ["rust", 'let x: &\'a str = r#"a "q" ‸b"#;', 'a "q" b'],
    ["csharp", 'var x = @"a ""q"" ‸b";', 'a "q" b'],
    ["cpp", 'auto x = R"(a " ‸b)";', 'a " b'],
    ["toml", "x = 'a\\n‸b'", "a\\nb"],
    ["lua", "x = [[a\n‸b]]", "a\nb"],
  ])("in %s %j is what the program reads", (language, marked, expected) => {
    expect(literal(language, marked)).toBe(expected);
  });

  it.each([
    ["python", "x ‸= 'a'"],
    ["python", "x = '‸'"],
    ["python", "x = 'a‸\ny = 1"],
    ["javascript", "/* 'a‸' */"],
  ])("in %s %j is none", (language, marked) => {
    expect(literal(language, marked)).toBeNull();
  });

  it("keeps CRLF of a triple-quoted text and joins lines at a backslash", () => {
    expect(literal("python", '"""a\r\n‸b\\\r\nc"""')).toBe("a\r\nbc");
  });

  it("maps every character of its text to where that is written", () => {
    const text = String.raw`x = "a\n\u0042é"`;
    const found = stringLiteralAt(text, 6, stringSyntaxOf("python")!)!;
    const { prompt, start } = found;
    expect(prompt.text).toBe("a\nBé");
    expect([0, 1, 2, 3, 4].map((i) => text.slice(start + rawStart(prompt, i), found.end)[0])).toEqual([
      "a",
      "\\",
      "\\",
      "é",
      undefined,
    ]);
    for (let i = 0; i <= prompt.text.length; i++) {
      expect(textStart(prompt, rawStart(prompt, i))).toBe(i);
      expect(textEnd(prompt, rawStart(prompt, i))).toBe(i);
    }
    // The cursor inside \u0042 is at the B.
    expect(textStart(prompt, text.indexOf("042") - start)).toBe(2);
    expect(textEnd(prompt, text.indexOf("042") - start)).toBe(3);
  });
});
