/**
 * An experiment as plain data: all that is needed to reproduce a result.
 * k is always the 0-based block whose input is replaced; positions are 0-based token indices, BOS included.
 */
import type { BosRecord, Tokenization } from "./tokens.ts";

/** Said in every result, so that nobody has to guess what "layer 10" means. */
export const CONVENTION = "k = 0-based block whose input is replaced";

/** A tokenised prompt inside an experiment. `text` is null for ids that were given as they are. */
export interface Prompt {
  readonly text: string | null;
  readonly ids: readonly number[];
  /** Decoded text of each id, for people. */
  readonly tokens: readonly string[];
  readonly bos: BosRecord;
}

/** How spans of several tokens are matched: last token only, one-to-one, or the mean of the source states. */
export type Alignment = "last" | "each" | "mean";

/** One replaced position: the state put at `target` is the mean of the source run's states at `source` (usually one). */
export interface SwapPair {
  readonly target: number;
  readonly source: readonly number[];
}

/**
 * Swap ("information injection" in the paper's code): the source run's input of block k, put at the target positions
 * at the input of block k, once; later blocks evolve naturally (paper.md 1.2).
 */
export interface Swap {
  readonly kind: "swap";
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
}

/** Identity: each chosen state is replaced by itself. A control: it must change nothing. */
export interface Identity {
  readonly kind: "identity";
  readonly positions: readonly number[];
}

/** One row of given vectors: `vectors[i]` (`[width]`) is put at `positions[i]` at the input of block k. */
export interface VectorsEntry {
  readonly k: number;
  readonly positions: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/** Vectors: states that the user computed elsewhere; each entry gives one row at its own k. */
export interface Vectors {
  readonly kind: "vectors";
  readonly entries: readonly VectorsEntry[];
}

/** Everything that can be put in place of hidden states. */
export type Condition = Swap | Identity | Vectors;

/** Range of k, both ends included. */
export interface LayerRange {
  readonly from: number;
  readonly to: number;
}

/** An answer is a token sequence; its first token decides outcomes. */
export interface Answer {
  readonly ids: readonly number[];
  readonly text: string;
}

/** One condition over a range of k. */
export interface Experiment {
  readonly target: Prompt;
  /** The run that states come from; null for conditions that need none. */
  readonly source: Prompt | null;
  readonly condition: Condition;
  readonly layers: LayerRange;
  /** Answers that the user named; a missing one is found by running (argmax unpatched, argmax at the smallest k). */
  readonly answers: { readonly target: Answer | null; readonly source: Answer | null };
  /** How many of the most likely tokens each row lists. */
  readonly top: number;
}

/** The swap at every position x every k of the range: one source state (per k), put at each position in turn. */
export interface GridExperiment {
  readonly target: Prompt;
  readonly source: Prompt;
  /** Positions of the source run whose mean state is put in (usually one). */
  readonly sourcePositions: readonly number[];
  /** Positions whose swap at the smallest k gives the source answer when none is named; may be empty. */
  readonly targetPositions: readonly number[];
  readonly layers: LayerRange;
  readonly answers: Experiment["answers"];
}

/** The prompt of an experiment from a tokenised text. */
export function promptOf(tokenization: Tokenization): Prompt {
  return {
    text: tokenization.text,
    ids: tokenization.ids,
    tokens: tokenization.tokens.map((token) => token.text),
    bos: tokenization.bos,
  };
}

/** Positions of the target prompt that a condition replaces, ascending, without repeats. */
export function replacedPositions(condition: Condition): number[] {
  const positions = ((): readonly number[] => {
    switch (condition.kind) {
      case "swap":
        return condition.pairs.map((pair) => pair.target);
      case "identity":
        return condition.positions;
      case "vectors":
        return condition.entries.flatMap((entry) => entry.positions);
    }
  })();
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** Positions of the source prompt that a condition reads, ascending, without repeats. */
export function sourcePositionsOf(condition: Condition): number[] {
  if (condition.kind !== "swap") return [];
  return [...new Set(condition.pairs.flatMap((pair) => pair.source))].sort((a, b) => a - b);
}
