/** A prompt found in a document. */
import type { PromptForm } from "../../shared/prompt/prompt-form.ts";
import type { PromptText } from "./prompt-text.ts";

/** Where a text stands in a document, UTF-16 offsets `[start, end)`. */
export interface LocatedText {
  readonly start: number;
  readonly end: number;
  readonly prompt: PromptText;
  /** How a part of the text is written that a program puts a value in. */
  readonly holes: HoleStyle;
}

/** What opens a placeholder: any known way; a brace alone, as in f-strings; a dollar and a brace, or a name in braces. */
export type HoleStyle = "any" | "brace" | "dollar";

/** How a prompt is found, and found again after edits. */
export type PromptKind = "selection" | "file" | "markdown" | "string" | "paragraph";

/** A prompt and why it is one. */
export interface LocatedPrompt extends LocatedText {
  readonly kind: PromptKind;
  /** What it is in its document; null where it is simply the text there. */
  readonly form: PromptForm | null;
}
