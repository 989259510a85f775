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

/** Whether two conditions are the same, tokens apart: kind, strength, seeds, layer of the source. */
export function sameKind(a: Condition, b: Condition): boolean {
  const { kind } = a;
  if (kind !== b.kind) return false;
  const rest = (condition: Condition): unknown => [
    "strength" in condition ? condition.strength : null,
    "seeds" in condition ? condition.seeds : null,
    "sourceLayer" in condition ? condition.sourceLayer : null,
  ];
  return JSON.stringify(rest(a)) === JSON.stringify(rest(b));
}

/** Whether two conditions do the same to the same positions. */
export function sameCondition(a: Condition, b: Condition): boolean {
  if (!sameKind(a, b)) return false;
  // Vectors are large, and a file that was chosen again is another one.
  if (a.kind === "vectors" || b.kind === "vectors") {
    return a.kind === "vectors" && b.kind === "vectors" && a.entries === b.entries;
  }
  // How pairs were aligned says nothing more once they are there.
  if (a.kind === "swap" && b.kind === "swap") return samePairs(a.pairs, b.pairs);
  return JSON.stringify(a) === JSON.stringify(b);
}
