/** The paragraph around an offset: its lines up to a blank one on either side. */
import { lineAt, lineFrom } from "./lines.ts";
import type { LocatedText } from "./located-text.ts";
import { verbatim } from "./prompt-text.ts";

/** The paragraph that holds an offset, from its first line's start to its last line's end; null on a blank line. */
export function paragraphAt(text: string, offset: number): LocatedText | null {
  const at = lineAt(text, offset);
  if (isBlank(text, at)) return null;
  let first = at;
  while (first.start > 0) {
    const before = lineAt(text, first.start - breakLength(text, first.start));
    if (isBlank(text, before)) break;
    first = before;
  }
  let last = at;
  while (last.next > last.end) {
    const after = lineFrom(text, last.next);
    if (isBlank(text, after)) break;
    last = after;
  }
  const content = text.slice(first.start, last.end);
  return { start: first.start, end: last.end, holes: "any", prompt: verbatim(content) };
}

function isBlank(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return text.slice(start, end).trim() === "";
}

/** UTF-16 units of the line break that ends before `start`. */
function breakLength(text: string, start: number): number {
  return text[start - 1] === "\n" && text[start - 2] === "\r" ? 2 : 1;
}
