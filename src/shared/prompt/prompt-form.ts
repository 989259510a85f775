/** What a prompt is in the document that it was taken from. */

/** Blocks of Markdown without their marks; a literal with its escapes resolved; a part of a program outside of literals. */
export type PromptForm = "heading" | "list-item" | "quote" | "cell" | "fence" | "string" | "code";
