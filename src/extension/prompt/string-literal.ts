/** The string literal of a program around an offset, with its escapes resolved. */
import type { LocatedText } from "./located-text.ts";
import type { StringForm, StringSyntax } from "./string-syntax.ts";
import { holeEnd, unescaped } from "./unescape.ts";

/** Ends of a literal's content. */
interface Content {
  readonly start: number;
  readonly end: number;
  readonly form: StringForm;
  readonly close: string;
}

/**
 * The literal whose content holds an offset (its ends included), as the program would read it; null outside literals and
 * in an empty one. Literals that are joined by the program (`"a" + "b"`, `"a" "b"`) count as several; what stands in
 * an interpolation stays as it is written.
 */
export function stringLiteralAt(text: string, offset: number, syntax: StringSyntax): LocatedText | null {
  let at = 0;
  while (at < text.length && at <= offset) {
    const comment = commentEnd(text, at, syntax);
    if (comment !== null) {
      at = comment;
      continue;
    }
    const content = literalAt(text, at, syntax);
    if (content === null) {
      at++;
      continue;
    }
    const { start, end } = content;
    if (start <= offset && offset <= end) {
      if (start === end) return null;
      const { form, close } = content;
      const holes = form.hole === undefined ? "any" : form.hole === "{" ? "brace" : "dollar";
      return { start, end, holes, prompt: unescaped(text.slice(start, end), form, close) };
    }
    at = end + content.close.length;
  }
  return null;
}

/** Offset after the comment that begins at `at`, or null. */
function commentEnd(text: string, at: number, syntax: StringSyntax): number | null {
  for (const [open, close] of syntax.blockComments) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    return end < 0 ? text.length : end + close.length;
  }
  for (const mark of syntax.lineComments) {
    if (!text.startsWith(mark, at)) continue;
    const end = /[\r\n]/g;
    end.lastIndex = at;
    return end.exec(text)?.index ?? text.length;
  }
  return null;
}

/** The literal that begins at `at`; null where none does, or where it does not end. */
function literalAt(text: string, at: number, syntax: StringSyntax): Content | null {
  for (const form of syntax.strings) {
    form.open.lastIndex = at;
    const match = form.open.exec(text);
    if (!match) continue;
    const isWordBefore = /\w/.test(text[at - 1] ?? "") && /^\w/.test(match[0]);
    if (isWordBefore) continue;
    const start = at + match[0].length;
    const close = typeof form.close === "string" ? form.close : form.close(match);
    const end = contentEnd(text, start, close, form);
    if (end !== null) return { start, end, form, close };
  }
  return null;
}

function contentEnd(text: string, start: number, close: string, form: StringForm): number | null {
  const skipsAfterBackslash = form.escapes.startsWith("backslash") || form.escapes === "raw";
  for (let at = start; at < text.length; at++) {
    if (text.startsWith(close, at)) {
      if (form.escapes !== "doubled" || text[at + 1] !== close) return at;
      at++;
      continue;
    }
    if (text[at] === "\\" && skipsAfterBackslash) {
      // A backslash before CRLF continues the line: both units belong to it.
      at += text[at + 1] === "\r" && text[at + 2] === "\n" ? 2 : 1;
      continue;
    }
    if (form.hole === "{" && text.startsWith("{{", at)) {
      at++;
      continue;
    }
    if (form.hole !== undefined && text.startsWith(form.hole, at)) {
      at = holeEnd(text, at + form.hole.length);
      continue;
    }
    if (!form.multiline && (text[at] === "\n" || text[at] === "\r")) return null;
  }
  return null;
}
