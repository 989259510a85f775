/** Which text is the prompt, and how prompts are followed through edits and undo. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import type { PromptDocument } from "../../../../src/extension/prompt/locate-prompt.ts";
import type { PromptScope } from "../../../../src/extension/settings.ts";
import { locatePrompt } from "../../../../src/extension/prompt/locate-prompt.ts";
import { rawEnd, rawStart, textEnd, textStart } from "../../../../src/extension/prompt/prompt-text.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";

function document(text: string, languageId = "plaintext", fileName = "a.txt"): PromptDocument {
  return { text, languageId, fileName };
}

/** The prompt at the mark `¦`, which is taken out of the text. */
function at(
  marked: string,
  languageId = "plaintext",
  fileName = "a.txt",
  scope: PromptScope = "auto",
): { kind: string; text: string } | null {
  const offset = marked.indexOf("¦");
  const found = locatePrompt(document(marked.replace("¦", ""), languageId, fileName), offset, scope, []);
  return found && { kind: found.kind, text: found.prompt.text };
}

describe("the prompt in plain text", () => {
  it("is the paragraph: lines up to a blank one, blanks at line ends and CRLF as they stand", () => {
    expect(at("one\n\ntwo \n th¦ree\n\nfour")).toEqual({ kind: "paragraph", text: "two \n three" });
    expect(at("two \r\n th¦ree\r\n \t\r\nfour")).toEqual({ kind: "paragraph", text: "two \r\n three" });
    expect(at("¦one\ntwo")).toEqual({ kind: "paragraph", text: "one\ntwo" });
    expect(at("one\ntwo¦")).toEqual({ kind: "paragraph", text: "one\ntwo" });
  });

  it("is none on a blank line or in an empty file", () => {
    expect(at("one\n\n¦\n\ntwo")).toBeNull();
    expect(at("¦")).toBeNull();
  });

  it("does not take an apostrophe for a string", () => {
    expect(at("It's Fra¦nce's turn")).toMatchObject({ kind: "paragraph" });
  });

  it("is the whole file, without the line break that editors add, where file or scope says so", () => {
    const text = "one\n\nt¦wo\n";
    expect(at(text, "plaintext", "x.prompt.txt")).toEqual({ kind: "file", text: "one\n\ntwo" });
    expect(at(text, "prompt", "x")).toEqual({ kind: "file", text: "one\n\ntwo" });
    expect(at(text, "plaintext", "x.txt", "file")).toEqual({ kind: "file", text: "one\n\ntwo" });
    expect(at(text, "plaintext", "x.txt", "selection")).toBeNull();
  });

  it("is what the user declared, before anything else", () => {
    const text = "one two three";
    const found = locatePrompt(document(text), 5, "auto", [{ start: 4, end: 7 }]);
    expect(found).toMatchObject({ kind: "selection", prompt: { text: "two" } });
  });
});

describe("the prompt in Markdown and code", () => {
  it("is the fenced block around the cursor", () => {
    expect(at("text\n```text\nQ: a\nA¦:\n```\nmore", "markdown")).toEqual({
      kind: "markdown",
      text: "Q: a\nA:",
    });
    expect(at("te¦xt\n```\nQ\n```", "markdown")).toEqual({ kind: "markdown", text: "text" });
  });

  it.each([
    ["python", 'x = "a\\n b¦\\tc"', "a\n b\tc"],
    ["python", 'x = r"a\\n¦b"', "a\\nb"],
    ["python", 'x = """two\n li¦nes"""', "two\n lines"],
    ["python", "x = 'it\\'s ¦\\u00e9'", "it's é"],
    ["javascript", 'f("a\\x41¦\\u{1F600}")', "aA😀"],
    ["typescript", "const x = `a\n¦b`", "a\nb"],
    ["json", '{"k": "a\\\\b¦\\/c"}', "a\\b/c"],
  ])("is the string literal in %s: %s", (language, marked, text) => {
    expect(at(marked, language)).toEqual({ kind: "string", text });
  });

  it("is not a string where the cursor is in code", () => {
    expect(at('x¦yz = "abc"', "python")).toMatchObject({ kind: "paragraph" });
  });

  it("maps every character of a literal to the document and back", () => {
    const pieces = fc.constantFrom("a", "\\n", "\\t", "\\\\", "\\u00e9", "é", " ", "\\x41");
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 20 }), (parts) => {
        const literal = parts.join("");
        const found = locatePrompt(document(`x = "${literal}"`, "python"), 5, "auto", []);
        expect(found!.kind).toBe("string");
        const { prompt } = found!;
        expect(prompt.text).toHaveLength(parts.length);
        let raw = 0;
        parts.forEach((part, i) => {
          expect(rawStart(prompt, i)).toBe(raw);
          expect(textStart(prompt, raw)).toBe(i);
          raw += part.length;
          expect(rawEnd(prompt, i + 1)).toBe(raw);
          expect(textEnd(prompt, raw)).toBe(i + 1);
        });
        expect(rawStart(prompt, parts.length)).toBe(literal.length);
      }),
    );
  });
});

describe("a known prompt", () => {
  const uri = "file:///a.txt";
  const home = "head\n\nThe capital of France is\n\ntail";

  /** A register that keeps the middle paragraph, and a way to edit its document. */
  function kept(): {
    register: PromptRegister;
    id: number;
    edit: (offset: number, removed: number, inserted: string) => void;
    text: () => string;
  } {
    const register = new PromptRegister();
    let text = home;
    const now = (): { uri: string } & PromptDocument => ({ uri, ...document(text) });
    const located = locatePrompt(now(), home.indexOf("France"), "auto", [])!;
    const { id } = register.keep(now(), located);
    return {
      register,
      id,
      edit: (offset, removed, inserted) => {
        text = text.slice(0, offset) + inserted + text.slice(offset + removed);
        register.applyEdits(uri, [{ offset, removed, inserted: inserted.length }]);
        register.update(now());
      },
      text: () => text,
    };
  }

  it("moves with edits before it and does not change by them", () => {
    const { register, id, edit } = kept();
    edit(0, 0, "new first line\n");
    expect(register.get(id)).toMatchObject({ current: { text: "The capital of France is" }, line: 3 });
  });

  it("is known to have changed, and is itself again after undo", () => {
    const { register, id, edit } = kept();
    const at = home.indexOf("France");
    edit(at, 6, "Spain");
    expect(register.get(id)!.current!.text).toBe("The capital of Spain is");
    edit(at, 5, "France");
    expect(register.get(id)!.current!.text).toBe("The capital of France is");
  });

  it("grows with what is typed at its end", () => {
    const { register, id, edit } = kept();
    edit(home.indexOf(" is") + 3, 0, " not");
    expect(register.get(id)!.current!.text).toBe("The capital of France is not");
  });

  it("that is deleted is gone, and comes back with undo", () => {
    const { register, id, edit } = kept();
    const start = home.indexOf("The");
    const length = "The capital of France is\n\n".length;
    edit(start, length, "");
    expect(register.get(id)!.current).toBeNull();
    edit(start, 0, "The capital of France is\n\n");
    expect(register.get(id)!.current?.text).toBe("The capital of France is");
  });

  it("survives any edit with its undo", () => {
    fc.assert(
      fc.property(
        fc.nat(home.length),
        fc.nat(12),
        fc.string({ maxLength: 5 }),
        (offset, removed, inserted) => {
          const { register, id, edit, text } = kept();
          const cut = text().slice(offset, offset + removed);
          edit(offset, cut.length, inserted);
          edit(offset, inserted.length, cut);
          expect(text()).toBe(home);
          expect(register.get(id)!.current?.text).toBe("The capital of France is");
        },
      ),
    );
  });
});
