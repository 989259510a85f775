/** Runs a tokenizer's normalizer so that each unit of the normalised text knows where it came from. */
import { alignByRuns } from "./text-alignment.ts";
import type { TracedText } from "./traced-text.ts";
import { startOf, TraceBuilder } from "./traced-text.ts";

/** What is needed of a normalizer of `@huggingface/tokenizers`; the last two exist for some types only. */
export interface NormalizerStep {
  normalize(text: string): string;
  readonly config?: { readonly type?: string; readonly content?: string; readonly prepend?: string };
  readonly normalizers?: readonly (NormalizerStep | null)[];
  readonly pattern?: RegExp | null;
}

/** A normalised text, and whether its ranges are known (`exact`) or the best alignment. */
export interface NormalizedTrace {
  readonly traced: TracedText;
  readonly exact: boolean;
}

/**
 * A character with its combining marks, or a Hangul syllable with its jamo: what Unicode normalisation can fuse or take
 * apart. The halfwidth voicing marks U+FF9E and U+FF9F become combining marks under NFKC.
 */
const CLUSTER =
  /[\u1100-\u115F\uA960-\uA97F]*[\u1160-\u11FF\uD7B0-\uD7FF]+|[\uAC00-\uD7A3][\u11A8-\u11FF\uD7CB-\uD7FF]*|[^\p{M}\uFF9E\uFF9F]?[\p{M}\uFF9E\uFF9F]*/gsu;

/** Normalises a traced text; the result's text is exactly what the normalizer makes of it. */
export function traceNormalizer(normalizer: NormalizerStep, traced: TracedText): NormalizedTrace {
  if (normalizer.normalizers) {
    let result: NormalizedTrace = { traced, exact: true };
    for (const step of normalizer.normalizers) {
      if (!step) continue;
      const next = traceNormalizer(step, result.traced);
      result = { traced: next.traced, exact: result.exact && next.exact };
    }
    return result;
  }
  const expected = normalizer.normalize(traced.text);
  const known = traceStep(normalizer, traced, expected);
  if (known.text === expected) return { traced: known, exact: true };
  return { traced: alignByRuns(traced, expected), exact: false };
}

function traceStep(step: NormalizerStep, traced: TracedText, expected: string): TracedText {
  if (expected === traced.text) return traced;
  const { type, prepend = "", content = "" } = step.config ?? {};
  if (type === "Prepend") return tracePrepend(prepend, traced);
  if (type === "Replace") return step.pattern ? traceReplace(step.pattern, content, traced) : traced;
  if (type === "Strip") return traceStrip(traced, expected);
  return traceClusters(step, traced);
}

function tracePrepend(prefix: string, traced: TracedText): TracedText {
  const builder = new TraceBuilder(traced.origin);
  builder.write(prefix, startOf(traced, 0), startOf(traced, 0));
  builder.copy(traced, 0, traced.text.length);
  return builder.build();
}

function traceReplace(pattern: RegExp, content: string, traced: TracedText): TracedText {
  const builder = new TraceBuilder(traced.origin);
  let done = 0;
  for (const match of traced.text.matchAll(pattern)) {
    builder.copy(traced, done, match.index);
    done = match.index + match[0].length;
    builder.rewrite(traced, match.index, done, content);
  }
  builder.copy(traced, done, traced.text.length);
  return builder.build();
}

function traceStrip(traced: TracedText, expected: string): TracedText {
  const builder = new TraceBuilder(traced.origin);
  const from = Math.max(0, traced.text.indexOf(expected));
  builder.copy(traced, from, from + expected.length);
  return builder.build();
}

/** Normalises cluster by cluster: right for every normalizer that looks at no more than one cluster at a time. */
function traceClusters(step: NormalizerStep, traced: TracedText): TracedText {
  const builder = new TraceBuilder(traced.origin);
  for (const match of traced.text.matchAll(CLUSTER)) {
    const end = match.index + match[0].length;
    const content = step.normalize(match[0]);
    if (content === match[0]) builder.copy(traced, match.index, end);
    else writeCluster(builder, traced, match.index, end, content);
  }
  return builder.build();
}

/** A changed cluster is one thing to a reader: each of its new units stands for all of it. */
function writeCluster(
  builder: TraceBuilder,
  traced: TracedText,
  from: number,
  to: number,
  content: string,
): void {
  if (to > from) builder.write(content, traced.starts[from]!, traced.ends[to - 1]!);
}
