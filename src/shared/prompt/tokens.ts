/** A prompt as the model reads it: tokens, and where each stands in the text. */

/** What to do about the beginning-of-sequence token: as the tokenizer does, always add it, never add it. */
export type BosPolicy = "auto" | "on" | "off";

/** One token of a prompt. */
export interface Token {
  /** Position in the prompt, 0-based, BOS included. */
  readonly index: number;
  readonly id: number;
  /** The text this token decodes to, leading space included (` Italy`); bytes that are no whole character as `<0xF0>`. */
  readonly text: string;
  /** First UTF-16 unit of the prompt's text that this token covers. */
  readonly start: number;
  /** UTF-16 unit after the last one covered; equal to `start` for tokens that cover no text, such as BOS. */
  readonly end: number;
  /** Control token (BOS, EOS, chat markers …). */
  readonly special: boolean;
}

/**
 * Why it is not known how the model's own tokenizer splits text into words: its file names no pre-tokenizer, or only
 * `default`, as old conversions do.
 */
export const GUESSED_SPLITS = ["missing", "default"] as const;
export type GuessedSplit = (typeof GUESSED_SPLITS)[number];

/** A text and its tokens; also the form for ids given as they are, whose text is their decoding. */
export interface Tokenization {
  readonly text: string;
  readonly ids: readonly number[];
  readonly tokens: readonly Token[];
  readonly bos: BosRecord;
  /** True when the tokenizer rewrote the text (normalisation) so that offsets are the best alignment, not exact. */
  readonly approximate: boolean;
  /** Only where the text was split by a guess. */
  readonly guessedSplit?: GuessedSplit;
}

/** The BOS policy that was asked for and what came of it; stored with every result. */
export interface BosRecord {
  readonly policy: BosPolicy;
  /** Whether position 0 is a BOS token that the policy put there (`false` for ids taken as they are). */
  readonly added: boolean;
}
