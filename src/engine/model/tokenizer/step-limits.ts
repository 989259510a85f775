/** Keeps a tokenizer's steps from making more and more of a text: what they may say, and what may come out of each. */
import type { Tokenizer } from "@huggingface/tokenizers";
import { SwapError } from "../../../shared/errors.ts";
import type { JsonObject, TokenizerJson } from "./tokenizer-json.ts";
import { isJsonObject } from "./tokenizer-json.ts";

/** UTF-16 units of a text after any step, and pre-tokens: four for each position of the longest contexts that there are. */
const MOST_UNITS = 4e6;
/** By which all replacements of a normalizer together may lengthen a text, at most. */
const MOST_GROWTH = 1e5;
/** Pieces of a post-processor's template, and how often the text may stand in all of them. */
const MOST_PIECES = 1000;
const MOST_COPIES = 16;

/**
 * Refuses steps that multiply a text whatever it is.
 *
 * @throws SwapError `tokenizer-unsupported`
 */
export function checkSteps({
  normalizer,
  pre_tokenizer: preTokenizer,
  post_processor: postProcessor,
}: TokenizerJson): void {
  const growth = stepsOf(normalizer, "normalizers").reduce((product, step) => product * growthOf(step), 1);
  if (growth > MOST_GROWTH) {
    throw refused(`its replacements lengthen a text up to ${growth.toExponential(0)} times`);
  }
  for (const { type, length } of stepsOf(preTokenizer, "pretokenizers")) {
    if (type === "FixedLength" && !(Number.isInteger(length) && (length as number) > 0)) {
      throw refused("its FixedLength step has no length");
    }
  }
  const templates = stepsOf(postProcessor, "processors").map(({ single }): readonly unknown[] =>
    Array.isArray(single) ? (single as readonly unknown[]) : [],
  );
  const copies = templates.map((pieces) =>
    Math.max(1, pieces.filter((piece) => isJsonObject(piece) && "Sequence" in piece).length),
  );
  if (
    templates.flat().length > MOST_PIECES ||
    copies.reduce((product, count) => product * count, 1) > MOST_COPIES
  ) {
    throw refused("its post-processor repeats a text");
  }
}

/** Makes each step of a tokenizer refuse a text that it would make too large. */
export function limitSteps({ normalizer, pre_tokenizer: preTokenizer }: Tokenizer): void {
  if (normalizer) limitNormalizer(normalizer);
  if (preTokenizer) limitPreTokenizer(preTokenizer as unknown as Step);
}

/** What is used of the library's steps. */
interface Step {
  readonly config?: { readonly type?: unknown; readonly content?: unknown };
  readonly normalizers?: readonly (Step | null)[];
  readonly tokenizers?: readonly (Step | null)[];
  normalize?: (text: string) => string;
  pre_tokenize_text?: (text: string, options: unknown) => readonly string[];
}

function limitNormalizer(step: Step): void {
  for (const inner of step.normalizers ?? []) if (inner) limitNormalizer(inner);
  const normalize = step.normalize?.bind(step);
  if (!normalize || step.normalizers) return;
  step.normalize = (text) => {
    requireUnits(replacedUnits(step, text));
    const normalized = normalize(text);
    requireUnits(normalized.length);
    return normalized;
  };
}

function limitPreTokenizer(step: Step): void {
  for (const inner of step.tokenizers ?? []) if (inner) limitPreTokenizer(inner);
  const split = step.pre_tokenize_text?.bind(step);
  if (!split || step.tokenizers) return;
  step.pre_tokenize_text = (text, options) => {
    requireUnits(replacedUnits(step, text));
    const words = split(text, options);
    requireUnits(words.length);
    return words;
  };
}

/** What a replacement can make of a text at most: a match at each unit; `` $` `` and `$'` put in the text around it. */
function replacedUnits({ config }: Step, text: string): number {
  if (config?.type !== "Replace" || typeof config.content !== "string") return 0;
  const around = /\$[`']/.test(config.content) ? text.length : 1;
  return (text.length + 1) * config.content.length * around;
}

function growthOf({ type, content, pattern }: JsonObject): number {
  if (type !== "Replace" || typeof content !== "string") return 1;
  const replaced = isJsonObject(pattern) && typeof pattern.String === "string" ? pattern.String.length : 1;
  return Math.max(1, content.length / Math.max(1, replaced));
}

/** A step, or those of a sequence, at any depth. */
function stepsOf(
  step: unknown,
  inside: "normalizers" | "pretokenizers" | "processors",
): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const waiting = [step];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!isJsonObject(next)) continue;
    const inner = next[inside];
    if (Array.isArray(inner)) for (const child of inner as readonly unknown[]) waiting.push(child);
    else found.push(next);
  }
  return found;
}

function requireUnits(units: number): void {
  if (units > MOST_UNITS)
    throw refused(`a step may make more than ${MOST_UNITS / 1e6} million characters of it`);
}

function refused(why: string): SwapError {
  return new SwapError(
    "tokenizer-unsupported",
    `The tokenizer is not run on a text: ${why}.`,
    "Use a shorter text, or a tokenizer.json that works.",
  );
}
