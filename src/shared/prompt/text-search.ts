/** Finds a piece of text in a prompt, whatever its line endings and Unicode composition. */

/** UTF-16 range `[start, end)`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where `wanted` stands in `text`, from left to right, without overlaps. Matches are exact where there are any; without
 * any, CRLF counts as LF and canonically equivalent characters (é as one code point or two) as the same, and a match
 * takes whole characters of the text.
 */
export function findText(text: string, wanted: string): TextRange[] {
  if (wanted.length === 0) return [];
  const exact = findExact(text, wanted);
  if (exact.length > 0) return exact;
  const folded = fold(text);
  return findExact(folded.text, fold(wanted).text).map(({ start, end }) => ({
    start: folded.starts[start]!,
    end: folded.ends[end - 1]!,
  }));
}

/** How the text itself writes `wanted` in other letters (upper or lower case), or null. */
export function findOtherCase(text: string, wanted: string): string | null {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return null;
  const [range] = findExact(lower, wanted.toLowerCase());
  return range ? text.slice(range.start, range.end) : null;
}

function findExact(text: string, wanted: string): TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    ranges.push({ start: at, end: at + wanted.length });
  }
  return ranges;
}

interface FoldedText {
  readonly text: string;
  /** Per unit of the folded text, the range of the character in the text that it comes from. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** NFC and LF, character by character (base and marks, or a Hangul syllable's jamo, together). */
function fold(text: string): FoldedText {
  const character = /\r\n|[\u1100-\u115F]*[\u1160-\u11FF]+|[\uAC00-\uD7A3][\u11A8-\u11FF]*|\P{M}?\p{M}*/gsu;
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of text.matchAll(character)) {
    const content = match[0] === "\r\n" || match[0] === "\r" ? "\n" : match[0].normalize("NFC");
    folded += content;
    let units = content.length;
    while (units-- > 0) {
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
  }
  return { text: folded, starts, ends };
}
