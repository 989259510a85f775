/** Placeholders: what is one, and where the characters of its value stand. */
import { describe, expect, it } from "vitest";
import { locatePrompt } from "../../../../src/extension/prompt/locate-prompt.ts";
import { PlaceholderValues } from "../../../../src/extension/prompt/placeholder-values.ts";
import { placeholdersIn, withValues } from "../../../../src/extension/prompt/placeholders.ts";
import { rawEnd, rawStart, textEnd, textStart } from "../../../../src/extension/prompt/prompt-text.ts";

const SPOT = "‸";

/** The placeholders of the prompt at the spot. */
function names(languageId: string, marked: string): string[] {
  const offset = marked.indexOf(SPOT);
  const document = { text: marked.replace(SPOT, ""), languageId, fileName: "a" };
  return placeholdersIn(locatePrompt(document, offset, "auto", [])!).map(({ name }) => name);
}

describe("placeholders", () => {
  it.each([
    ["plaintext", "The capital ‸of {country} is {city.name!r:>10}", ["{country}", "{city.name!r:>10}"]],
    ["plaintext", "{{ country }}{a}{b} ‸#{x} and ${y}", ["{{ country }}", "{a}", "{b}", "#{x}", "${y}"]],
    ["plaintext", '‸{"a": 1} {} {1} { x } {a b}', []],
    ["plaintext", String.raw`‸\frac{a}{b} x_{i} y^{j}`, []],
    ["python", `x = f"a ‸{f(x)['k']} {{b}} {y!r}"`, ["{f(x)['k']}", "{y!r}"]],
    ["python", 'x = "a ‸{country}".format(country=c)', ["{country}"]],
    ["python", 'x = r"\\d {country}‸"', ["{country}"]],
    ["python", "x = {country}‸", []],
    ["javascript", "x = `a ‸${f({ a: 1 })} \\${no} {name}`", ["${f({ a: 1 })}", "{name}"]],
    ["csharp", 'x = $"a ‸{b} {{c}}";', ["{b}"]],
    ["json", '{"prompt": "a ‸{country}\\n"}', ["{country}"]],
    ["markdown", "- one ‸{country}\n- {no}", ["{country}"]],
  ])("in %s of %j", (language, marked, expected) => {
    expect(names(language, marked)).toEqual(expected);
  });

  it("have all characters of their value where they are written, and a selection of them is the value", () => {
    const text = 'x = f"a\\n{country} {{is}} {when}"';
    const located = locatePrompt({ text, languageId: "python", fileName: "a.py" }, 8, "auto", [])!;
    const raw = text.slice(located.start, located.end);
    const prompt = withValues(located.prompt, raw, placeholdersIn(located), { "{country}": "Italy" });
    expect(prompt.text).toBe("a\nItaly {is} {when}");
    const written = (word: string): string => {
      const at = prompt.text.indexOf(word);
      return raw.slice(rawStart(prompt, at), rawEnd(prompt, at + word.length));
    };
    expect(["Italy", "tal", "y {", "\nI", "{when}", " {w"].map(written)).toEqual([
      "{country}",
      "{country}",
      "{country} {{",
      "\\n{country}",
      "{when}",
      " {w",
    ]);
    const selected = (part: string): string => {
      const at = raw.indexOf(part);
      return prompt.text.slice(textStart(prompt, at), textEnd(prompt, at + part.length));
    };
    expect(["{country}", "coun", "{country} {{is", "when", "\\n"].map(selected)).toEqual([
      "Italy",
      "Italy",
      "Italy {is",
      "when",
      "\n",
    ]);
  });

  it("are remembered by prompt, proposed to others of the file, and go with it", async () => {
    const kept = new Map<string, unknown>();
    const storage = {
      get: (key: string) => kept.get(key) as never,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    const values = new PlaceholderValues(storage);
    await values.keep("file:///d/a.py", "of {c}", { "{c}": "Italy" });
    await values.keep("file:///d/a.py", "in {c}", { "{c}": null });
    await values.keep("file:///d/a.py", "of {c}", { "{c}": "Spain" });
    await values.move("file:///d", "file:///e");
    const later = new PlaceholderValues(storage);
    expect(later.of("file:///e/a.py", "of {c}")).toEqual({ "{c}": "Spain" });
    expect(later.of("file:///e/a.py", "in {c}")).toEqual({ "{c}": null });
    expect(later.of("file:///d/a.py", "of {c}")).toEqual({});
    expect(later.latest("file:///e/a.py", "{c}")).toBe("Spain");
    expect(later.latest("file:///e/b.py", "{c}")).toBeNull();
    kept.set("prompts.values", [{ uri: 1 }]);
    expect(new PlaceholderValues(storage).of("file:///e/a.py", "of {c}")).toEqual({});
  });
});
