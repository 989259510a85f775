/** Splits a text at a tokenizer's added tokens (control tokens, chat markers, user-defined pieces). */
import type { AddedToken } from "@huggingface/tokenizers";

import { rangeOf } from "./text-alignment.ts";
import type { TracedText } from "./traced-text.ts";
import { sliceTrace } from "./traced-text.ts";

/** A stretch of text: an added token, or what stands between two of them. */
export interface Section {
  readonly traced: TracedText;
  readonly added: AddedToken | null;
  /** Range of the original text, with the blanks that an added token swallows (`lstrip`, `rstrip`). */
  readonly range: { readonly start: number; readonly end: number };
}

/** Added tokens by the first UTF-16 unit of what is looked for, longest first. */
export type AddedTokenIndex = ReadonlyMap<string, readonly (readonly [content: string, token: AddedToken])[]>;

/** Index of added tokens by content; empty contents are left out. */
export function indexAddedTokens(entries: Iterable<readonly [string, AddedToken]>): AddedTokenIndex {
  const index = new Map<string, (readonly [string, AddedToken])[]>();
  for (const entry of entries) {
    const first = entry[0][0];
    if (first === undefined) continue;
    const same = index.get(first);
    if (same) same.push(entry);
    else index.set(first, [entry]);
  }
  for (const same of index.values()) same.sort((a, b) => b[0].length - a[0].length);
  return index;
}

/**
 * Splits as `@huggingface/tokenizers` does: from left to right, the longest added token first; an added token with
 * `lstrip` or `rstrip` takes the blanks beside it. Sections may be empty.
 */
export function splitAtAddedTokens(traced: TracedText, added: AddedTokenIndex): Section[] {
  const cuts = findAddedTokens(traced.text, added);
  const sections: Section[] = [];
  let done = 0;
  for (const [number, { from, to, token }] of cuts.entries()) {
    const left = token.lstrip ? done + traced.text.slice(done, from).trimEnd().length : from;
    if (from > done) sections.push(plainSection(traced, done, left));
    const following = cuts[number + 1]?.from ?? traced.text.length;
    const right = token.rstrip ? following - traced.text.slice(to, following).trimStart().length : to;
    sections.push({
      traced: sliceTrace(traced, from, to),
      added: token,
      range: rangeOf(traced, left, right),
    });
    done = right;
  }
  if (done < traced.text.length) sections.push(plainSection(traced, done, traced.text.length));
  return sections;
}

function plainSection(traced: TracedText, from: number, to: number): Section {
  return { traced: sliceTrace(traced, from, to), added: null, range: rangeOf(traced, from, to) };
}

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly token: AddedToken;
}

function findAddedTokens(text: string, added: AddedTokenIndex): Cut[] {
  const cuts: Cut[] = [];
  if (added.size === 0) return cuts;
  for (let i = 0; i < text.length;) {
    const found = added.get(text[i]!)?.find(([content]) => text.startsWith(content, i));
    if (found) cuts.push({ from: i, to: i + found[0].length, token: found[1] });
    i += found?.[0].length ?? 1;
  }
  return cuts;
}
