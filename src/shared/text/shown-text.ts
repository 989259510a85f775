/** Text of people and models where blanks and marks of direction must be visible. */

/** Marks of direction, which would turn the text that stands behind them, and blanks that no glyph stands for. */
const UNSEEN =
  /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\v\f\u0085\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF]/g;

/**
 * `␣` for spaces, `⍽` for no-break spaces, `⏎` for line breaks, `⇥` for tabs, code points for all other blanks and for
 * marks of direction: how a token is shown where blanks must be visible.
 */
export function visibleText(text: string): string {
  return text
    .replace(UNSEEN, (mark) => `\\u{${mark.codePointAt(0)!.toString(16).toUpperCase()}}`)
    .replace(/ /g, "␣")
    .replace(/\u00A0/g, "⍽")
    .replace(/\r\n|\n|\r/g, "⏎")
    .replace(/\t/g, "⇥");
}
