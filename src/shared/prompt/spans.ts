/**
 * From what a user selects (text, token indices, a range in the editor) to tokens.
 *
 * A selection that cuts a token widens to the whole token. This is told when it brings in characters that are not
 * blanks: selecting `France` in the token ` France` is no widening worth telling, since in most vocabularies the blank
 * before a word belongs to its token. Blanks at the ends of a selection bring in no token with text outside the
 * selection: `France ` does not reach into ` is`.
 */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { SpanSpec } from "./span-syntax.ts";
import { formatSpan } from "./span-syntax.ts";
import type { TextRange } from "./text-search.ts";
import { findOtherCase, findText } from "./text-search.ts";
import type { Token, Tokenization } from "./tokens.ts";
import { visibleText } from "../text/shown-text.ts";
import { joinedTokens } from "../text/token-bytes.ts";

/** Tokens that a selection stands for. */
export interface Span {
  /** First and last position, 0-based, both included. */
  readonly from: number;
  readonly to: number;
  /** The tokens' own text; for tokens that cover no text (BOS) their names. */
  readonly text: string;
  /** What the tokens hold beyond the selection; null when that is nothing but blanks. */
  readonly widened: Widening | null;
}

/** A selection that cut tokens. */
export interface Widening {
  readonly selected: TextRange & { readonly text: string };
  readonly covered: TextRange & { readonly text: string };
  /** For people. */
  readonly sentence: string;
}

/** A place where a text stands, in the text and in tokens. */
export interface Occurrence extends TextRange {
  readonly from: number;
  readonly to: number;
}

/** Every place where a text stands in a prompt, from left to right. */
export function occurrences(tokenization: Tokenization, text: string): Occurrence[] {
  return findText(tokenization.text, text).map(({ start, end }) => {
    const { from, to } = spanOfRange(tokenization, start, end);
    return { start, end, from, to };
  });
}

/**
 * Looks a span up in a prompt.
 *
 * @throws SwapError `text-not-found`, `text-ambiguous`, `bad-span` (an index that the prompt has not)
 */
export function resolveSpan(tokenization: Tokenization, spec: SpanSpec): Span {
  if (spec.kind === "tokens") return spanOfIndices(tokenization, spec.from, spec.to);
  const found = occurrences(tokenization, spec.text);
  if (found.length === 0) throw textNotFound(tokenization, spec.text);
  if (spec.occurrence === null && found.length > 1) throw textAmbiguous(spec.text, found);
  const chosen = found[(spec.occurrence ?? 1) - 1];
  if (!chosen) {
    throw new SwapError(
      "text-not-found",
      l10n.t(
        '"{0}" occurs {1} in the prompt; there is no {2}.',
        visibleLines(spec.text),
        times(found.length),
        formatSpan(spec),
      ),
      l10n.t("Choose {0}.", candidates(spec.text, found)),
    );
  }
  return spanOfRange(tokenization, chosen.start, chosen.end);
}

/**
 * Tokens of a range of the text, as an editor selects it. An empty range stands for the token at the cursor; behind the
 * last letter of a word that is the word, as in editors.
 *
 * @param start first UTF-16 unit
 * @param end UTF-16 unit after the last one
 * @throws SwapError `bad-span` for a range outside the text, or one that no token covers
 */
export function spanOfRange(tokenization: Tokenization, start: number, end: number): Span {
  const { text, tokens } = tokenization;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > text.length || start > end) {
    throw new SwapError(
      "bad-span",
      l10n.t("The range {0} to {1} is not in the text, which has {2} characters.", start, end, text.length),
      l10n.t("Select a part of the prompt."),
    );
  }
  const chosen =
    start === end ? tokensAt(tokens, cursorUnit(text, start)) : tokensOf(tokens, text, start, end);
  const [first] = chosen;
  const last = chosen.at(-1);
  if (!first || !last) {
    const selected = visibleText(text.slice(start, end));
    throw new SwapError("bad-span", l10n.t('No token covers the selected "{0}".', selected), {
      code: "span-form",
    });
  }
  const span = { from: first.index, to: last.index, text: text.slice(first.start, endOf(chosen)) };
  return { ...span, widened: start === end ? null : wideningOf(text, { start, end }, chosen) };
}

/** The UTF-16 unit that a cursor stands for: the one behind it, or at a word's end the one before it. */
function cursorUnit(text: string, cursor: number): number {
  const endsWord = /[\p{L}\p{N}]$/u.test(text.slice(0, cursor)) && !/^[\p{L}\p{N}]/u.test(text.slice(cursor));
  return endsWord ? cursor - 1 : cursor;
}

/** Positions of a span, ascending. */
export function positionsOf(span: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: span.to - span.from + 1 }, (_, i) => span.from + i);
}

/** Indices below 0 count from the end. */
function spanOfIndices(tokenization: Tokenization, fromIndex: number, toIndex: number): Span {
  const n = tokenization.tokens.length;
  const from = fromIndex < 0 ? fromIndex + n : fromIndex;
  const to = toIndex < 0 ? toIndex + n : toIndex;
  const named = formatSpan({ kind: "tokens", from: fromIndex, to: toIndex });
  const isInside = [from, to].every((index) => Number.isInteger(index) && index >= 0 && index < n);
  if (isInside && from > to) {
    throw new SwapError(
      "bad-span",
      l10n.t("{0} ends before it begins: the prompt has {1} tokens.", named, n),
      { code: "span-form" },
    );
  }
  const chosen = tokenization.tokens.slice(from, to + 1);
  const [first] = chosen;
  if (!first || !isInside) {
    throw new SwapError(
      "bad-span",
      n === 1
        ? l10n.t("{0} is not in the prompt, which has one token, @0.", named)
        : l10n.t("{0} is not in the prompt, which has {1} tokens, @0 to @{2}.", named, n, n - 1),
      { code: "span-form" },
    );
  }
  const text = tokenization.text.slice(first.start, endOf(chosen));
  return {
    from,
    to,
    text: text === "" ? joinedTokens(chosen.map((token) => token.text)) : text,
    widened: null,
  };
}

/** Tokens that share the character at the cursor; at the end of the text, or in a gap, the nearest ones before. */
function tokensAt(tokens: readonly Token[], cursor: number): Token[] {
  const at = tokens.filter((token) => token.start <= cursor && cursor < token.end);
  if (at.length > 0) return at;
  const before = tokens.filter((token) => token.start < token.end && token.end <= cursor).at(-1);
  const nearest = before ?? tokens.find((token) => token.start < token.end);
  return nearest ? tokens.filter((token) => token.start < nearest.end && nearest.start < token.end) : [];
}

function tokensOf(tokens: readonly Token[], text: string, start: number, end: number): Token[] {
  const selected = text.slice(start, end);
  const blanksBefore = selected.length - selected.trimStart().length;
  // A selection of blanks only has no core, and takes every token that it touches.
  const isBlank = blanksBefore === selected.length;
  const coreStart = isBlank ? start : start + blanksBefore;
  const coreEnd = isBlank ? end : start + selected.trimEnd().length;
  return tokens.filter((token) => {
    if (token.start === token.end) return false;
    const inCore = token.start < coreEnd && coreStart < token.end;
    return inCore || (start <= token.start && token.end <= end);
  });
}

function endOf(tokens: readonly Token[]): number {
  return tokens.reduce((end, token) => Math.max(end, token.end), 0);
}

function wideningOf(text: string, selected: TextRange, tokens: readonly Token[]): Widening | null {
  const first = tokens[0]!;
  const covered = { start: first.start, end: endOf(tokens) };
  const before = text.slice(covered.start, selected.start);
  const after = text.slice(selected.end, covered.end);
  if (!/\S/.test(before) && !/\S/.test(after)) return null;
  const selectedText = text.slice(selected.start, selected.end);
  const coveredText = text.slice(covered.start, covered.end);
  const where = placeOf({ from: first.index, to: tokens.at(-1)!.index });
  return {
    selected: { ...selected, text: selectedText },
    covered: { ...covered, text: coveredText },
    sentence: l10n.t(
      '"{0}" cuts a token: the selection was widened to "{1}" ({2}).',
      visibleLines(selectedText),
      visibleLines(coveredText),
      where,
    ),
  };
}

function textNotFound(tokenization: Tokenization, text: string): SwapError {
  const other = findOtherCase(tokenization.text, text);
  return new SwapError(
    "text-not-found",
    l10n.t('"{0}" is not in the prompt.', visibleLines(text)),
    other === null ? { code: "copy-span" } : l10n.t('The prompt has "{0}".', other),
  );
}

function textAmbiguous(text: string, found: readonly Occurrence[]): SwapError {
  return new SwapError(
    "text-ambiguous",
    l10n.t(
      '"{0}" occurs {1} in the prompt. Choose one: {2}.',
      visibleLines(text),
      times(found.length),
      candidates(text, found),
    ),
    { code: "choose-index" },
  );
}

/** `France#1 (token 7) or France#2 (token 21)`; a long list is cut in the middle. */
function candidates(text: string, found: readonly Occurrence[]): string {
  const names = found.map(
    (place, i) =>
      `${visibleLines(formatSpan({ kind: "text", text, occurrence: i + 1 }))} (${placeOf(place)})`,
  );
  const last = names.pop()!;
  if (names.length === 0) return last;
  const shown = names.length > 6 ? [...names.slice(0, 5), "…"] : names;
  return l10n.t("{0} or {1}", shown.join(", "), last);
}

/** `token 7`, `tokens 7 to 9`. */
function placeOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? l10n.t("token {0}", from) : l10n.t("tokens {0} to {1}", from, to);
}

function times(n: number): string {
  return n === 1 ? l10n.t("once") : n === 2 ? l10n.t("twice") : l10n.t("{0} times", n);
}

/** Keeps a message on one line. */
function visibleLines(text: string): string {
  return /[\r\n\t]/.test(text) ? visibleText(text) : text;
}
