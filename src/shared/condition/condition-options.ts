/** What a user chooses beside the kind of a condition, and what it is applied to. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { OwnValues } from "./own-number.ts";
import type { Alignment, SwapPair, VectorsEntry } from "./parts.ts";

/** What is chosen beside kind and tokens. Values that a kind does not take are kept, so that changing back loses nothing. */
export interface ConditionOptions {
  /** For conditions whose tokens follow a rule: all tokens but the last, or the chosen ones. */
  readonly where: "all-but-last" | "chosen";
  /** Leaves a beginning-of-sequence token as it is; the paper replaces it. */
  readonly excludeBos: boolean;
  /** First seed, an integer from 0 up. */
  readonly seed: number;
  /** How many seeds: seed, seed + 1, … */
  readonly seeds: number;
  /** 0..1 */
  readonly strength: number;
  /** For conditions with a source; null: locked to k. */
  readonly sourceLayer: number | null;
  /** Conditions' own numbers, by key; their initial values where none is chosen. */
  readonly numbers?: OwnValues;
}

/** What a choice is applied to. */
export interface ConditionPlace {
  /** Tokens of the target prompt. */
  readonly length: number;
  /** Whether position 0 is a beginning-of-sequence token. */
  readonly startsWithBos: boolean;
  /** Chosen target positions. */
  readonly chosen: readonly number[];
  /** For conditions with a source. */
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
  /** For vectors. */
  readonly entries: readonly VectorsEntry[];
}

/** `seed, seed + 1, …`, as many as chosen. */
export function seedsOf({ seed, seeds }: Pick<ConditionOptions, "seed" | "seeds">): number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/**
 * Positions of a rule or of the chosen tokens, ascending, without repeats.
 *
 * @throws SwapError `bad-span` when none is left
 */
export function positionsOf(options: ConditionOptions, place: ConditionPlace): number[] {
  const positions =
    options.where === "all-but-last"
      ? allButLast(options, place)
      : [...new Set(place.chosen)]
          .sort((a, b) => a - b)
          .filter((position) => !isLeftOut(position, options, place));
  if (positions.length > 0) return positions;
  throw new SwapError(
    "bad-span",
    options.where === "chosen"
      ? l10n.t("No token is chosen to be replaced.")
      : place.length === 1
        ? l10n.t("All tokens but the last are to be replaced, and the prompt has one token.")
        : l10n.t(
            "All tokens but the last are to be replaced, and the prompt has only a beginning-of-sequence token before it.",
          ),
    { code: "choose-tokens" },
  );
}

/** The paper's positions: all but the last, BOS included unless it is left out; may be none. */
export function allButLast(options: ConditionOptions, place: ConditionPlace): number[] {
  return Array.from({ length: place.length - 1 }, (_, position) => position).filter(
    (position) => !isLeftOut(position, options, place),
  );
}

/** Whether a position is the beginning-of-sequence token that is to stay as it is. */
export function isLeftOut(
  position: number,
  { excludeBos }: ConditionOptions,
  { startsWithBos }: ConditionPlace,
): boolean {
  return position === 0 && excludeBos && startsWithBos;
}
