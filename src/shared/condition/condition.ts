/**
 * Conditions as plain data: what is put in place of hidden states, with everything that reproduces it (paper.md 1.2).
 * k is always the 0-based block whose input is replaced; positions are 0-based token indices, BOS included.
 */
import * as l10n from "@vscode/l10n";

/** How spans of several tokens are matched: last token only, one-to-one, or the mean of the source states. */
export type Alignment = "last" | "each" | "mean";

/** One replaced position: the state put at `target` is the mean of the source run's states at `source` (usually one). */
export interface SwapPair {
  readonly target: number;
  readonly source: readonly number[];
}

/** Conditions that put states at one block can do so in part. */
interface Graded {
  /** Share of the put-in state, 0..1: h' = (1 - strength) * replaced + strength * put in. 1 replaces, 0 changes nothing. */
  readonly strength: number;
}

/** Conditions that draw random numbers; each seed gives a row of its own for every k. */
interface Seeded {
  /** Integers from 0 up, ascending, without repeats. */
  readonly seeds: readonly number[];
}

interface Positioned {
  /** Replaced positions, ascending, without repeats. The paper's: all but the last, BOS included. */
  readonly positions: readonly number[];
}

/**
 * Swap ("information injection" in the paper's code): the source run's state, put at the target positions at the input
 * of block k, once; later blocks evolve naturally.
 */
export interface Swap extends Graded {
  readonly kind: "swap";
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
  /**
   * Block whose input in the source run is put in, 0..blocks (blocks = output of the last block, before the final norm);
   * null: locked to k, as in the paper.
   */
  readonly sourceLayer: number | null;
}

/** Random: each state becomes Gaussian noise of the same L2 norm, at the input of block k. */
export interface Random extends Graded, Seeded, Positioned {
  readonly kind: "random";
}

/** Shuffle: the coordinates of each state are permuted, at the input of block k. */
export interface Shuffle extends Graded, Seeded, Positioned {
  readonly kind: "shuffle";
}

/** Freeze: at the inputs of all blocks from k on, each state is the unpatched input of block k - 1. Defined for k >= 1. */
export interface Freeze extends Positioned {
  readonly kind: "freeze";
}

/** Skip attention: in all blocks from k on the attention sublayer adds nothing, its norm included, at all positions. */
export interface SkipAttention {
  readonly kind: "skip-attention";
}

/** Zero: each state becomes zero, at the input of block k. */
export interface Zero extends Graded, Positioned {
  readonly kind: "zero";
}

/** Mean: each state becomes the mean of the unpatched inputs of block k over the positions `over` of the same prompt. */
export interface Mean extends Graded, Positioned {
  readonly kind: "mean";
  readonly over: readonly number[];
}

/** Identity: each state is replaced by itself. A control: it must change nothing. */
export interface Identity extends Positioned {
  readonly kind: "identity";
}

/** One row of given vectors: `vectors[i]` (`[width]`) is put at `positions[i]` at the input of block k. */
export interface VectorsEntry {
  readonly k: number;
  readonly positions: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/** Vectors: states that the user computed elsewhere; each entry gives one row at its own k. */
export interface Vectors extends Graded {
  readonly kind: "vectors";
  readonly entries: readonly VectorsEntry[];
}

/** Everything that can be done to hidden states. */
export type Condition = Swap | Random | Shuffle | Freeze | SkipAttention | Zero | Mean | Identity | Vectors;

export type ConditionKind = Condition["kind"];

/** In the order in which they are offered. */
export const CONDITION_KINDS: readonly ConditionKind[] = [
  "swap",
  "random",
  "shuffle",
  "freeze",
  "skip-attention",
  "zero",
  "mean",
  "identity",
  "vectors",
];

/** Each condition's name for people. */
export const CONDITION_NAMES: Readonly<Record<ConditionKind, string>> = {
  get swap(): string {
    return l10n.t("Swap");
  },
  get random(): string {
    return l10n.t("Random");
  },
  get shuffle(): string {
    return l10n.t("Shuffle");
  },
  get freeze(): string {
    return l10n.t("Freeze");
  },
  get "skip-attention"(): string {
    return l10n.t("Skip attention");
  },
  get zero(): string {
    return l10n.t("Zero");
  },
  get mean(): string {
    return l10n.t("Mean");
  },
  get identity(): string {
    return l10n.t("Identity");
  },
  get vectors(): string {
    return l10n.t("Vectors");
  },
};

/** What each condition does, in one sentence that fits beside its name. */
export const CONDITION_SENTENCES: Readonly<Record<ConditionKind, string>> = {
  get swap(): string {
    return l10n.t("The state of a source token is put over the chosen tokens, before block k.");
  },
  get random(): string {
    return l10n.t("Each state becomes Gaussian noise of the same length, before block k.");
  },
  get shuffle(): string {
    return l10n.t("The coordinates of each state are permuted, before block k.");
  },
  get freeze(): string {
    return l10n.t("From block k on, each state stays the input of block k − 1.");
  },
  get "skip-attention"(): string {
    return l10n.t("From block k on, attention adds nothing, at all tokens.");
  },
  get zero(): string {
    return l10n.t("Each state becomes zero, before block k.");
  },
  get mean(): string {
    return l10n.t("Each state becomes the mean of the prompt’s states, before block k.");
  },
  get identity(): string {
    return l10n.t("Each state is replaced by itself, before block k: a control.");
  },
  get vectors(): string {
    return l10n.t("States of your own, from a file, are put in.");
  },
};

/** Whether a condition takes `strength`. */
export function isGraded(kind: ConditionKind): boolean {
  return kind !== "freeze" && kind !== "skip-attention" && kind !== "identity";
}

/** Whether a condition takes `seeds`. */
export function isSeeded(kind: ConditionKind): kind is "random" | "shuffle" {
  return kind === "random" || kind === "shuffle";
}

/** Smallest k of a condition: freeze needs a block below k. */
export function smallestK(kind: ConditionKind): number {
  return kind === "freeze" ? 1 : 0;
}

/** Positions of the target prompt that a condition replaces, ascending, without repeats; none for skip attention. */
export function replacedPositions(condition: Condition): number[] {
  const positions = ((): readonly number[] => {
    switch (condition.kind) {
      case "swap":
        return condition.pairs.map((pair) => pair.target);
      case "skip-attention":
        return [];
      case "vectors":
        return condition.entries.flatMap((entry) => entry.positions);
      case "random":
      case "shuffle":
      case "freeze":
      case "zero":
      case "mean":
      case "identity":
        return condition.positions;
    }
  })();
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** Positions of the source prompt that a condition reads, ascending, without repeats. */
export function sourcePositionsOf(condition: Condition): number[] {
  if (condition.kind !== "swap") return [];
  return [...new Set(condition.pairs.flatMap((pair) => pair.source))].sort((a, b) => a - b);
}
