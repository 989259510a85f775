/** Lines of a text by offset. */

/** A line without its line break. */
export interface Line {
  readonly start: number;
  /** Offset after the last character, before the line break. */
  readonly end: number;
  /** Offset of the next line; the text's length for the last one. */
  readonly next: number;
}

/** The line that holds an offset; LF, CRLF and CR all end lines. */
export function lineAt(text: string, offset: number): Line {
  let start = offset;
  while (start > 0 && !isBreakBefore(text, start)) start--;
  return lineFrom(text, start);
}

/** The line that begins at `start`. */
export function lineFrom(text: string, start: number): Line {
  let end = start;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  const isPair = text[end] === "\r" && text[end + 1] === "\n";
  return { start, end, next: Math.min(text.length, end + (isPair ? 2 : 1)) };
}

/** True when a line begins at `offset`. */
function isBreakBefore(text: string, offset: number): boolean {
  if (text[offset - 1] === "\n") return true;
  return text[offset - 1] === "\r" && text[offset] !== "\n";
}

/** 0-based number of the line that holds an offset. */
export function lineNumberAt(text: string, offset: number): number {
  return (text.slice(0, offset).match(/\r\n|\n|\r(?!$)/g) ?? []).length;
}
