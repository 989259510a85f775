/** The condition that an intervention stands for now: its choice, at its tokens. */
import type { Condition } from "../../shared/condition/condition.ts";
import { isAtChosen, replacedPositions } from "../../shared/condition/condition.ts";
import type { ConditionPlace } from "../../shared/condition/condition-options.ts";
import { conditionOf } from "../../shared/condition/condition-choice.ts";
import { SwapError } from "../../shared/errors.ts";
import { positionsOf } from "../../shared/prompt/spans.ts";
import type { Intervention } from "./records.ts";
import { samePairs } from "./records.ts";

/** What a condition is made from. */
export type ConditionParts = Pick<Intervention, "target" | "targets" | "align" | "pairs" | "setup">;

/**
 * The condition of the next run, made as the command line makes it.
 *
 * @throws SwapError `bad-span`, `bad-condition` when something is still to be chosen
 */
export function conditionNow({ target, targets, align, pairs, setup }: ConditionParts): Condition {
  const place: ConditionPlace = {
    length: target.tokenization.ids.length,
    startsWithBos: target.startsWithBos,
    chosen: targets.flatMap(positionsOf),
    align,
    pairs,
    entries: setup.vectors?.entries ?? [],
  };
  return conditionOf(setup.choice, place);
}

/** The condition of the next run; null while something is still to be chosen. */
export function conditionIfAny(parts: ConditionParts): Condition | null {
  try {
    return conditionNow(parts);
  } catch (error) {
    if (error instanceof SwapError) return null;
    throw error;
  }
}

/** Positions that the next run replaces, ascending; those of the chosen tokens while there is no condition yet. */
export function replacedNow(parts: ConditionParts): number[] {
  const condition = conditionIfAny(parts);
  return condition ? replacedPositions(condition) : parts.targets.flatMap(positionsOf);
}

/** Whether the condition stands for chosen tokens, rather than for a rule such as all but the last. */
export function isAtChosenTokens({ setup: { choice } }: Pick<Intervention, "setup">): boolean {
  return isAtChosen(choice.kind, choice.where);
}

/** Parts of conditions that say which tokens are meant. */
const PLACES: readonly string[] = ["positions", "over", "pairs", "align", "entries"];

/** Whether two conditions are the same, tokens apart: kind, strength, seeds, layer of the source, own numbers. */
export function sameKind(a: Condition, b: Condition): boolean {
  const rest = (condition: Condition): string => {
    const parts = Object.entries(condition).filter(([name]) => !PLACES.includes(name));
    return JSON.stringify(parts.sort(([one], [other]) => (one < other ? -1 : 1)));
  };
  return rest(a) === rest(b);
}

/** Whether two conditions do the same to the same positions. */
export function sameCondition(a: Condition, b: Condition): boolean {
  if (!sameKind(a, b)) return false;
  // Vectors are large, and a file that was chosen again is another one.
  if ("entries" in a && "entries" in b) return a.entries === b.entries;
  // How pairs were aligned says nothing more once they are there.
  if ("pairs" in a && "pairs" in b) return samePairs(a.pairs, b.pairs);
  return JSON.stringify(a) === JSON.stringify(b);
}
