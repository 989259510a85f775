/** Text of people and models where blanks and marks of direction must be visible. */

/** Marks of direction: they would turn the text that stands behind them. */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * `␣` for spaces, `⏎` for line breaks, `⇥` for tabs, code points for marks of direction: how a token is shown where blanks
 * must be visible.
 */
export function visibleText(text: string): string {
  return text
    .replace(DIRECTION, (mark) => `\\u{${mark.codePointAt(0)!.toString(16).toUpperCase()}}`)
    .replace(/ /g, "␣")
    .replace(/\r\n|\n|\r/g, "⏎")
    .replace(/\t/g, "⇥");
}
