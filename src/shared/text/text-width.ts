/** Text in terminal columns: how wide it is, cut and padded to a width, without anything that moves the cursor. */
import { eastAsianWidth } from "get-east-asian-width";
import { visibleText } from "./shown-text.ts";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Emoji by themselves or by a mark behind them; flags are made of letters that are narrow alone. */
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;

/** Marks without a base, and characters that take no column. */
const ZERO = /^[\p{M}\u200B-\u200D\u2060\uFEFF]+$/u;

/** Control characters (escape sequences begin with one) and marks that turn the direction of writing. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A token as a table shows it: blanks visible, control characters as their code points. */
export function shownText(text: string): string {
  return withoutControls(visibleText(text));
}

/** Text whose control characters, line breaks among them, and marks of direction are shown as their code points. */
export function withoutControls(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`);
}

/** Terminal columns of a text without escape sequences. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  const isWide = Array.from(grapheme, (character) => eastAsianWidth(character.codePointAt(0)!)).includes(2);
  return isWide || EMOJI.test(grapheme) ? 2 : 1;
}

/** The text itself when it fits, else its beginning and `…`, at most `width` columns. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : "";
}

/** A long text with its middle left out: the end of a prompt is what the model continues. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const half = Math.floor((width - 3) / 2);
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  return `${takeWidth(segments, half)} … ${takeWidth(segments.reverse(), half, true)}`;
}

function takeWidth(segments: readonly string[], width: number, fromEnd = false): string {
  let kept = "";
  let used = 0;
  for (const segment of segments) {
    used += graphemeWidth(segment);
    if (used > width) break;
    kept = fromEnd ? segment + kept : kept + segment;
  }
  return kept;
}

/** Cut and filled up with blanks on the right, exactly `width` columns. */
export function fitLeft(text: string, width: number): string {
  const cut = cutToWidth(text, width);
  return cut + " ".repeat(Math.max(0, width - displayWidth(cut)));
}

/** Filled up with blanks on the left; never cut, since numbers must not lose digits. */
export function fitRight(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}
