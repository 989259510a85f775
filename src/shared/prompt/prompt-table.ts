/** A table of prompts: CSV with a header, read with the place of each field, and lines that are prompts. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import { fromInertCell } from "../text/csv.ts";

/** Columns that a table may have; others are left alone. */
export const TABLE_COLUMNS = [
  "prompt",
  "target",
  "source",
  "source_token",
  "target_answer",
  "source_answer",
] as const;
export type TableColumn = (typeof TABLE_COLUMNS)[number];

/** A field: what it says, and where that stands, in UTF-16 units. */
export interface TableField {
  readonly text: string;
  /** Of the text itself, without its quotes. */
  readonly start: number;
  readonly end: number;
}

/** One prompt, with what its line says of it; null where the table has no such column or the field is empty. */
export type PromptRow = { readonly prompt: TableField } & Readonly<
  Record<Exclude<TableColumn, "prompt">, string | null>
>;

/** Most prompts of one table. */
export const MOST_PROMPTS = 500;

/** Non-blank lines between two offsets, each a prompt without the blanks at its end. */
export function promptLines(text: string, start: number, end: number): TableField[] {
  return [...text.slice(start, end).matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }) => {
    const said = line.trimEnd();
    const at = start + index;
    return said.trim() === "" ? [] : [{ text: said, start: at, end: at + said.length }];
  });
}

/** Whether a text begins with a header that names a column `prompt`. */
export function isPromptTable(text: string): boolean {
  const [header] = fieldRows(text.slice(0, 10_000));
  return header?.some((field) => nameOf(field) === "prompt") === true && header.length > 1;
}

/**
 * The prompts of a table (RFC 4180; comma, semicolon or tab, whichever the header has most of).
 *
 * @throws SwapError `usage` for a table without a column `prompt`, or with a column twice
 */
export function promptTable(text: string): PromptRow[] {
  const [header = [], ...lines] = fieldRows(text);
  const names = header.map(nameOf);
  if (!names.includes("prompt")) {
    throw new SwapError(
      "usage",
      l10n.t("The table’s first line names no column “prompt”."),
      l10n.t("Columns are: {0}. Only “prompt” is needed.", TABLE_COLUMNS.join(", ")),
    );
  }
  const twice = TABLE_COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice) {
    throw new SwapError(
      "usage",
      l10n.t("The table has two columns “{0}”.", twice),
      l10n.t("Rename one of them."),
    );
  }
  return lines.flatMap((fields) => {
    const of = (column: TableColumn): TableField | undefined => fields[names.indexOf(column)];
    const said = (column: TableColumn): string | null => {
      const field = of(column);
      return field && field.text.trim() !== "" ? field.text : null;
    };
    const prompt = of("prompt");
    if (!prompt || prompt.text.trim() === "") return [];
    return [
      {
        prompt,
        target: said("target"),
        source: said("source"),
        source_token: said("source_token"),
        target_answer: said("target_answer"),
        source_answer: said("source_answer"),
      },
    ];
  });
}

function nameOf({ text }: TableField): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}

/** Lines of fields; a quoted field may hold the delimiter, quotes (doubled) and line breaks. */
function fieldRows(text: string): TableField[][] {
  const first = text.slice(0, /[\r\n]|$/.exec(text)!.index);
  const count = (delimiter: string): number => first.split(delimiter).length;
  const [delimiter] = [",", ";", "\t"].sort((a, b) => count(b) - count(a));
  const rows: TableField[][] = [];
  let fields: TableField[] = [];
  // A byte order mark is no part of the first name.
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const isQuoted = text[at] === '"';
    const start = isQuoted ? at + 1 : at;
    let end = start;
    if (isQuoted) {
      while (end < text.length && (text[end] !== '"' || text[end + 1] === '"'))
        end += text[end] === '"' ? 2 : 1;
      at = end + 1;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
    } else {
      while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
      at = end;
    }
    const raw = text.slice(start, end);
    const cell = isQuoted ? raw.replaceAll('""', '"') : raw;
    const said = fromInertCell(cell);
    fields.push({ text: said, start: start + cell.length - said.length, end });
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      fields.push({ text: "", start: at, end: at });
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    if (fields.some((field) => field.text !== "")) rows.push(fields);
    fields = [];
  }
  return rows;
}

/**
 * Where prompts that were written after one pattern differ: the stretch of each between what all begin and all end with, whole
 * words. Null where one has nothing there, or all are the same.
 */
export function differingStretches(texts: readonly string[]): { start: number; end: number }[] | null {
  const [first = "", ...others] = texts;
  const words = texts.map((text) => text.match(/\s*(?:[\p{L}\p{N}_’'-]+|[^\s])/gu) ?? []);
  const shortest = Math.min(...words.map(({ length }) => length));
  if (others.every((text) => text === first)) return null;
  const isCommon = (at: (words: readonly string[]) => string | undefined): boolean =>
    words.every((one) => at(one) === at(words[0]!));
  let before = 0;
  while (before < shortest && isCommon((one) => one[before])) before++;
  let after = 0;
  while (after < shortest - before && isCommon((one) => one.at(-1 - after))) after++;
  const stretches = words.map((one) => {
    const start = one.slice(0, before).join("").length;
    const middle = one.slice(before, one.length - after).join("");
    const blanks = middle.length - middle.trimStart().length;
    return { start: start + blanks, end: start + middle.length };
  });
  return stretches.every(({ start, end }) => start < end) ? stretches : null;
}
