/** Tables of prompts: fields with their places, lines, and where prompts of one pattern differ. */
import { describe, expect, it } from "vitest";
import {
  differingStretches,
  isPromptTable,
  promptLines,
  promptTable,
} from "../../../../src/shared/prompt/prompt-table.ts";

describe("a table of prompts", () => {
  it("gives each prompt's fields by the header's names, with the place of its text", () => {
    const text =
      "Prompt,note,Target,source answer\nThe capital of France is,x,France,Rome\n\n  ,y,,\nSpain is,,,\n";
    expect(isPromptTable(text)).toBe(true);
    const rows = promptTable(text);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      target: "France",
      source_answer: "Rome",
      source: null,
      source_token: null,
    });
    const { start, end } = rows[0]!.prompt;
    expect(text.slice(start, end)).toBe("The capital of France is");
    expect(rows[1]!.target).toBeNull();
  });

  it.each([";", "\t"])("takes %j as its delimiter, quotes, and line breaks within them", (delimiter) => {
    const text = `target${delimiter}prompt\r\n"a ""b"""${delimiter}"x, y\r\nz"\r\nc${delimiter}last`;
    const rows = promptTable(text);
    expect(rows.map(({ target, prompt }) => [target, prompt.text])).toEqual([
      ['a "b"', "x, y\r\nz"],
      ["c", "last"],
    ]);
    expect(text.slice(rows[0]!.prompt.start, rows[0]!.prompt.end)).toBe("x, y\r\nz");
  });

  it("is read as it was meant where a cell was written so that no spreadsheet runs it", () => {
    const text = `prompt,target\n'=2+2 is,2\n`;
    const [row] = promptTable(text);
    expect(row!.prompt.text).toBe("=2+2 is");
    expect(text.slice(row!.prompt.start, row!.prompt.end)).toBe("=2+2 is");
  });

  it("without a column prompt, or with one twice, is refused with what columns there are", () => {
    expect(isPromptTable("The capital, of France\n")).toBe(false);
    expect(() => promptTable("text,target\na,b")).toThrow(/no column “prompt”/);
    expect(() => promptTable("prompt,prompt\na,b")).toThrow(/two columns “prompt”/);
  });
});

describe("lines", () => {
  it("are prompts without the blanks at their ends; blank ones are none", () => {
    const text = "one \r\n\r\n  two\nthree";
    expect(promptLines(text, 0, text.length).map(({ text: line }) => line)).toEqual([
      "one",
      "  two",
      "three",
    ]);
    for (const { text: line, start, end } of promptLines(text, 0, text.length)) {
      expect(text.slice(start, end)).toBe(line);
    }
  });

  const said = (texts: readonly string[]): (string | undefined)[] =>
    texts.map((text, i) => {
      const at = differingStretches(texts)?.[i];
      return at && text.slice(at.start, at.end);
    });

  it("of one pattern differ in whole words", () => {
    expect(
      said(["The capital of France is", "The capital of Finland is", "The capital of South Korea is"]),
    ).toEqual(["France", "Finland", "South Korea"]);
    expect(said(["意大利 is", "意大 is"])).toEqual(["意大利", "意大"]);
  });

  it("that are the same, or that lack the word, have no such place", () => {
    expect(differingStretches(["a b", "a b"])).toBeNull();
    expect(differingStretches(["a b c", "a c"])).toBeNull();
  });
});
