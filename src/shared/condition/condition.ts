/**
 * Conditions as plain data: what is put in place of hidden states, with everything that reproduces it. k is always the
 * 0-based block whose input is replaced; positions are 0-based token indices, BOS included.
 */
import * as v from "valibot";
import type { Frozen } from "../frozen.ts";
import type { Descriptor } from "./descriptor.ts";
import { KINDS } from "./kinds.ts";
import type { OwnNumber, OwnValues } from "./own-number.ts";
import { numberSchema } from "./own-number.ts";

/** A condition as it stands in messages and files. */
export const conditionSchema = v.variant(
  "kind",
  KINDS.map(({ schema }) => schema),
);

/** Everything that can be done to hidden states. */
export type Condition = Frozen<v.InferOutput<(typeof KINDS)[number]["schema"]>>;

export type ConditionKind = Condition["kind"];

/** In the order in which they are offered. */
export const CONDITION_KINDS: readonly ConditionKind[] = KINDS.map(({ kind }) => kind);

const DESCRIPTORS = new Map<ConditionKind, Descriptor<Condition>>(KINDS.map((one) => [one.kind, one]));

/** What a kind of condition says of itself. */
export function descriptorOf(kind: ConditionKind): Descriptor<Condition> {
  return DESCRIPTORS.get(kind)!;
}

/** Numbers that only some conditions take, each once. */
export const OWN_NUMBERS: readonly OwnNumber[] = [
  ...new Map(KINDS.flatMap(({ takes }) => takes.numbers).map((one) => [one.key, one])).values(),
];

/** Values of own numbers as they are chosen: only those that were. */
export const ownValuesSchema: v.GenericSchema<OwnValues> = v.object(
  Object.fromEntries(OWN_NUMBERS.map((one) => [one.key, v.exactOptional(numberSchema(one))])),
);

/** A condition's own numbers with their values. */
export function ownValuesOf(condition: Condition): { number: OwnNumber; value: number }[] {
  const values: Readonly<Record<string, unknown>> = { ...condition };
  return descriptorOf(condition.kind).takes.numbers.map((number) => ({
    number,
    value: Number(values[number.key]),
  }));
}

/** A condition's own numbers in words: `at 90°`. */
export function ownValuesText(condition: Condition): string[] {
  return ownValuesOf(condition).map(({ number, value }) => number.said(value));
}

/** Smallest k of a condition: 1 for one that reads the block below k. */
export function smallestK(kind: ConditionKind): number {
  return descriptorOf(kind).smallestK;
}

/** Whether a kind of condition puts in states of a source. */
export function takesSource(kind: ConditionKind): boolean {
  return descriptorOf(kind).takes.source;
}

/** Whether a condition puts in what stands there already, and is meant to. */
export function isMeantToChangeNothing(condition: Condition): boolean {
  if ("strength" in condition && condition.strength === 0) return true;
  return descriptorOf(condition.kind).changesNothing?.(condition) ?? false;
}

/** Whether a condition's tokens are those that were chosen or given, rather than those of a rule or all of them. */
export function isAtChosen(kind: ConditionKind, where: "all-but-last" | "chosen"): boolean {
  const { places } = descriptorOf(kind).takes;
  return places === "chosen" || places === "given" || (places === "rule" && where === "chosen");
}

/** Positions of the target prompt that a condition replaces, ascending, without repeats; none for skip attention. */
export function replacedPositions(condition: Condition): number[] {
  return ascending(descriptorOf(condition.kind).replaced(condition));
}

/** Whether a condition replaces position 0, where a BOS token stands; null for one that acts at all tokens. */
export function replacesBos(condition: Condition): boolean | null {
  if (descriptorOf(condition.kind).takes.places === "none") return null;
  return replacedPositions(condition).includes(0);
}

/** Positions of the source prompt that a condition reads, ascending, without repeats. */
export function sourcePositionsOf(condition: Condition): number[] {
  return ascending(descriptorOf(condition.kind).read(condition));
}

function ascending(positions: readonly number[]): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}
