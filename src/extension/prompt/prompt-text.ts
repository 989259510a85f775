/**
 * A prompt's text as the model reads it, and where each of its characters stands in the document.
 *
 * The two differ where the document writes the text in another form: escapes of a string literal, the indentation of a
 * fenced block. Everywhere else the text is the document's own, line endings included.
 */

/** A text taken from a document. */
export interface PromptText {
  readonly text: string;
  /**
   * `offsets[i]` = UTF-16 units from the start of the raw text to the form of unit `i` of `text`; one more entry for the
   * end. Null when `text` is the raw text itself.
   */
  readonly offsets: readonly number[] | null;
  /** UTF-16 units of the raw text. */
  readonly rawLength: number;
}

/** A text that the document holds as it is. */
export function verbatim(text: string): PromptText {
  return { text, offsets: null, rawLength: text.length };
}

/** Where unit `index` of the text begins in the raw text; the raw length for the end. */
export function rawOffset(prompt: PromptText, index: number): number {
  if (prompt.offsets === null) return Math.min(index, prompt.rawLength);
  return prompt.offsets[index] ?? prompt.rawLength;
}

/** The unit of the text whose form covers a raw offset; a gap (a continued line, indentation) belongs to what follows. */
export function textIndex(prompt: PromptText, raw: number): number {
  if (prompt.offsets === null) return Math.max(0, Math.min(raw, prompt.text.length));
  let low = 0;
  let high = prompt.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (prompt.offsets[middle + 1]! <= raw) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Builds a text piece by piece together with its offsets. */
export class PromptTextBuilder {
  #text = "";
  readonly #offsets: number[] = [];

  /** Adds `text`, all of whose units stand for the raw characters from `raw` on; `form` = they are the raw text itself. */
  add(text: string, raw: number, form: "same" | "escape"): void {
    this.#text += text;
    for (let i = 0; i < text.length; i++) this.#offsets.push(form === "same" ? raw + i : raw);
  }

  /** @param rawLength UTF-16 units of the raw text */
  build(rawLength: number): PromptText {
    return { text: this.#text, offsets: [...this.#offsets, rawLength], rawLength };
  }
}
