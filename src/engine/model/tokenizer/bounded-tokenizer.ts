/** A tokenizer that has an end: whatever its patterns do with a text, the answer or an error in words comes in time. */
import { SwapError } from "../../../shared/errors.ts";
import { pulse } from "../../pulse.ts";
import type { PromptTokenizer } from "./tokenizer.ts";
import { TookTooLong, withinTime } from "./within-time.ts";

/** For any text; good tokenizers take milliseconds. */
const BASE_MS = 5_000;
/** For each UTF-16 unit: ten times what slow ones take on a busy machine. */
const MS_PER_UNIT = 0.1;

/** The same tokenizer with `tokenize` and `encodeContinuation` bounded. */
export function boundedTokenizer(tokenizer: PromptTokenizer): PromptTokenizer {
  return {
    bosId: tokenizer.bosId,
    eosIds: tokenizer.eosIds,
    size: tokenizer.size,
    hasChatTemplate: tokenizer.hasChatTemplate,
    tokenize: (text, bos) => splitting(text.length, () => tokenizer.tokenize(text, bos)),
    encodeContinuation: (text) => splitting(text.length, () => tokenizer.encodeContinuation(text)),
    fromIds: (ids) => tokenizer.fromIds(ids),
    tokenText: (id) => tokenizer.tokenText(id),
    applyChatTemplate: (messages) => tokenizer.applyChatTemplate(messages),
  };
}

/**
 * Runs a tokenizer's steps on a text of so many UTF-16 units.
 *
 * @throws SwapError `tokenizer-unsupported` when they take too long or fail, and what `work` refuses itself
 */
export function splitting<T>(units: number, work: () => T): T {
  const mostMs = BASE_MS + units * MS_PER_UNIT;
  try {
    return pulse.busy(mostMs, () => withinTime(work, mostMs));
  } catch (cause) {
    if (cause instanceof SwapError) throw cause;
    const size = `${units.toLocaleString("en")} characters`;
    const message =
      cause instanceof TookTooLong
        ? `The model's tokenizer was ended: for ${size} it takes longer than ${Math.round(mostMs / 1000)} s.`
        : `The model's tokenizer cannot split a text of ${size}: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new SwapError(
      "tokenizer-unsupported",
      message,
      "Use another text, or a tokenizer.json that works.",
      {
        cause,
      },
    );
  }
}
