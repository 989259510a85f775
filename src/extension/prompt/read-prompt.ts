/** A prompt read by the open model: its tokens, with where its own text stands among them. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import type { Span } from "../../shared/prompt/spans.ts";
import { spanOfRange } from "../../shared/prompt/spans.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { ReadPrompt, Reading } from "./reading.ts";
import { carriedOver } from "./edits.ts";
import { joinedTokens } from "../../shared/text/token-bytes.ts";

/** A text to read. */
export interface PromptToRead {
  readonly promptId: number | null;
  readonly label: string;
  readonly text: string;
}

/** UTF-16 units of the prompt's own text, `[start, end)`. */
export interface TextSelection {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a prompt, wrapped in the model's chat template if the settings ask for it.
 *
 * @throws SwapError `empty-prompt`; `bad-condition` when the model has no chat template; those of the engine
 */
export async function readPrompt(
  { promptId, label, text }: PromptToRead,
  supervisor: Pick<EngineSupervisor, "open" | "request">,
  reading: () => Reading,
): Promise<ReadPrompt> {
  if (text === "")
    throw new SwapError("empty-prompt", l10n.t("The prompt is empty."), l10n.t("Write a text first."));
  const info = await supervisor.open();
  const now = reading();
  if (!now.useChatTemplate) {
    const tokenization = await supervisor.request("tokenize", { text, bos: now.bos });
    const startsWithBos = info.bosId !== null && tokenization.ids[0] === info.bosId;
    return { promptId, label, text, shift: 0, tokenization, startsWithBos, reading: now };
  }
  const messages = [{ role: "user", content: text }];
  const { text: wrapped } = await supervisor.request("applyChatTemplate", { messages });
  if (wrapped === null) {
    throw new SwapError(
      "bad-condition",
      l10n.t("This model has no chat template to wrap the prompt in."),
      l10n.t("Turn off the setting State Swap: Use Chat Template, or select a chat model."),
    );
  }
  // A template that writes the BOS token itself must not get a second one.
  const writesBos = info.bosToken !== null && wrapped.startsWith(info.bosToken);
  const tokenization = await supervisor.request("tokenize", {
    text: wrapped,
    bos: writesBos ? "off" : now.bos,
  });
  const startsWithBos = info.bosId !== null && tokenization.ids[0] === info.bosId;
  return { promptId, label, text, shift: shiftIn(wrapped, text), tokenization, startsWithBos, reading: now };
}

/** Where a prompt's text stands in what a template made of it; templates may trim it. */
function shiftIn(wrapped: string, text: string): number | null {
  const at = wrapped.lastIndexOf(text);
  if (at >= 0) return at;
  const trimmed = text.trim();
  const trimmedAt = trimmed === "" ? -1 : wrapped.lastIndexOf(trimmed);
  return trimmedAt < 0 ? null : trimmedAt - (text.length - text.trimStart().length);
}

/**
 * Tokens that selections of the prompt's text stand for; selections that share a token become one span.
 *
 * @throws SwapError `bad-span`
 */
export function spansOf(read: ReadPrompt, selections: readonly TextSelection[]): Span[] {
  const { shift, tokenization } = read;
  if (shift === null) {
    throw new SwapError(
      "bad-span",
      l10n.t(
        "The model's chat template rewrites this prompt, so that a selection in it cannot be matched with tokens.",
      ),
      l10n.t("Turn off the setting State Swap: Use Chat Template."),
    );
  }
  const within = (at: number): number => Math.max(0, Math.min(tokenization.text.length, shift + at));
  const spans = selections
    .map(({ start, end }) => spanOfRange(tokenization, within(start), within(end)))
    .sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (!last || span.from > last.to) merged.push(span);
    else if (span.to > last.to)
      merged[merged.length - 1] = { ...spanBetween(read, last.from, span.to), widened: null };
  }
  return merged;
}

/** The span of a stretch of positions. */
export function spanBetween(read: ReadPrompt, from: number, to: number): PlacedSpan {
  const chosen = read.tokenization.tokens.slice(from, to + 1);
  return { from, to, text: joinedTokens(chosen.map((token) => token.text)) };
}

/** Stretches of neighbouring positions as spans, from left to right. */
export function spansOfPositions(read: ReadPrompt, positions: readonly number[]): PlacedSpan[] {
  const sorted = [...new Set(positions)]
    .filter((position) => position < read.tokenization.tokens.length)
    .sort((a, b) => a - b);
  const ends: { from: number; to: number }[] = [];
  for (const position of sorted) {
    const last = ends.at(-1);
    if (last?.to === position - 1) last.to = position;
    else ends.push({ from: position, to: position });
  }
  return ends.map(({ from, to }) => spanBetween(read, from, to));
}

/**
 * A span of an earlier reading in a later one of the same prompt, after edits or with another model's tokens.
 *
 * @returns null when the edit touched the span itself
 */
export function carriedSpan(before: ReadPrompt, span: PlacedSpan, after: ReadPrompt): PlacedSpan | null {
  const selection = ownText(before, span);
  if (selection === null) {
    const token = after.tokenization.tokens[span.to];
    return token?.special === true ? spanBetween(after, span.from, span.to) : null;
  }
  const carried = carriedOver(before.text, after.text);
  const start = carried(selection.start);
  const end = carried(selection.end);
  if (start === null || end === null || start >= end) return null;
  return spansOf(after, [{ start, end }])[0] ?? null;
}

/** The stretch of the prompt's own text that a span covers, without blanks at its ends; null when it covers none. */
export function ownText(read: ReadPrompt, span: PlacedSpan): TextSelection | null {
  const { shift, text } = read;
  const tokens = read.tokenization.tokens
    .slice(span.from, span.to + 1)
    .filter((token) => token.start < token.end);
  const [first] = tokens;
  const last = tokens.at(-1);
  if (shift === null || !first || !last) return null;
  const start = Math.max(0, first.start - shift);
  const end = Math.min(text.length, last.end - shift);
  if (start >= end) return null;
  const covered = text.slice(start, end);
  if (covered.trim() === "") return { start, end };
  return {
    start: start + covered.length - covered.trimStart().length,
    end: end - (covered.length - covered.trimEnd().length),
  };
}
