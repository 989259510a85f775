/** What the content of a string literal stands for, with the place of every character. */
import type { PromptText } from "./prompt-text.ts";
import { PromptTextBuilder, verbatim } from "./prompt-text.ts";
import type { EscapeStyle, StringForm } from "./string-syntax.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "'": "'",
  "`": "`",
};

/**
 * Resolves escapes. An unknown escape stays as it is written or loses its backslash, by style; a backslash before a line
 * break joins the lines. What stands in an interpolation stays as it is written.
 *
 * @param raw the content between the literal's marks
 * @param close the closing mark, for doubled quotes
 */
export function unescaped(
  raw: string,
  { escapes, hole }: Pick<StringForm, "escapes" | "hole">,
  close: string,
): PromptText {
  if (escapes === "none") return verbatim(raw);
  const doubled = [...(escapes === "doubled" ? [close] : []), ...(hole === "{" ? ["{", "}"] : [])];
  const hasBackslash = escapes.startsWith("backslash");
  const builder = new PromptTextBuilder();
  for (let at = 0; at < raw.length;) {
    const twice = doubled.find((mark) => raw.startsWith(mark + mark, at));
    if (twice !== undefined) {
      builder.addFor(twice, at, at + 2);
      at += 2;
    } else if (hole !== undefined && raw.startsWith(hole, at)) {
      const end = holeEnd(raw, at + hole.length) + 1;
      builder.addSame(raw.slice(at, end), at);
      at = end;
    } else if (hasBackslash && raw[at] === "\\" && at + 1 < raw.length) {
      const { text, length } = escapeAt(raw, at, escapes);
      builder.addFor(text, at, at + length);
      at += length;
    } else {
      builder.addSame(raw[at]!, at);
      at++;
    }
  }
  return builder.build(raw);
}

/** Offset of the brace that closes an interpolation; braces inside strings of the interpolation are not told apart. */
export function holeEnd(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
}

/** The escape that begins with the backslash at `at`. */
function escapeAt(raw: string, at: number, style: EscapeStyle): { text: string; length: number } {
  const next = raw[at + 1]!;
  if (next === "\r" || next === "\n")
    return { text: "", length: next === "\r" && raw[at + 2] === "\n" ? 3 : 2 };
  const code = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|U([\da-fA-F]{8}))/.exec(
    raw.slice(at, at + 12),
  );
  if (code) {
    const value = parseInt(code[1] ?? code[2] ?? code[3] ?? code[4]!, 16);
    if (value <= 0x10ffff) return { text: String.fromCodePoint(value), length: code[0].length };
  }
  const known = SIMPLE[next];
  if (known !== undefined) return { text: known, length: 2 };
  return { text: style === "backslash-kept" ? `\\${next}` : next, length: 2 };
}
