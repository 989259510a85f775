/** Text that remembers where it came from: each UTF-16 unit of a rewritten text knows its range in the original. */

/** A rewritten text and, per UTF-16 unit, the range `[start, end)` of the original text that it stands for. */
export interface TracedText {
  readonly text: string;
  /** First original UTF-16 unit of each unit; non-decreasing. */
  readonly starts: readonly number[];
  /** Original UTF-16 unit after the last one of each unit; equal to `start` for units that were put in. */
  readonly ends: readonly number[];
  /** Where an empty text stands in the original. */
  readonly origin: number;
}

/** A text under construction: pieces are appended from left to right. */
export class TraceBuilder {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #text = "";

  readonly #origin: number;

  constructor(origin: number) {
    this.#origin = origin;
  }

  /** Appends units `from` (included) to `to` (excluded) of another traced text, ranges and all. */
  copy(traced: TracedText, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#starts.push(traced.starts[i]!);
      this.#ends.push(traced.ends[i]!);
    }
    this.#text += traced.text.slice(from, to);
  }

  /** Appends content whose every unit stands for the original range `[start, end)`. */
  write(content: string, start: number, end: number): void {
    let units = content.length;
    while (units-- > 0) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
    this.#text += content;
  }

  /** Appends what units `from..to` of `traced` became: unit by unit when the length is kept. */
  rewrite(traced: TracedText, from: number, to: number, content: string): void {
    if (content.length !== to - from) {
      this.write(content, startOf(traced, from), to > from ? traced.ends[to - 1]! : startOf(traced, from));
      return;
    }
    for (let i = from; i < to; i++) this.write(content[i - from]!, traced.starts[i]!, traced.ends[i]!);
  }

  build(): TracedText {
    return { text: this.#text, starts: this.#starts, ends: this.#ends, origin: this.#origin };
  }
}

/** A text that is its own original; `offset` is where it stands in the whole original text (UTF-16 units). */
export function traceOf(text: string, offset = 0): TracedText {
  const starts = Array.from({ length: text.length }, (_, i) => offset + i);
  return { text, starts, ends: starts.map((start) => start + 1), origin: offset };
}

/** Units `from` (included) to `to` (excluded) of a traced text. */
export function sliceTrace(traced: TracedText, from: number, to: number): TracedText {
  return {
    text: traced.text.slice(from, to),
    starts: traced.starts.slice(from, to),
    ends: traced.ends.slice(from, to),
    origin: startOf(traced, from),
  };
}

/** Original position before unit `index`; for an index at the end, the position after the last unit. */
export function startOf(traced: TracedText, index: number): number {
  if (index < traced.text.length) return traced.starts[index]!;
  return traced.ends.at(-1) ?? traced.origin;
}
