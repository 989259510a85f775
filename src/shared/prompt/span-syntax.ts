/**
 * How a span is written on the command line, in messages and in experiment files:
 *
 * - `France`: a text that occurs once; `France#2`: its second occurrence;
 * - `@21`, `@21..23`: token indices, ends included; where several spans may stand, `@1,3,5..7` is a list of them;
 * - `@-1` or `@last`: the last token, `@-2` the one before it; `@-3..-1`, `@2..last`: ranges with such ends.
 *
 * Only digits after the last `#` count as an occurrence, and only `@` with a number or `last` after it as an index, so
 * that `C#`, `#tag` and `@user` need no care. Where a text ends like an occurrence or begins like an index, a backslash says
 * that it is text: `C\#2`, `\@21`. Backslashes mean themselves everywhere else; right there, one more is written
 * before `@`, and each is doubled before an occurrence.
 */
import { SwapError } from "../errors.ts";
import { placeText } from "../text/ranges.ts";

/** A span as the user wrote it, before it is looked up in a prompt. */
export type SpanSpec =
  /** `occurrence` counts from 1; null when the text must occur once. */
  | { readonly kind: "text"; readonly text: string; readonly occurrence: number | null }
  /** Token indices, 0-based, both included; below 0 they count from the end, -1 being the last token. */
  | { readonly kind: "tokens"; readonly from: number; readonly to: number };

/**
 * Reads a span.
 *
 * @throws SwapError `bad-span`
 */
export function parseSpan(source: string): SpanSpec {
  if (source === "") throw new SwapError("bad-span", "The span is empty.", { code: "span-form" });
  if (INDEX_LIKE.test(source)) return parseIndices(source);
  const start = /^\\+@/.test(source) ? source.slice(1) : source;
  const ending = /^(.*?)(\\*)#(\d+)$/s.exec(start);
  if (!ending) return { kind: "text", text: start, occurrence: null };
  const [, before = "", slashes = "", digits = ""] = ending;
  const text = before + "\\".repeat(Math.floor(slashes.length / 2));
  if (slashes.length % 2 === 1) return { kind: "text", text: `${text}#${digits}`, occurrence: null };
  if (text === "") return { kind: "text", text: start, occurrence: null };
  const occurrence = Number(digits);
  if (occurrence < 1 || !Number.isSafeInteger(occurrence)) {
    throw new SwapError("bad-span", `${source} names occurrence ${digits}, and occurrences count from 1.`, {
      code: "span-form",
    });
  }
  return { kind: "text", text, occurrence };
}

/**
 * Reads a span or a list of token indices, `@1,3,5..7`. For texts the same as `parseSpan`: commas in them mean themselves.
 *
 * @returns at least one span
 * @throws SwapError `bad-span`
 */
export function parseSpanList(source: string): SpanSpec[] {
  if (!/^@(?:-?\d|last\b)[-\w.]*,/.test(source)) return [parseSpan(source)];
  return source
    .slice(1)
    .split(",")
    .map((item) => {
      const index = item.trim();
      if (INDICES.test(`@${index}`)) return parseIndices(`@${index}`);
      throw new SwapError(
        "bad-span",
        `${JSON.stringify(item)} in ${source} is not a token index or a range of them.`,
        "Write a list such as @1,3,5..7.",
      );
    });
}

/** Writes a span so that `parseSpan` reads the same again. */
export function formatSpan(spec: SpanSpec): string {
  if (spec.kind === "tokens") return placeText(spec);
  const start = /^\\+@/.test(spec.text) || INDEX_LIKE.test(spec.text) ? `\\${spec.text}` : spec.text;
  if (spec.occurrence !== null)
    return `${start.replace(/\\+$/, (slashes) => slashes + slashes)}#${spec.occurrence}`;
  // "#2" alone has no text before it and needs no backslash.
  if (/^#\d+$/.test(start)) return start;
  return start.replace(
    /(?<!\\)(\\*)(#\d+)$/,
    (_, slashes: string, digits: string) => `${slashes}${slashes}\\${digits}`,
  );
}

/** What is read as indices, so that a text of this form needs a backslash. */
const INDEX_LIKE = /^@(?:-?\d|last(?:$|\.\.|,))/;

/** Indices as they should be written. */
const INDICES = /^@(-?\d+|last)(?:\.\.(-?\d+|last))?$/;

function parseIndices(source: string): SpanSpec {
  const match = INDICES.exec(source);
  const first = match?.[1];
  const from = first === undefined ? null : indexOf(first);
  const to = from === null ? null : indexOf(match?.[2] ?? first!);
  if (from === null || to === null) {
    const range = /^@(-?\d+)\s*[-–—]\s*(\d+)$/.exec(source);
    throw new SwapError(
      "bad-span",
      `${source} is not a token index or a range of them.`,
      range ? `Write @${range[1]!}..${range[2]!}.` : { code: "index-form" },
    );
  }
  // Ends that count from different sides are compared once the prompt is known.
  if (from > to && from < 0 === to < 0) {
    throw new SwapError("bad-span", `${source} ends before it begins.`, `Write @${to}..${from}.`);
  }
  return { kind: "tokens", from, to };
}

/** Null for a number that is no index: too large, or -0, which counts from neither side. */
function indexOf(text: string): number | null {
  if (text === "last") return -1;
  const index = Number(text);
  return Number.isSafeInteger(index) && !Object.is(index, -0) ? index : null;
}
