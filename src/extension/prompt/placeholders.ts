/** Parts of a prompt that a program puts values in: `{country}`, `{{ country }}`, `${country}`, the fields of f-strings. */
import type { LocatedPrompt } from "./located-text.ts";
import type { PromptText } from "./prompt-text.ts";
import { PromptTextBuilder, rawEnd, rawStart } from "./prompt-text.ts";
import { holeEnd } from "./unescape.ts";

/** One placeholder of a text. */
export interface Placeholder {
  /** As it is written: `{country}`. */
  readonly name: string;
  /** UTF-16 units of the text, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** What stands for placeholders, by how they are written; null: taken as written. */
export type Values = Readonly<Record<string, string | null>>;

/** A name in braces, with what formatting may add; in two braces; behind `$` or `#`. Not arguments and indices of LaTeX. */
const NAMED =
  /(?<!\\\w*(?:\{[^{}]*\})*|[\^_])(?:\{\{\s*[A-Za-z_][\w.]*\s*\}\}|[$#]?\{[A-Za-z_][\w.]*(?:\[[^\]{}\s]*\])?(?:![rsa])?(?::[^{}\s]*)?\})/g;

/** The placeholders of a located prompt, in order; none in what is a part of a program itself. */
export function placeholdersIn({ prompt, holes, form }: LocatedPrompt): Placeholder[] {
  if (form === "code") return [];
  const { text } = prompt;
  const found: Placeholder[] = [];
  // What an escape writes is a brace of the text, not of the program.
  const isPlain = (at: number): boolean => rawEnd(prompt, at + 1) - rawStart(prompt, at) === 1;
  const add = (start: number, end: number): void => {
    if (end <= text.length && isPlain(start)) found.push({ name: text.slice(start, end), start, end });
  };
  if (holes !== "any") {
    const opening = holes === "brace" ? "{" : "${";
    for (let at = text.indexOf(opening); at >= 0;) {
      const end = isPlain(at) ? holeEnd(text, at + opening.length) + 1 : at + 1;
      if (isPlain(at)) add(at, end);
      at = text.indexOf(opening, end);
    }
  }
  if (holes === "brace") return found;
  for (const { 0: name, index } of text.matchAll(NAMED)) {
    const isInside = found.some(({ start, end }) => start <= index && index < end);
    if (!isInside) add(index, index + name.length);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** A text with values in place of its placeholders; those without one stay as written. */
export function withValues(
  prompt: PromptText,
  raw: string,
  placeholders: readonly Placeholder[],
  values: Values,
): PromptText {
  const builder = new PromptTextBuilder();
  const addAsIs = (from: number, to: number): void => {
    for (let at = from; at < to; at++)
      builder.addFor(prompt.text[at]!, rawStart(prompt, at), rawEnd(prompt, at + 1));
  };
  let at = 0;
  for (const { name, start, end } of placeholders) {
    const value = values[name] ?? null;
    if (value === null) continue;
    addAsIs(at, start);
    builder.addFor(value, rawStart(prompt, start), rawEnd(prompt, end));
    at = end;
  }
  if (at === 0) return prompt;
  addAsIs(at, prompt.text.length);
  return builder.build(raw);
}
