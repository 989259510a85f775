/** What a block of YAML (`|` keeps its lines, `>` folds them) stands for, with the place of every character. */
import type { PromptText } from "./prompt-text.ts";
import { PromptTextBuilder } from "./prompt-text.ts";

/** A line of a text, UTF-16 offsets `[start, end)`, and where the next one begins. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The lines of a text, without their breaks; the last one may be empty. */
export function linesOf(raw: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const match of raw.matchAll(/\r?\n/g)) {
    const next = match.index + match[0].length;
    lines.push({ start, end: match.index, next });
    start = next;
  }
  return [...lines, { start, end: raw.length, next: raw.length }];
}

/** A line of a block: its content begins behind the block's indentation. */
interface BlockLine extends Line {
  readonly content: number;
  /** Blanks or a tab in front of its content, beyond the block's indentation: such lines are not folded. */
  readonly isIndented: boolean;
  readonly isBlank: boolean;
}

/**
 * @param raw all lines of the block, from the line behind its header on
 * @param header such as `|`, `>-` or `|2+`
 * @param parentIndent blanks in front of what holds the block
 * @returns length: how much of `raw` the string takes, line breaks that are cut off left out
 */
export function blockText(
  raw: string,
  header: string,
  parentIndent: number,
): { prompt: PromptText; length: number } {
  const lines = blockLines(raw, header, parentIndent);
  const last = lines.findLastIndex(({ isBlank, isIndented }) => !isBlank || isIndented);
  const builder = new PromptTextBuilder();
  const text = lines.slice(0, last + 1);
  if (header.startsWith(">")) addFolded(builder, raw, text);
  else addLiteral(builder, raw, text);
  const length = addEnd(builder, raw, lines, last, header);
  return { prompt: builder.build(raw.slice(0, length)), length };
}

function blockLines(raw: string, header: string, parentIndent: number): BlockLine[] {
  const lines = linesOf(raw);
  const blanks = (line: Line): number => /^ */.exec(raw.slice(line.start, line.end))![0].length;
  const given = Number(/[1-9]/.exec(header)?.[0] ?? 0);
  const first = lines.find((line) => line.start + blanks(line) < line.end);
  const indent = given > 0 ? Math.max(0, parentIndent) + given : first ? blanks(first) : Infinity;
  return lines.map((line) => {
    const content = line.start + Math.min(blanks(line), indent);
    const isBlank = line.start + blanks(line) === line.end;
    return { ...line, content, isBlank, isIndented: content < line.end && /[ \t]/.test(raw[content]!) };
  });
}

function addLiteral(builder: PromptTextBuilder, raw: string, lines: readonly BlockLine[]): void {
  lines.forEach(({ content, end }, i) => {
    if (i > 0) builder.addFor("\n", lines[i - 1]!.end, content);
    builder.addSame(raw.slice(content, end), content);
  });
}

/** A line break between two lines of text is a blank; n of them are n - 1 line breaks; at indented lines all stay. */
function addFolded(builder: PromptTextBuilder, raw: string, lines: readonly BlockLine[]): void {
  let before: BlockLine | null = null;
  let breaks = 0;
  for (const line of lines) {
    const { content, end, isIndented } = line;
    if (content < end) {
      const keeps = before === null || before.isIndented || isIndented;
      const said = keeps ? "\n".repeat(breaks) : breaks > 1 ? "\n".repeat(breaks - 1) : " ";
      builder.addFor(said, before?.end ?? 0, content);
      builder.addSame(raw.slice(content, end), content);
      [before, breaks] = [line, 0];
    }
    breaks++;
  }
}

/** Adds the line breaks at the end: none (`-`), all (`+`), or one. */
function addEnd(
  builder: PromptTextBuilder,
  raw: string,
  lines: readonly BlockLine[],
  last: number,
  header: string,
): number {
  if (header.includes("+")) {
    const behind = lines.slice(Math.max(0, last), -1);
    for (const { end, next } of behind) builder.addFor("\n", end, next);
    if (last >= 0 && behind.length === 0) builder.addFor("\n", raw.length, raw.length);
    return raw.length;
  }
  const line = lines[last];
  if (!line) return 0;
  if (header.includes("-")) return line.end;
  builder.addFor("\n", line.end, line.next);
  return line.next;
}
