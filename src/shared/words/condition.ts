/** A condition in words, for the panel, the hover and sessions. */
import * as l10n from "@vscode/l10n";
import type { Condition, Swap } from "../condition/condition.ts";
import { replacedPositions, sourcePositionsOf } from "../condition/condition.ts";
import type { ConditionChoice } from "../condition/condition-choice.ts";
import type { Token } from "../prompt/tokens.ts";
import { placeText } from "../text/ranges.ts";
import { visibleText } from "../text/shown-text.ts";

/** What a sentence is made of. */
export interface SentenceParts {
  readonly condition: Condition;
  /** How its positions were chosen. */
  readonly choice: Pick<ConditionChoice, "where" | "excludeBos">;
  readonly target: { readonly tokens: readonly Token[]; readonly startsWithBos: boolean };
  /** Tokens of the source prompt; null without one. */
  readonly source: readonly Token[] | null;
}

/** "state of '␣Italy' @2 → '␣France' @21, before block k". */
export function conditionSentence(parts: SentenceParts): string {
  const { condition } = parts;
  return [actionText(parts), ...strengthText(condition), ...seedsText(condition)].join(", ");
}

function actionText(parts: SentenceParts): string {
  const { condition } = parts;
  const places = placesOf(parts);
  switch (condition.kind) {
    case "swap":
      return l10n.t("{0} → {1}, before block k", putIn(condition, parts.source), places);
    case "random":
      return l10n.t("noise of the same length at {0}, before block k", places);
    case "shuffle":
      return l10n.t("shuffled coordinates at {0}, before block k", places);
    case "freeze":
      return l10n.t("the input of block k − 1 kept at {0}, from block k on", places);
    case "skip-attention":
      return l10n.t("no attention at any token, from block k on");
    case "zero":
      return l10n.t("zeros at {0}, before block k", places);
    case "mean":
      return l10n.t("the mean of the prompt’s states at {0}, before block k", places);
    case "identity":
      return l10n.t("the same state again at {0}, before block k", places);
    case "vectors":
      return l10n.t("vectors of a file at {0}, before block k", places);
  }
}

/** Tokens and their positions: `'␣Italy' @2`. */
function placesText(tokens: readonly Token[], positions: readonly number[]): string {
  const quoted = (position: number): string => visibleText(tokens[position]?.text ?? "");
  const first = positions[0] ?? 0;
  const last = positions.at(-1) ?? first;
  const isStretch = last - first + 1 === positions.length;
  if (isStretch) {
    return `'${positions.map(quoted).join("")}' ${placeText({ from: first, to: last })}`;
  }
  return positions.map((position) => `'${quoted(position)}' @${position}`).join(", ");
}

function putIn(condition: Swap, source: readonly Token[] | null): string {
  if (!source) return "";
  const positions = sourcePositionsOf(condition);
  const places = placesText(source, positions);
  const { align, sourceLayer } = condition;
  if (positions.length <= 1) {
    return sourceLayer === null
      ? l10n.t("state of {0}", places)
      : l10n.t("state of {0} before block {1}", places, sourceLayer);
  }
  if (align === "mean") {
    return sourceLayer === null
      ? l10n.t("mean state of {0}", places)
      : l10n.t("mean state of {0} before block {1}", places, sourceLayer);
  }
  return sourceLayer === null
    ? l10n.t("states of {0}", places)
    : l10n.t("states of {0} before block {1}", places, sourceLayer);
}

function placesOf({ condition, choice, target }: SentenceParts): string {
  const positions = replacedPositions(condition);
  const isAtChosen = condition.kind === "swap" || condition.kind === "vectors" || choice.where === "chosen";
  if (isAtChosen) return placesText(target.tokens, positions);
  const all =
    positions.length === 1
      ? l10n.t("the token before the last")
      : l10n.t("all {0} tokens before the last", positions.length);
  return choice.excludeBos && target.startsWithBos ? l10n.t("{0}, without BOS", all) : all;
}

function strengthText(condition: Condition): string[] {
  if (!("strength" in condition) || condition.strength === 1) return [];
  return [l10n.t("at strength {0}", condition.strength)];
}

function seedsText(condition: Condition): string[] {
  if (!("seeds" in condition)) return [];
  const { seeds } = condition;
  return seeds.length === 1
    ? [l10n.t("seed {0}", seeds[0]!)]
    : [l10n.t("seeds {0}–{1}", seeds[0]!, seeds.at(-1)!)];
}
