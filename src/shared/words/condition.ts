/** A condition in words, for the panel, the hover and sessions. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../condition/condition.ts";
import type { Swap } from "../condition/kinds/swap.ts";
import {
  descriptorOf,
  isAtChosen,
  ownValuesText,
  replacedPositions,
  sourcePositionsOf,
} from "../condition/condition.ts";
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
  return [
    actionText(parts),
    ...ownValuesText(condition),
    ...strengthText(condition),
    ...seedsText(condition),
  ].join(", ");
}

function actionText(parts: SentenceParts): string {
  const { condition, source } = parts;
  const from = condition.kind === "swap" ? putIn(condition, source) : "";
  return descriptorOf(condition.kind).action(placesOf(parts), from);
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
  if (isAtChosen(condition.kind, choice.where)) return placesText(target.tokens, positions);
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
