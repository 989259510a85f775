/** A prompt found in a document. */
import type { PromptText } from "./prompt-text.ts";

/** Where a text stands in a document, UTF-16 offsets `[start, end)`. */
export interface LocatedText {
  readonly start: number;
  readonly end: number;
  readonly prompt: PromptText;
}

/** What made a text the prompt. */
export type PromptKind = "selection" | "file" | "fence" | "string" | "paragraph";

/** A prompt and why it is one. */
export interface LocatedPrompt extends LocatedText {
  readonly kind: PromptKind;
}
