/** Where the tokens of a read prompt stand in a document. */
import type { KnownPrompt } from "./prompt-register.ts";
import { carriedOver } from "./edits.ts";
import { rawEnd, rawStart } from "./prompt-text.ts";
import type { ReadPrompt } from "./reading.ts";

/** UTF-16 offsets in the document, `[start, end)`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the tokens of a read prompt stand in the document now, by position; null for tokens that cover no text of it
 * (BOS, the chat template's), and for those that an edit touched.
 */
export function tokenPlaces(read: ReadPrompt, prompt: KnownPrompt): (position: number) => Stretch | null {
  const { current } = prompt;
  const { shift, text } = read;
  if (!current || shift === null) return () => null;
  const carried = text === current.text ? (offset: number) => offset : carriedOver(text, current.text);
  return (position) => {
    const token = read.tokenization.tokens[position];
    if (!token || token.start === token.end) return null;
    const start = token.start - shift;
    const end = token.end - shift;
    if (end <= 0 || start >= text.length) return null;
    const from = carried(Math.max(0, start));
    const to = carried(Math.min(text.length, end));
    if (from === null || to === null || from >= to) return null;
    return { start: prompt.start + rawStart(current, from), end: prompt.start + rawEnd(current, to) };
  };
}
