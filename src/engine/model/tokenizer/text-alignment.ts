import type { TracedText } from "./traced-text.ts";
/** Best-effort alignment of a rewritten text with its original, by longest common runs. */
import { startOf, TraceBuilder } from "./traced-text.ts";

/** Units compared at once: the search for the longest run is quadratic in this. */
const WINDOW_SIZE = 512;

/**
 * Traces `rewritten` back to `original` without knowing how it was made: the longest common run is matched, then the
 * parts before and after it likewise; what is left between two runs stands for the whole gap. Letter case is ignored.
 */
export function alignByRuns(original: TracedText, rewritten: string): TracedText {
  const from = foldCase(original.text);
  const to = foldCase(rewritten);
  const builder = new TraceBuilder(original.origin);
  // Explicit work list, rightmost on top of the stack last, so that long texts cannot exhaust the call stack.
  const work: Gap[] = [{ a0: 0, a1: from.length, b0: 0, b1: to.length }];
  for (let gap = work.pop(); gap; gap = work.pop()) {
    const run = longestRun(from, to, gap);
    if (!run) {
      builder.rewrite(original, gap.a0, gap.a1, rewritten.slice(gap.b0, gap.b1));
      continue;
    }
    if (run.a === gap.a0 && run.b === gap.b0) {
      builder.rewrite(original, run.a, run.a + run.length, rewritten.slice(run.b, run.b + run.length));
    } else {
      work.push({ a0: run.a, a1: gap.a1, b0: run.b, b1: gap.b1 });
      work.push({ a0: gap.a0, a1: run.a, b0: gap.b0, b1: run.b });
      continue;
    }
    work.push({ a0: run.a + run.length, a1: gap.a1, b0: run.b + run.length, b1: gap.b1 });
  }
  return builder.build();
}

interface Gap {
  readonly a0: number;
  readonly a1: number;
  readonly b0: number;
  readonly b1: number;
}

interface Run {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Lower case where that keeps the number of units, so that indices stay valid. */
function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** The longest run that both sides of a gap have in common; the common prefix is taken first, which is linear. */
function longestRun(from: string, to: string, gap: Gap): Run | null {
  let prefix = 0;
  while (
    gap.a0 + prefix < gap.a1 &&
    gap.b0 + prefix < gap.b1 &&
    from[gap.a0 + prefix] === to[gap.b0 + prefix]
  )
    prefix++;
  if (prefix > 0) return { a: gap.a0, b: gap.b0, length: prefix };
  const aEnd = Math.min(gap.a1, gap.a0 + WINDOW_SIZE);
  const bEnd = Math.min(gap.b1, gap.b0 + WINDOW_SIZE);
  let best: Run | null = null;
  let previous = new Int32Array(bEnd - gap.b0 + 1);
  for (let i = gap.a0; i < aEnd; i++) {
    const current = new Int32Array(bEnd - gap.b0 + 1);
    for (let j = gap.b0; j < bEnd; j++) {
      if (from[i] !== to[j]) continue;
      const length = previous[j - gap.b0]! + 1;
      current[j - gap.b0 + 1] = length;
      if (length > (best?.length ?? 0)) best = { a: i - length + 1, b: j - length + 1, length };
    }
    previous = current;
  }
  return best;
}

/** Original range that units `from` (included) to `to` (excluded) of a traced text stand for. */
export function rangeOf(traced: TracedText, from: number, to: number): { start: number; end: number } {
  const start = startOf(traced, from);
  let end = start;
  for (let i = from; i < to; i++) end = Math.max(end, traced.ends[i]!);
  return { start, end };
}
