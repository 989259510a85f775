/** An intervention in words, for the panel and the hover. */
import type { ConditionKind } from "../../shared/condition.ts";
import { replacedPositions, sourcePositionsOf } from "../../shared/condition.ts";
import { seedsOf } from "../../shared/condition-choice.ts";
import { visibleText } from "../../shared/tokens.ts";
import { conditionIfAny, isAtChosenTokens } from "./condition-now.ts";
import type { Intervention, ReadPrompt } from "./records.ts";

/** What happens, before where: `noise of the same length at`. */
const ACTIONS: Readonly<Record<Exclude<ConditionKind, "swap" | "skip-attention" | "freeze">, string>> = {
  random: "noise of the same length at",
  shuffle: "shuffled coordinates at",
  zero: "zeros at",
  mean: "the mean of the prompt’s states at",
  identity: "the same state again at",
  vectors: "vectors of a file at",
};

/** "state of '␣Italy' @2 → '␣France' @21, before block k"; empty while something is still to be chosen. */
export function sentenceOf(intervention: Intervention): string {
  const condition = conditionIfAny(intervention);
  if (!condition) return "";
  const places = placesOf(intervention, replacedPositions(condition));
  switch (condition.kind) {
    case "swap":
      return `${putIn(intervention, sourcePositionsOf(condition))} → ${places}, before block k${strengthText(condition.strength)}`;
    case "skip-attention":
      return "no attention at any token, from block k on";
    case "freeze":
      return `the input of block k − 1 kept at ${places}, from block k on`;
    case "identity":
      return `${ACTIONS.identity} ${places}, before block k`;
    case "random":
    case "shuffle":
      return `${ACTIONS[condition.kind]} ${places}, before block k${strengthText(condition.strength)}${seedsText(intervention)}`;
    case "zero":
    case "mean":
    case "vectors":
      return `${ACTIONS[condition.kind]} ${places}, before block k${strengthText(condition.strength)}`;
  }
}

/** Tokens and their positions: `'␣Italy' @2`. */
export function placesText(read: ReadPrompt, positions: readonly number[]): string {
  const quoted = (position: number): string => visibleText(read.tokenization.tokens[position]?.text ?? "");
  const first = positions[0] ?? 0;
  const last = positions.at(-1) ?? first;
  const isStretch = last - first + 1 === positions.length;
  if (isStretch) {
    return `'${positions.map(quoted).join("")}' @${first === last ? first : `${first}–${last}`}`;
  }
  return positions.map((position) => `'${quoted(position)}' @${position}`).join(", ");
}

function putIn({ source, setup, align }: Intervention, positions: readonly number[]): string {
  if (!source) return "";
  const isOne = positions.length <= 1;
  const what = align === "mean" && !isOne ? "mean state of" : isOne ? "state of" : "states of";
  const { sourceLayer } = setup.choice;
  const from = sourceLayer === null ? "" : ` before block ${sourceLayer}`;
  return `${what} ${placesText(source.read, positions)}${from}`;
}

function placesOf(intervention: Intervention, positions: readonly number[]): string {
  if (isAtChosenTokens(intervention)) return placesText(intervention.target, positions);
  const all =
    positions.length === 1 ? "the token before the last" : `all ${positions.length} tokens before the last`;
  const leavesBos = intervention.setup.choice.excludeBos && intervention.target.startsWithBos;
  return leavesBos ? `${all}, without BOS` : all;
}

function strengthText(strength: number): string {
  return strength === 1 ? "" : `, at strength ${strength}`;
}

function seedsText({ setup }: Intervention): string {
  const seeds = seedsOf(setup.choice);
  return seeds.length === 1 ? `, seed ${seeds[0]!}` : `, seeds ${seeds[0]!}–${seeds.at(-1)!}`;
}
