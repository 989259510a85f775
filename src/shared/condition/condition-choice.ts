/**
 * A condition as a user chooses it, before prompt and tokens are known, and the one rule that makes a condition of it.
 * Command line and editor both build their conditions here, so that the same choice gives the same numbers.
 */
import type { Condition, ConditionKind } from "./condition.ts";
import { descriptorOf } from "./condition.ts";
import type { ConditionOptions, ConditionPlace } from "./condition-options.ts";

/** What a user chooses beside tokens. */
export interface ConditionChoice extends ConditionOptions {
  readonly kind: ConditionKind;
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

/** A choice after a change of some of it. */
export function changedChoice(choice: ConditionChoice, change: Partial<ConditionChoice>): ConditionChoice {
  const changed = { ...choice, ...change };
  return change.numbers ? { ...changed, numbers: { ...choice.numbers, ...change.numbers } } : changed;
}

/** Most seeds of one run. */
export const MOST_SEEDS = 50;

/**
 * The condition that a choice makes at a place.
 *
 * @throws SwapError `bad-span` when no position is left, `bad-condition` when something the kind needs is missing
 */
export function conditionOf(choice: ConditionChoice, place: ConditionPlace): Condition {
  return descriptorOf(choice.kind).build(choice, place);
}
