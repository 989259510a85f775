/** Text in terminal columns: how wide it is, cut and padded to a width, without anything that moves the cursor. */
import { visibleText } from "./shown-text.ts";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** East Asian wide and fullwidth characters; emoji are found by their own property. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

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
  return WIDE.test(grapheme) || grapheme.includes("\uFE0F") ? 2 : 1;
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
