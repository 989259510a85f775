/** Finds where the text of a stored prompt stands now: at its old place, elsewhere in its file, or nowhere. */
import type { TextDocument } from "vscode";
import type { Host } from "../host.ts";
import { addressed, promptAt } from "../prompt/editor-prompts.ts";
import { declaredPrompt } from "../prompt/locate-prompt.ts";
import type { LocatedPrompt } from "../prompt/located-text.ts";
import type { AddressedDocument, KnownPrompt } from "../prompt/prompt-register.ts";

/** A stored prompt's own text, and where it stood: `capitals.txt:3`. */
export interface StoredPlace {
  readonly text: string;
  readonly label: string;
}

/** How a prompt is looked for. */
export interface KeepOptions {
  /** 0-based line where it stood; null when that is not known. */
  readonly line: number | null;
  /** Whether a text that is no prompt by the rules is declared one. */
  readonly mayDeclare: boolean;
}

/** Files of the same name that are looked through. */
const MOST_FILES = 20;

/**
 * Makes a prompt known at its place in a document.
 *
 * @returns null when the text stands there no longer
 */
export function keepPrompt(
  host: Host,
  document: TextDocument,
  text: string,
  { line, mayDeclare }: KeepOptions,
): KnownPrompt | null {
  const data = addressed(document);
  const located = promptOnLine(host, document, data, text, line) ?? promptByText(host, data, text);
  if (!located || (located.kind === "selection" && !mayDeclare)) return null;
  const known = host.prompts.keep(data, located);
  if (located.kind === "selection" && !host.store.state.declared.includes(known.id)) {
    host.store.set({ declared: [...host.store.state.declared, known.id] });
  }
  return known;
}

/** The document that a prompt stands in: an open one or a file of its name; else a new one with the prompt alone. */
export async function documentOf(host: Host, { text, label }: StoredPlace): Promise<TextDocument> {
  const { workspace } = host.vs;
  const { name } = placeOf(label);
  for (const document of workspace.textDocuments) {
    if (document.uri.path.endsWith(`/${name}`) && holds(host, document, text)) return document;
  }
  const found = name === "" ? [] : await workspace.findFiles(`**/${escapedGlob(name)}`, null, MOST_FILES);
  for (const uri of found) {
    const document = await workspace.openTextDocument(uri);
    if (holds(host, document, text)) return document;
  }
  return workspace.openTextDocument({ content: text, language: "plaintext" });
}

/** File name and 0-based line of a label such as `capitals.txt:3`. */
export function placeOf(label: string): { readonly name: string; readonly line: number | null } {
  const match = /^(.*?)(?::(\d+))?$/.exec(label);
  const line = match?.[2] === undefined ? null : Number(match[2]) - 1;
  return { name: match?.[1] ?? "", line };
}

function holds(host: Host, document: TextDocument, text: string): boolean {
  return promptByText(host, addressed(document), text) !== null;
}

/** Also finds prompts whose text is written otherwise in the file, such as those of string literals. */
function promptOnLine(
  host: Host,
  document: TextDocument,
  data: AddressedDocument,
  text: string,
  line: number | null,
): LocatedPrompt | null {
  if (line === null || line < 0 || line >= document.lineCount) return null;
  const { range, firstNonWhitespaceCharacterIndex } = document.lineAt(line);
  const start = document.offsetAt(range.start);
  const offsets = [start + firstNonWhitespaceCharacterIndex, document.offsetAt(range.end)];
  for (const offset of offsets) {
    const located = promptAt(host, data, offset);
    if (located && host.prompts.readAs(data, located).text === text) return located;
  }
  return null;
}

/** A place where the text is a prompt by the rules; else one where it is there at all, declared a prompt. */
function promptByText(host: Host, data: AddressedDocument, text: string): LocatedPrompt | null {
  let first: LocatedPrompt | null = null;
  for (let at = data.text.indexOf(text); at >= 0; at = data.text.indexOf(text, at + 1)) {
    const located = promptAt(host, data, at);
    if (located && host.prompts.readAs(data, located).text === text) return located;
    first ??= declaredPrompt(data, { start: at, end: at + text.length });
  }
  return first;
}

function escapedGlob(name: string): string {
  return name.replace(/[[\]{}*?!]/g, "[$&]");
}
