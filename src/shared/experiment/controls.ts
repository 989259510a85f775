/** Controls of a sweep: runs at the same positions and k whose outcome is known beforehand, or should not matter. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../condition/condition.ts";
import type { Random } from "../condition/kinds/random.ts";
import type { Swap } from "../condition/kinds/swap.ts";
import { replacedPositions } from "../condition/condition.ts";
import type { ControlName } from "./result.ts";
import { shownText, withoutControls } from "../text/text-width.ts";

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

/** What people read of each control. */
interface ControlWords {
  /** In a word, beside others. */
  readonly short: string;
  readonly name: string;
  /** What it is for. */
  readonly sentence: string;
}

/** Each control in words. */
export function controlWords(name: ControlName): ControlWords {
  switch (name) {
    case "identity":
      return {
        short: l10n.t("identity"),
        name: l10n.t("Identity"),
        sentence: l10n.t("Each state replaced by itself: must change nothing."),
      };
    case "random":
      return {
        short: l10n.t("random"),
        name: l10n.t("Norm-matched random"),
        sentence: l10n.t("Noise of the same length: what any disturbance there does."),
      };
    case "unrelated":
      return {
        short: l10n.t("unrelated"),
        name: l10n.t("Unrelated source"),
        sentence: l10n.t("The state of an unrelated token: what any other word does."),
      };
  }
}

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
  if ("pairs" in condition) {
    const pairs = positions.map((target) => ({ target, source: [unrelatedLength - 1] }));
    const unrelated: Swap = { ...condition, align: null, pairs };
    plans.push({ name: "unrelated", condition: unrelated, readsUnrelated: true });
  }
  return plans;
}

/**
 * What a control is for, and for an unrelated source which it is.
 *
 * @param unrelated the token that is put in; null for other controls
 * @param prompt its prompt
 */
export function controlSentence(name: ControlName, unrelated: string | null, prompt: string): string {
  const { sentence } = controlWords(name);
  if (unrelated === null) return sentence;
  return l10n.t("{0} Here: “{1}” of “{2}”.", sentence, shownText(unrelated), withoutControls(prompt));
}
