/**
 * The innermost block of a Markdown document around an offset: fenced code, list item, quote, table cell, heading,
 * paragraph. Its text has none of the marks that make it that block, and no indentation of continued lines.
 */
import type { SyntaxNode, Tree } from "@lezer/common";
import { parser, Table, TaskList } from "@lezer/markdown";
import type { Line } from "./lines.ts";
import type { PromptForm } from "../../shared/prompt/prompt-form.ts";
import { lineAt, lineFrom } from "./lines.ts";
import type { LocatedPrompt } from "./located-text.ts";
import { PromptTextBuilder, verbatim } from "./prompt-text.ts";

const MARKDOWN_LIKE = new Set(["markdown", "mdx", "quarto", "rmd", "prompt", "instructions", "chatagent"]);

/** Whether documents of a language are Markdown. */
export function isMarkdown(languageId: string): boolean {
  return MARKDOWN_LIKE.has(languageId);
}

const markdown = parser.configure([Table, TaskList]);

/** The document parsed last: one document is asked about many times, while it is typed in and drawn. */
let last: { readonly text: string; readonly tree: Tree } | null = null;

function treeOf(text: string): Tree {
  if (last?.text !== text) {
    // The parser knows one line break; the others become it without moving anything.
    const tree = markdown.parse(text.replaceAll("\r\n", " \n").replaceAll("\r", "\n"));
    last = { text, tree };
  }
  return last.tree;
}

/** Blocks that hold text and no other blocks. */
const LEAF = /^(?:Paragraph|Task|TableCell|FencedCode|(?:ATX|Setext)Heading\d)$/;

/** Marks inside of a block that are no part of its text. */
const MARK = /^(?:QuoteMark|HeaderMark|TaskMarker)$/;

/**
 * The block that holds an offset; on the marks before a block's text, that block. Null between blocks, on fences, and in
 * blocks of other kinds (HTML, code by indentation), which say nothing about what their text is.
 */
export function markdownBlockAt(text: string, offset: number): LocatedPrompt | null {
  const leaf = leafAt(text, offset);
  if (!leaf) return null;
  return leaf.name === "FencedCode" ? fencedText(text, leaf, offset) : blockText(text, leaf);
}

function leafAt(text: string, offset: number): SyntaxNode | null {
  const line = lineAt(text, offset);
  let found: SyntaxNode | null = null;
  treeOf(text).iterate({
    from: line.start,
    to: line.end,
    enter: ({ node }) => {
      if (!LEAF.test(node.name)) return true;
      // In a row of several blocks the last one that begins before the offset, else the first.
      const holds =
        lineAt(text, node.from).start <= offset && offset <= Math.max(node.to, lineEnd(text, node));
      if (holds && (found === null || node.from <= offset)) found = node;
      return false;
    },
  });
  return found;
}

/** A cell goes to its row's end as far as the cursor is concerned, any other block to its own. */
function lineEnd(text: string, node: SyntaxNode): number {
  return node.name === "TableCell" ? lineAt(text, node.from).end : node.to;
}

/** What is between the fences, without the last line break and the fences' indentation; null outside of it. */
function fencedText(text: string, node: SyntaxNode, offset: number): LocatedPrompt | null {
  const pieces = node.getChildren("CodeText");
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last) return null;
  const start = lineAt(text, first.from).start;
  const end = lineAt(text, last.to).end;
  if (offset < start || offset > end) return null;
  const raw = text.slice(start, end);
  const builder = new PromptTextBuilder();
  if (node.parent?.name === "Document") {
    const indent = node.from - lineAt(text, node.from).start;
    for (const line of linesOf(text, start, end)) {
      const blanks = /^[ \t]*/.exec(text.slice(line.start, line.end))![0].length;
      const from = line.start + Math.min(indent, blanks);
      builder.addSame(text.slice(from, line.next), from - start);
    }
  } else {
    // In a list or quote the parser has taken their marks and indentation out.
    for (const { from, to } of pieces) builder.addSame(text.slice(from, Math.min(to, end)), from - start);
  }
  return { kind: "markdown", form: "fence", start, end, holes: "any", prompt: builder.build(raw) };
}

/** A paragraph that is in nothing is taken as it is written; in every other block marks and indentation go. */
function blockText(text: string, node: SyntaxNode): LocatedPrompt | null {
  const form = formOf(node);
  const lastEnd = lineAt(text, node.to).end;
  if (form === null) {
    const { start } = lineAt(text, node.from);
    const prompt = verbatim(text.slice(start, lastEnd));
    return { kind: "markdown", form, start, end: lastEnd, holes: "any", prompt };
  }
  const marks = childrenOf(node).filter(({ name }) => MARK.test(name));
  const closing = form === "heading" ? marks.findLast(({ from }) => from > node.from) : undefined;
  const until = closing?.from ?? (form === "cell" || form === "heading" ? node.to : lastEnd);
  const isTrimmed = form === "cell" || form === "heading";
  const end = isTrimmed ? node.from + text.slice(node.from, until).trimEnd().length : until;
  const pieces = linesOf(text, node.from, end).map((line) => {
    const before = marks.filter((mark) => mark.from >= line.start && mark.to <= line.end);
    const from = before.at(-1)?.to ?? line.start;
    return { from: from + /^[ \t]*/.exec(text.slice(from, line.end))![0].length, to: line.next };
  });
  const start = pieces[0]?.from ?? end;
  if (start >= end) return null;
  const builder = new PromptTextBuilder();
  for (const { from, to } of pieces) {
    if (form === "cell") addCell(builder, text.slice(from, to), from - start);
    else builder.addSame(text.slice(from, to), from - start);
  }
  return { kind: "markdown", form, start, end, holes: "any", prompt: builder.build(text.slice(start, end)) };
}

/** A pipe in a cell is written with a backslash. */
function addCell(builder: PromptTextBuilder, cell: string, raw: number): void {
  for (const { 0: piece, index } of cell.matchAll(/\\\||[^]/g)) {
    if (piece.length === 2) builder.addFor("|", raw + index, raw + index + 2);
    else builder.addSame(piece, raw + index);
  }
}

function formOf(node: SyntaxNode): PromptForm | null {
  if (node.name.includes("Heading")) return "heading";
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === "TableCell") return "cell";
    if (at.name === "ListItem") return "list-item";
    if (at.name === "Blockquote") return "quote";
  }
  return null;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The lines of a stretch, the first and last one cut to it. */
function linesOf(text: string, start: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let at = start; at < end;) {
    const line = lineFrom(text, at);
    const next = Math.min(line.next, end);
    lines.push({ start: at, end: Math.min(line.end, end), next });
    at = next;
  }
  return lines;
}
