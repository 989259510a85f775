/** What the content of a string literal stands for, with the place of every character. */
import type { PromptText } from "./prompt-text.ts";
import { PromptTextBuilder, verbatim } from "./prompt-text.ts";
import type { EscapeStyle } from "./string-syntax.ts";

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
 * break joins the lines.
 *
 * @param raw the content between the literal's marks
 * @param close the closing mark, for doubled quotes
 */
export function unescaped(raw: string, style: EscapeStyle, close: string): PromptText {
  if (style === "none" || style === "raw") return verbatim(raw);
  if (style === "doubled") return undoubled(raw, close);
  if (!raw.includes("\\")) return verbatim(raw);
  const builder = new PromptTextBuilder();
  for (let at = 0; at < raw.length;) {
    if (raw[at] !== "\\" || at + 1 === raw.length) {
      builder.add(raw[at]!, at, "same");
      at++;
      continue;
    }
    const { text, length } = escapeAt(raw, at, style);
    builder.add(text, at, "escape");
    at += length;
  }
  return builder.build(raw.length);
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

function undoubled(raw: string, quote: string): PromptText {
  if (!raw.includes(quote)) return verbatim(raw);
  const builder = new PromptTextBuilder();
  for (let at = 0; at < raw.length;) {
    const isDoubled = raw.startsWith(quote + quote, at);
    builder.add(raw[at]!, at, isDoubled ? "escape" : "same");
    at += isDoubled ? 2 : 1;
  }
  return builder.build(raw.length);
}
