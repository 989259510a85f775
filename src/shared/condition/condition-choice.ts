/**
 * A condition as a user chooses it, before prompt and tokens are known, and the one rule that makes a condition of it.
 * Command line and editor both build their conditions here, so that the same choice gives the same numbers.
 */
import * as l10n from "@vscode/l10n";
import type { Alignment, Condition, ConditionKind, SwapPair, VectorsEntry } from "./condition.ts";
import { SwapError } from "../errors.ts";

/** What a user chooses beside tokens. Values that a kind does not take are kept, so that changing back loses nothing. */
export interface ConditionChoice {
  readonly kind: ConditionKind;
  /** For conditions other than swap, skip attention and vectors: all tokens but the last, or the chosen ones. */
  readonly where: "all-but-last" | "chosen";
  /** Leaves a beginning-of-sequence token as it is; the paper replaces it. */
  readonly excludeBos: boolean;
  /** First seed, an integer from 0 up. */
  readonly seed: number;
  /** How many seeds: seed, seed + 1, … */
  readonly seeds: number;
  /** 0..1 */
  readonly strength: number;
  /** For swap; null: locked to k. */
  readonly sourceLayer: number | null;
}

/** The paper's way: a whole replacement at the same layer, BOS included. */
export const INITIAL_CHOICE: ConditionChoice = {
  kind: "swap",
  where: "all-but-last",
  excludeBos: false,
  seed: 0,
  seeds: 1,
  strength: 1,
  sourceLayer: null,
};

/** Most seeds of one run. */
export const MOST_SEEDS = 50;

/** What a choice is applied to. */
export interface ConditionPlace {
  /** Tokens of the target prompt. */
  readonly length: number;
  /** Whether position 0 is a beginning-of-sequence token. */
  readonly startsWithBos: boolean;
  /** Chosen target positions. */
  readonly chosen: readonly number[];
  /** For swap. */
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
  /** For vectors. */
  readonly entries: readonly VectorsEntry[];
}

/**
 * The condition that a choice makes at a place.
 *
 * @throws SwapError `bad-span` when no position is left, `bad-condition` when something the kind needs is missing
 */
export function conditionOf(choice: ConditionChoice, place: ConditionPlace): Condition {
  const { kind, strength } = choice;
  switch (kind) {
    case "swap": {
      const { align } = place;
      const pairs = place.pairs.filter(({ target }) => !isLeftOut(target, choice, place));
      if (pairs.length === 0) {
        throw new SwapError(
          "bad-condition",
          l10n.t("A swap needs a token to replace."),
          l10n.t("Choose target tokens."),
        );
      }
      return { kind, align, pairs, sourceLayer: choice.sourceLayer, strength };
    }
    case "vectors":
      if (place.entries.length === 0) {
        throw new SwapError(
          "bad-condition",
          l10n.t("No vectors are given."),
          l10n.t("Choose a vectors file."),
        );
      }
      return { kind, entries: place.entries, strength };
    case "skip-attention":
      return { kind };
    case "freeze":
    case "identity":
      return { kind, positions: positionsOf(choice, place) };
    case "zero":
      return { kind, positions: positionsOf(choice, place), strength };
    case "mean": {
      const over = allButLast(choice, place);
      const positions = positionsOf(choice, place);
      if (over.length === 0) {
        throw new SwapError(
          "bad-span",
          l10n.t("The prompt has no token to take a mean over."),
          l10n.t("Lengthen the prompt."),
        );
      }
      return { kind, positions, over, strength };
    }
    case "random":
    case "shuffle":
      return { kind, positions: positionsOf(choice, place), seeds: seedsOf(choice), strength };
  }
}

/** `seed, seed + 1, …`, as many as chosen. */
export function seedsOf({ seed, seeds }: Pick<ConditionChoice, "seed" | "seeds">): number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

function positionsOf(choice: ConditionChoice, place: ConditionPlace): number[] {
  const positions =
    choice.where === "all-but-last"
      ? allButLast(choice, place)
      : [...new Set(place.chosen)]
          .sort((a, b) => a - b)
          .filter((position) => !isLeftOut(position, choice, place));
  if (positions.length > 0) return positions;
  throw new SwapError(
    "bad-span",
    choice.where === "chosen"
      ? l10n.t("No token is chosen to be replaced.")
      : place.length === 1
        ? l10n.t("All tokens but the last are to be replaced, and the prompt has one token.")
        : l10n.t(
            "All tokens but the last are to be replaced, and the prompt has only a beginning-of-sequence token before it.",
          ),
    l10n.t("Choose tokens, or lengthen the prompt."),
  );
}

function allButLast(choice: ConditionChoice, place: ConditionPlace): number[] {
  return Array.from({ length: place.length - 1 }, (_, position) => position).filter(
    (position) => !isLeftOut(position, choice, place),
  );
}

function isLeftOut(position: number, choice: ConditionChoice, place: ConditionPlace): boolean {
  return position === 0 && choice.excludeBos && place.startsWithBos;
}
