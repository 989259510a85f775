/**
 * Where each token of a text stands. `@huggingface/tokenizers` gives no offsets, so its steps (added tokens, normalizer,
 * pre-tokenizer, model) are run one by one on a text that remembers where it came from.
 */
import type { Tokenizer } from "@huggingface/tokenizers";
import type { AddedTokenIndex } from "./added-tokens.ts";

import { splitAtAddedTokens } from "./added-tokens.ts";
import { traceNormalizer } from "./normalizer-trace.ts";
import { alignByRuns, rangeOf } from "./text-alignment.ts";
import { byteLevelOf, fallbackByte } from "./token-text.ts";
import type { TracedText } from "./traced-text.ts";
import { traceOf } from "./traced-text.ts";

/** UTF-16 range `[start, end)` of a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Ids of a text without anything that a post-processor adds, and the range of each. */
export interface LocatedTokens {
  readonly ids: readonly number[];
  readonly ranges: readonly TextRange[];
  /** False when some ranges are the best alignment only. */
  readonly exact: boolean;
}

/** A character (or, in byte-level vocabularies, a byte) of a pre-token and the range of the text behind it. */
interface Unit extends TextRange {
  readonly char: string;
  /** Which pre-token it belongs to. */
  readonly word: number;
}

interface Piece extends TextRange {
  readonly id: number;
}

/** What the steps need to know of a tokenizer. */
export interface TokenizerParts {
  readonly tokenizer: Tokenizer;
  /** Added tokens that are looked for in the text as it is, and those looked for after normalisation. */
  readonly added: AddedTokenIndex;
  readonly addedNormalized: AddedTokenIndex;
  readonly byteLevel: boolean;
  readonly byteFallback: boolean;
  readonly wordPiece: boolean;
}

/**
 * Tokens of a text with their UTF-16 ranges. The ids are always the library's own; the ranges are exact when the steps
 * could be followed and gave the same ids, otherwise the texts of the ids
 * (`textOf`) are aligned with the text.
 */
export function locateTokens(
  parts: TokenizerParts,
  text: string,
  textOf: (id: number) => string,
): LocatedTokens {
  const ids = parts.tokenizer.encode(text, { add_special_tokens: false }).ids;
  const followed = followSteps(parts, text);
  if (followed && sameIds(followed.ids, ids)) return { ...followed, ids };
  return { ids, ranges: alignPieces(text, ids.map(textOf)), exact: false };
}

/** Ranges of pieces whose concatenation is roughly the text. */
export function alignPieces(text: string, pieces: readonly string[]): TextRange[] {
  const aligned = alignByRuns(traceOf(text), pieces.join(""));
  let at = 0;
  return pieces.map((piece) => rangeOf(aligned, at, (at += piece.length)));
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function followSteps(parts: TokenizerParts, text: string): LocatedTokens | null {
  const { tokenizer } = parts;
  const pieces: Piece[] = [];
  let exact = true;
  const sections = splitAtAddedTokens(traceOf(text), parts.added);
  for (const [index, section] of sections.entries()) {
    if (section.traced.text.length === 0) continue;
    if (section.added) {
      pieces.push({ id: section.added.id, ...section.range });
      continue;
    }
    let traced = section.traced;
    if (tokenizer.normalizer) {
      const normalized = traceNormalizer(tokenizer.normalizer, traced);
      traced = normalized.traced;
      exact &&= normalized.exact;
    }
    for (const part of splitAtAddedTokens(traced, parts.addedNormalized)) {
      if (part.traced.text.length === 0) continue;
      const found = part.added
        ? [{ id: part.added.id, ...part.range }]
        : followModel(parts, part.traced, index);
      if (!found) return null;
      // Not spread into a call: a text may have more tokens than a call takes arguments.
      for (const piece of found) pieces.push(piece);
    }
  }
  return {
    ids: pieces.map((piece) => piece.id),
    ranges: pieces.map(({ start, end }) => ({ start, end })),
    exact,
  };
}

/** Pre-tokenizer and model on a normalised text without added tokens; null when they cannot be followed. */
function followModel(parts: TokenizerParts, traced: TracedText, section: number): Piece[] | null {
  const { pre_tokenizer: preTokenizer, model } = parts.tokenizer;
  const words = preTokenizer ? preTokenizer(traced.text, { section_index: section }) : [traced.text];
  const units = unitsOfWords(unitsOf(traced, parts.byteLevel), words);
  return units && placeTokens(parts, model!(words), units);
}

/** Units of a text: its bytes in GPT-2's alphabet when the vocabulary is byte-level, its code points otherwise. */
function unitsOf(traced: TracedText, byteLevel: boolean): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  for (const char of traced.text) {
    const range = rangeOf(traced, at, at + char.length);
    for (const unit of byteLevel ? byteLevelOf(char) : [char]) units.push({ char: unit, word: -1, ...range });
    at += char.length;
  }
  return units;
}

/**
 * Units of pre-tokens: those of the text, without what the pre-tokenizer threw away (blanks, usually), with the blank
 * that it puts before a word. Null when a pre-token holds something else than the text does.
 */
function unitsOfWords(source: readonly Unit[], words: readonly string[]): Unit[] | null {
  const units: Unit[] = [];
  let at = 0;
  for (const [word, content] of words.entries()) {
    let first = true;
    for (const char of content) {
      if (first && !isSame(source[at]?.char, char)) {
        if (isBlankMark(char)) {
          const here = source[at]?.start ?? source.at(-1)?.end ?? 0;
          units.push({ char, word, start: here, end: here });
          first = false;
          continue;
        }
        while (at < source.length && !isSame(source[at]!.char, char)) at++;
      }
      const unit = source[at];
      if (!unit || !isSame(unit.char, char)) return null;
      units.push({ ...unit, char, word });
      at++;
      first = false;
    }
  }
  return units;
}

function isSame(sourceChar: string | undefined, char: string): boolean {
  return sourceChar === char || (sourceChar === " " && char === "▁");
}

function isBlankMark(char: string): boolean {
  return char === " " || char === "▁" || char === "Ġ";
}

/** Gives each token of the model its units, from left to right; null when they do not fit. */
function placeTokens(
  parts: TokenizerParts,
  tokens: readonly string[],
  units: readonly Unit[],
): Piece[] | null {
  const model = parts.tokenizer.model!;
  const known = (unit: Unit | undefined): boolean => unit !== undefined && model.tokens_to_ids.has(unit.char);
  const pieces: Piece[] = [];
  let at = 0;
  // Bytes of the character at `at` that byte-fallback tokens have taken already.
  let bytesTaken = 0;
  for (const token of tokens) {
    let taken = bytesTaken > 0 ? 0 : literalLength(parts, token, units, at);
    const byte = taken === 0 && parts.byteFallback ? fallbackByte(token) : null;
    if (byte !== null && at < units.length) {
      const bytes = new TextEncoder().encode(units[at]!.char);
      if (bytes[bytesTaken] !== byte) return null;
      pieces.push({ id: idOf(parts, token), start: units[at]!.start, end: units[at]!.end });
      bytesTaken = (bytesTaken + 1) % bytes.length;
      if (bytesTaken === 0) at++;
      continue;
    }
    if (bytesTaken > 0) return null;
    if (taken === 0 && token === model.unk_token) taken = unknownLength(parts, units, at, known);
    if (taken === 0 && model.unk_token === undefined) {
      // A model without an unknown token leaves out what it cannot write.
      while (at < units.length && !known(units[at]) && taken === 0)
        taken = literalLength(parts, token, units, ++at);
    }
    if (taken === 0) return null;
    pieces.push({ id: idOf(parts, token), start: units[at]!.start, end: units[at + taken - 1]!.end });
    at += taken;
  }
  return pieces;
}

function idOf(parts: TokenizerParts, token: string): number {
  const model = parts.tokenizer.model!;
  return model.tokens_to_ids.get(token) ?? model.unk_token_id ?? -1;
}

/** Units that a token's own characters take at `at`, or 0 when the text there is something else. */
function literalLength(parts: TokenizerParts, token: string, units: readonly Unit[], at: number): number {
  const suffix = parts.tokenizer.model!.end_of_word_suffix;
  let content = token;
  if (parts.wordPiece && token.startsWith("##") && units[at - 1]?.word === units[at]?.word)
    content = token.slice(2);
  if (suffix && content.endsWith(suffix)) content = content.slice(0, -suffix.length);
  let taken = 0;
  for (const char of content) {
    if (units[at + taken]?.char !== char) return 0;
    taken++;
  }
  return taken;
}

/** Units behind one unknown token: a character; a run of them when the model fuses; the whole word in WordPiece. */
function unknownLength(
  parts: TokenizerParts,
  units: readonly Unit[],
  at: number,
  known: (unit: Unit | undefined) => boolean,
): number {
  if (at >= units.length) return 0;
  let taken = 1;
  if (parts.wordPiece) while (units[at + taken]?.word === units[at]!.word) taken++;
  else if (parts.tokenizer.model!.fuse_unk)
    while (at + taken < units.length && !known(units[at + taken])) taken++;
  return taken;
}
