/**
 * An experiment as plain data: all that is needed to reproduce a result.
 * k is always the 0-based block whose input is replaced; positions are 0-based token indices, BOS included.
 */
import type { Condition } from "../condition/condition.ts";
import type { BosRecord, GuessedSplit, Tokenization } from "../prompt/tokens.ts";

/** Said in every result, so that nobody has to guess what "layer 10" means. */
export const CONVENTION = "k = 0-based block whose input is replaced";

/** A tokenised prompt inside an experiment. `text` is null for ids that were given as they are. */
export interface Prompt {
  readonly text: string | null;
  readonly ids: readonly number[];
  /** Decoded text of each id, for people. */
  readonly tokens: readonly string[];
  readonly bos: BosRecord;
  /** As in `Tokenization`. */
  readonly guessedSplit?: GuessedSplit;
}

/** Range of k, both ends included. */
export interface LayerRange {
  readonly from: number;
  readonly to: number;
}

/** An answer is a token sequence that continues the prompt. */
export interface Answer {
  readonly ids: readonly number[];
  readonly text: string;
  /** Text of its first token, of a named answer; sessions of older versions lack it. */
  readonly first?: string;
}

/**
 * Answers that the user named; null: found by running. The target's is what the prompt answers unpatched; the source's is
 * what swap or vectors give at the smallest k (other conditions put in nothing that has an answer of its own).
 */
export interface NamedAnswers {
  readonly target: Answer | null;
  readonly source: Answer | null;
}

/**
 * How answers count: by their first token, or whole, by the likelihood of all their tokens
 * (log p(answer | prompt) = sum over i of log p(token i | prompt, tokens before i)).
 */
export type Scoring = "next-token" | "likelihood";

/** What a sweep is asked about answers. */
export interface AnswerRequest extends NamedAnswers {
  readonly scoring: Scoring;
  /** Tokens of an answer that is found by running: that many are generated greedily. 1 with `next-token`. */
  readonly tokens: number;
}

/** The two answers of a result; `source` is null until it is known, or when it equals the target's. */
export interface Answers {
  readonly target: Answer;
  readonly source: Answer | null;
}

/** One condition over a range of k. */
export interface Experiment {
  readonly target: Prompt;
  /** The run that states come from; null for conditions that need none. */
  readonly source: Prompt | null;
  readonly condition: Condition;
  readonly layers: LayerRange;
  readonly answers: AnswerRequest;
  /** How many of the most likely tokens each row lists. */
  readonly top: number;
  /** Whether the logit lens of the unpatched prompt's last position comes with the rows. */
  readonly lens: boolean;
}

/** The swap at every position x every k of the range: one source state (per k), put at each position in turn. */
export interface GridExperiment {
  readonly target: Prompt;
  readonly source: Prompt;
  /** Positions of the source run whose mean state is put in (usually one). */
  readonly sourcePositions: readonly number[];
  /** As in `Swap`. */
  readonly sourceLayer: number | null;
  readonly strength: number;
  /** Positions whose swap at the smallest k gives the source answer when none is named; may be empty. */
  readonly targetPositions: readonly number[];
  /** Positions that the state is put at, ascending; absent: every one. */
  readonly positions?: readonly number[];
  readonly layers: LayerRange;
  readonly answers: NamedAnswers;
}

/** Positions that a grid puts its state at. */
export function gridPositions({
  target,
  positions,
}: Pick<GridExperiment, "target" | "positions">): readonly number[] {
  return positions ?? target.ids.map((_, position) => position);
}

/** One patched run of a condition: its k, and its seed where the condition draws random numbers. */
export interface RowKey {
  readonly k: number;
  readonly seed: number | null;
}

/** What the model goes on to say: unpatched, and after the prompt was read under a condition. */
export interface ContinuationExperiment {
  readonly target: Prompt;
  readonly source: Prompt | null;
  readonly condition: Condition;
  readonly rows: readonly RowKey[];
  /** Most tokens to generate. */
  readonly tokens: number;
}

/** The prompt of an experiment from a tokenised text. */
export function promptOf(tokenization: Tokenization): Prompt {
  return {
    text: tokenization.text,
    ids: tokenization.ids,
    tokens: tokenization.tokens.map((token) => token.text),
    bos: tokenization.bos,
    ...(tokenization.guessedSplit ? { guessedSplit: tokenization.guessedSplit } : {}),
  };
}
