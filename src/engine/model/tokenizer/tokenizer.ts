/** What the engine needs of a tokenizer, wherever it came from (hub files or GGUF metadata). */
import type { BosPolicy, Tokenization } from "../../../shared/prompt/tokens.ts";

/** One turn of a chat. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** A model's tokenizer. */
export interface PromptTokenizer {
  /** Id of the beginning-of-sequence token, or null when the tokenizer has none. */
  readonly bosId: number | null;
  /**
   * Ids that end a text: the tokenizer's end-of-sequence token, and those that the model's files name beside it (end of a
   * turn, for example). Each once; empty when nothing is named.
   */
  readonly eosIds: readonly number[];
  /** Number of ids the tokenizer knows, added tokens included. */
  readonly size: number;

  /** Tokens of a text, with their UTF-16 ranges. */
  tokenize(text: string, bos: BosPolicy): Tokenization;

  /** Tokens of ids taken as they are; the text is their decoding. */
  fromIds(ids: readonly number[]): Tokenization;

  /** Text of one token, leading space included. */
  tokenText(id: number): string;

  /** Ids of a text that continues a prompt: no BOS, no other special tokens added. */
  encodeContinuation(text: string): readonly number[];

  readonly hasChatTemplate: boolean;

  /**
   * The text that a conversation becomes in the model's chat template, ready for the answer; null when the model has
   * no chat template.
   */
  applyChatTemplate(messages: readonly ChatMessage[]): string | null;
}
