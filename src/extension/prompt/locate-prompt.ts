/** Which text is the prompt: one rule for commands, marks, hover and panel. */
import { fencedBlockAt, hasFencedBlocks } from "./fenced-block.ts";
import type { LocatedPrompt, LocatedText, PromptKind } from "./located-text.ts";
import { paragraphAt } from "./paragraph.ts";
import { verbatim } from "./prompt-text.ts";
import { stringLiteralAt } from "./string-literal.ts";
import type { PromptScope } from "../settings.ts";
import { stringSyntaxOf } from "./string-syntax.ts";

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
 * language `prompt`, otherwise the fenced block or string literal that the offset is in, otherwise the paragraph.
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
        locateAs("fence", document, offset) ??
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
  const found = ((): LocatedText | null => {
    switch (kind) {
      case "file":
        return wholeFile(document.text);
      case "fence":
        return hasFencedBlocks(document.languageId) ? fencedBlockAt(document.text, offset) : null;
      case "string": {
        const syntax = stringSyntaxOf(document.languageId);
        return syntax && stringLiteralAt(document.text, offset, syntax);
      }
      case "paragraph":
        return paragraphAt(document.text, offset);
    }
  })();
  return found && { ...found, kind };
}

/** A declared prompt as it stands in the document now. */
export function declaredPrompt(document: PromptDocument, { start, end }: DeclaredPrompt): LocatedPrompt {
  return { kind: "selection", start, end, prompt: verbatim(document.text.slice(start, end)) };
}

/** Whether a document is one prompt by its name or language. */
function isPromptFile({ languageId, fileName }: PromptDocument): boolean {
  return languageId === "prompt" || fileName.endsWith(".prompt.txt");
}

/** The whole file without the line break at its end, which editors add and no prompt means. */
function wholeFile(text: string): LocatedText | null {
  const content = text.replace(/(?:\r\n|\n|\r)$/, "");
  return content.trim() === "" ? null : { start: 0, end: content.length, prompt: verbatim(content) };
}
