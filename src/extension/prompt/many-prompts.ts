/** Many prompts at once: which ones an editor's selection means, a line or a row of a CSV table each. */
import type { TextEditor } from "vscode";
import type { PromptRow, TableField } from "../../shared/prompt/prompt-table.ts";
import { isPromptTable, promptLines, promptTable } from "../../shared/prompt/prompt-table.ts";
import { addressed } from "./editor-prompts.ts";

/** What is selected. */
export interface ManySelected {
  /** In the document's order. */
  readonly rows: readonly (PromptRow | { readonly prompt: TableField })[];
  /** Rows of a table, not lines. */
  readonly isTable: boolean;
}

/**
 * The prompts that a selection means: of a table with a column `prompt`, the rows that it touches, all without a selection;
 * elsewhere whole lines, two or more. Null where it means tokens of one prompt.
 *
 * @throws SwapError `usage` for a table whose header is wrong
 */
export function manySelected(editor: TextEditor): ManySelected | null {
  const [selection, another] = editor.selections;
  if (!selection || another) return null;
  const { text, languageId, fileName } = addressed(editor.document);
  const start = editor.document.offsetAt(selection.start);
  const end = editor.document.offsetAt(selection.end);
  const isCsv =
    /^(csv|tsv|csv \(semicolon\)|dynamic csv)$/.test(languageId) || /\.(csv|tsv)$/i.test(fileName);
  if (isCsv && isPromptTable(text)) {
    const all = promptTable(text);
    if (start === end) return { rows: all, isTable: true };
    const lineOf = (offset: number): number => editor.document.positionAt(offset).line;
    const [first, last] = [lineOf(start), lineOf(Math.max(start, end - 1))];
    if (first === last) return null;
    const rows = all.filter(({ prompt }) => lineOf(prompt.end) >= first && lineOf(prompt.start) <= last);
    return { rows, isTable: true };
  }
  const rows = promptLines(text, start, end).map((prompt) => ({ prompt }));
  return rows.length > 1 && areWholeLines(text, start, end) ? { rows, isTable: false } : null;
}

/** Whether a selection begins where a line does and ends where one ends. */
function areWholeLines(text: string, start: number, end: number): boolean {
  const before = text.slice(text.slice(0, start).search(/[^\r\n]*$/), start);
  const after = /^[^\r\n]*/.exec(text.slice(end))![0];
  const endsLine = /[\r\n]$/.test(text.slice(start, end)) || after.trim() === "";
  return before.trim() === "" && endsLine;
}
