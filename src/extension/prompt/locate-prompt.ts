/** Which text is the prompt: one rule for commands, marks, hover and panel. */
import type { PromptForm } from "../../shared/prompt/prompt-form.ts";
import type { LocatedPrompt, LocatedText, PromptKind } from "./located-text.ts";
import { isMarkdown, markdownBlockAt } from "./markdown-block.ts";
import { paragraphAt } from "./paragraph.ts";
import { verbatim } from "./prompt-text.ts";
import { stringLiteralAt } from "./string-literal.ts";
import type { PromptScope } from "../settings.ts";
import { stringSyntaxOf } from "./string-syntax.ts";
import { yamlStringAt } from "./yaml-string.ts";

/** VS Code's id of the language whose strings need no marks. */
const YAML = "yaml";

/** What the rule needs of a document. */
export interface PromptDocument {
  readonly text: string;
  readonly languageId: string;
  /** Last part of its path. */
  readonly fileName: string;
}

/** A text that the user declared to be a prompt. */
export interface DeclaredPrompt {
  readonly start: number;
  readonly end: number;
}

/**
 * The prompt at an offset: a declared one first; then by scope, `auto` being the whole file for `*.prompt.txt` and the
 * language `prompt`, otherwise the block of a Markdown document or the string literal that the offset is in, otherwise the
 * paragraph.
 */
export function locatePrompt(
  document: PromptDocument,
  offset: number,
  scope: PromptScope,
  declared: readonly DeclaredPrompt[],
): LocatedPrompt | null {
  const chosen = declared.find(({ start, end }) => start <= offset && offset <= end && start < end);
  if (chosen) return declaredPrompt(document, chosen);
  switch (scope) {
    case "selection":
      return null;
    case "paragraph":
      return locateAs("paragraph", document, offset);
    case "file":
      return locateAs("file", document, offset);
    case "auto":
      if (isPromptFile(document)) return locateAs("file", document, offset);
      return (
        locateAs("markdown", document, offset) ??
        locateAs("string", document, offset) ??
        locateAs("paragraph", document, offset)
      );
  }
}

/** Finds a prompt of one kind again, wherever edits have moved it; a declared prompt is found by its place alone. */
export function locateAs(
  kind: Exclude<PromptKind, "selection">,
  document: PromptDocument,
  offset: number,
): LocatedPrompt | null {
  const { text, languageId } = document;
  switch (kind) {
    case "file":
      return as(kind, null, wholeFile(text));
    case "markdown":
      return isMarkdown(languageId) ? markdownBlockAt(text, offset) : null;
    case "string": {
      if (languageId === YAML) return as(kind, "string", yamlStringAt(text, offset));
      const syntax = stringSyntaxOf(languageId);
      return as(kind, "string", syntax && stringLiteralAt(text, offset, syntax));
    }
    case "paragraph":
      // What is no string of a program is a part of it.
      return as(
        kind,
        languageId === YAML || stringSyntaxOf(languageId) ? "code" : null,
        paragraphAt(text, offset),
      );
  }
}

function as(kind: PromptKind, form: PromptForm | null, found: LocatedText | null): LocatedPrompt | null {
  return found && { ...found, kind, form };
}

/** A declared prompt as it stands in the document now. */
export function declaredPrompt(document: PromptDocument, { start, end }: DeclaredPrompt): LocatedPrompt {
  const prompt = verbatim(document.text.slice(start, end));
  return { kind: "selection", form: null, start, end, holes: "any", prompt };
}

/** Whether a document is one prompt by its name or language. */
function isPromptFile({ languageId, fileName }: PromptDocument): boolean {
  return languageId === "prompt" || fileName.endsWith(".prompt.txt");
}

/** The whole file without the line break at its end, which editors add and no prompt means. */
function wholeFile(text: string): LocatedText | null {
  const content = text.replace(/(?:\r\n|\n|\r)$/, "");
  return content.trim() === ""
    ? null
    : { start: 0, end: content.length, holes: "any", prompt: verbatim(content) };
}
