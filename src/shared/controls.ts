/** Controls of a sweep: runs at the same positions and k whose outcome is known beforehand, or should not matter. */
import type { Condition, Random, Swap } from "./condition.ts";
import { replacedPositions } from "./condition.ts";
import type { ControlName } from "./result.ts";

/** Seeds of the random control: enough for a band. */
export const CONTROL_SEEDS: readonly number[] = [0, 1, 2, 3, 4];

/** The prompt of the unrelated source when the user names none; its last token is put in. */
export const UNRELATED_PROMPT = "A large wooden table";

/** A control that can be run for a condition. */
export interface ControlPlan {
  readonly name: ControlName;
  readonly condition: Condition;
  /** Whether `condition` reads the unrelated prompt. */
  readonly readsUnrelated: boolean;
}

/** What each control is for, in one sentence. */
export const CONTROL_SENTENCES: Readonly<Record<ControlName, string>> = {
  identity: "Each state replaced by itself: must change nothing.",
  random: "Noise of the same length: what any disturbance there does.",
  unrelated: "The state of an unrelated token: what any other word does.",
};

/**
 * The controls of a condition: identity and norm-matched random at the same positions, and for a swap an unrelated
 * source. None for skip attention, which replaces no states, and none that would be the condition itself.
 *
 * @param unrelatedLength tokens of the unrelated prompt; its last one is put in
 */
export function controlsOf(condition: Condition, unrelatedLength: number): ControlPlan[] {
  const positions = replacedPositions(condition);
  if (positions.length === 0) return [];
  const strength = "strength" in condition ? condition.strength : 1;
  const plans: ControlPlan[] = [];
  if (condition.kind !== "identity") {
    plans.push({ name: "identity", condition: { kind: "identity", positions }, readsUnrelated: false });
  }
  if (condition.kind !== "random") {
    const random: Random = { kind: "random", positions, seeds: CONTROL_SEEDS, strength };
    plans.push({ name: "random", condition: random, readsUnrelated: false });
  }
  if (condition.kind === "swap") {
    const pairs = positions.map((target) => ({ target, source: [unrelatedLength - 1] }));
    const unrelated: Swap = { ...condition, align: null, pairs };
    plans.push({ name: "unrelated", condition: unrelated, readsUnrelated: true });
  }
  return plans;
}
