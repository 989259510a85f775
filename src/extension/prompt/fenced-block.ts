/** The fenced code block of a Markdown document around an offset. */
import { lineFrom } from "./lines.ts";
import type { LocatedText } from "./located-text.ts";
import { PromptTextBuilder, verbatim } from "./prompt-text.ts";

const MARKDOWN_LIKE = new Set(["markdown", "mdx", "quarto", "rmd", "prompt", "instructions", "chatagent"]);

/** Whether documents of a language hold fenced blocks. */
export function hasFencedBlocks(languageId: string): boolean {
  return MARKDOWN_LIKE.has(languageId);
}

interface Fence {
  readonly indent: number;
  readonly marks: string;
  readonly contentStart: number;
}

/**
 * The content of the block that holds an offset, without the fences' lines and without the last line break; a fence's own
 * indentation is taken off every line, as CommonMark does. Null outside blocks, on a fence, and in an empty block.
 */
export function fencedBlockAt(text: string, offset: number): LocatedText | null {
  let open: Fence | null = null;
  let at = 0;
  let lastContentEnd = 0;
  for (;;) {
    const line = lineFrom(text, at);
    const content = text.slice(line.start, line.end);
    if (open === null) {
      if (line.start > offset) return null;
      open = openingFence(content, line.next);
    } else if (closes(content, open)) {
      if (offset < open.contentStart) return null;
      if (offset <= lastContentEnd && lastContentEnd > open.contentStart)
        return blockText(text, open, lastContentEnd);
      open = null;
    } else lastContentEnd = line.end;
    if (line.next === line.end) break;
    at = line.next;
  }
  // An unclosed block reaches to the end of the document.
  if (open === null || offset < open.contentStart || lastContentEnd <= open.contentStart) return null;
  return blockText(text, open, lastContentEnd);
}

function openingFence(line: string, contentStart: number): Fence | null {
  const match = /^([ \t]*(?:[-*+>][ \t]+)?)(`{3,}|~{3,})([^`]*)$/.exec(line);
  if (!match) return null;
  return { indent: match[1]!.length, marks: match[2]!, contentStart };
}

function closes(line: string, open: Fence): boolean {
  const trimmed = line.trim();
  return trimmed.length >= open.marks.length && trimmed === open.marks[0]!.repeat(trimmed.length);
}

function blockText(text: string, { indent, contentStart }: Fence, end: number): LocatedText {
  const raw = text.slice(contentStart, end);
  if (indent === 0) return { start: contentStart, end, prompt: verbatim(raw) };
  const builder = new PromptTextBuilder();
  for (let at = 0; ;) {
    const line = lineFrom(raw, at);
    const blanks = /^[ \t]*/.exec(raw.slice(line.start, line.end))![0].length;
    const from = line.start + Math.min(indent, blanks);
    builder.add(raw.slice(from, line.next), from, "same");
    if (line.next === line.end) break;
    at = line.next;
  }
  return { start: contentStart, end, prompt: builder.build(raw.length) };
}
