/**
 * A prompt's text as the model reads it, and where each of its characters stands in the document.
 *
 * The two differ where the document writes the text in another form: escapes of a string literal, marks and indentation
 * of Markdown, a placeholder that a value stands for. Everywhere else the text is the document's own, line endings included.
 */

/** A text taken from a document. */
export interface PromptText {
  readonly text: string;
  /** Where each unit of `text` is written; null when `text` is the raw text itself. */
  readonly forms: Forms | null;
  /** UTF-16 units of the raw text. */
  readonly rawLength: number;
}

/** Per unit of a text, the stretch `[starts[i], ends[i])` of the raw text that writes it; units of one escape share theirs. */
export interface Forms {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A text that the document holds as it is. */
export function verbatim(text: string): PromptText {
  return { text, forms: null, rawLength: text.length };
}

/** Where unit `index` of the text begins in the raw text; the raw length for the end. */
export function rawStart({ forms, rawLength }: PromptText, index: number): number {
  return forms ? (forms.starts[index] ?? rawLength) : Math.min(index, rawLength);
}

/** Where the form of the unit before `index` ends in the raw text; 0 for the beginning. */
export function rawEnd({ forms, rawLength }: PromptText, index: number): number {
  if (!forms) return Math.min(index, rawLength);
  return index === 0 ? 0 : (forms.ends[index - 1] ?? rawLength);
}

/**
 * The unit of the text at which a stretch that begins at a raw offset begins: the first one of the form that covers it. A
 * gap (a continued line, indentation) belongs to what follows.
 */
export function textStart({ forms, text }: PromptText, raw: number): number {
  if (!forms) return Math.max(0, Math.min(raw, text.length));
  return firstWhere(text.length, (index) => forms.ends[index]! > raw);
}

/** The unit of the text before which a stretch that ends at a raw offset ends: a form that it cuts is all in it. */
export function textEnd({ forms, text }: PromptText, raw: number): number {
  if (!forms) return Math.max(0, Math.min(raw, text.length));
  return firstWhere(text.length, (index) => forms.starts[index]! >= raw);
}

/** The first index below `length` of which something is true that stays true from there on; `length` where none is. */
function firstWhere(length: number, isTrue: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Builds a text piece by piece together with where it is written. */
export class PromptTextBuilder {
  #text = "";
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Adds what the raw text holds from `raw` on, as it is. */
  addSame(text: string, raw: number): void {
    this.#text += text;
    for (let i = 0; i < text.length; i++) {
      this.#starts.push(raw + i);
      this.#ends.push(raw + i + 1);
    }
  }

  /** Adds a text that the raw stretch `[start, end)` stands for as a whole. */
  addFor(text: string, start: number, end: number): void {
    this.#text += text;
    this.#starts.push(...Array<number>(text.length).fill(start));
    this.#ends.push(...Array<number>(text.length).fill(end));
  }

  /** @param raw what all of it was taken from */
  build(raw: string): PromptText {
    if (this.#text === raw) return verbatim(raw);
    return { text: this.#text, forms: { starts: this.#starts, ends: this.#ends }, rawLength: raw.length };
  }
}
