/** A prompt as a model read it, and what that depends on. */
import type { BosPolicy, Tokenization } from "../../shared/prompt/tokens.ts";

/** What a prompt's tokens depend on beside its text. */
export interface Reading {
  /** The model, by path and file. */
  readonly modelKey: string;
  /** Path of the tokenizer that the settings name in place of the model's own; null for its own. */
  readonly tokenizer: string | null;
  readonly bos: BosPolicy;
  readonly useChatTemplate: boolean;
}

/** A prompt as a model read it. */
export interface ReadPrompt {
  /** The known prompt that it was read from; null for a text of the user's own. */
  readonly promptId: number | null;
  /** For people: `capitals.txt:3`. */
  readonly label: string;
  /** The prompt's own text. */
  readonly text: string;
  /** UTF-16 offset of that text in what the model reads; 0 without a chat template; null when the template changed it. */
  readonly shift: number | null;
  /** Of all that the model reads. */
  readonly tokenization: Tokenization;
  /** Whether position 0 is the model's beginning-of-sequence token, whoever put it there. */
  readonly startsWithBos: boolean;
  readonly reading: Reading;
}
