/** A condition in words: what is put where, and the settings beside it. Every surface draws these, and words none of its own. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../condition/condition.ts";
import { descriptorOf, ownValuesText, replacedPositions, sourcePositionsOf } from "../condition/condition.ts";
import type { GridExperiment } from "../experiment/experiment.ts";
import type { Tokenization } from "../prompt/tokens.ts";
import { placeText, rangeText, runsOf } from "../text/ranges.ts";
import { shownText } from "../text/text-width.ts";
import type { Part } from "./parts.ts";
import { joined, part, sentence } from "./parts.ts";
import { joinedTokens } from "../text/token-bytes.ts";

/** A prompt whose tokens a sentence names. */
export interface NamedPrompt {
  /** Decoded text of each token. */
  readonly tokens: readonly string[];
  readonly startsWithBos: boolean;
  /** Which prompt it is, where nothing beside the sentence shows that. */
  readonly label?: string;
}

/** A prompt that was read, to be named. */
export function namedPrompt({ tokenization, startsWithBos }: PromptRead): NamedPrompt {
  return { tokens: tokenization.tokens.map(({ text }) => text), startsWithBos };
}

interface PromptRead {
  readonly tokenization: Pick<Tokenization, "tokens">;
  readonly startsWithBos: boolean;
}

/** What a sentence is made of. */
export interface SentenceFacts {
  readonly condition: Condition;
  readonly target: NamedPrompt;
  /** Null without one. */
  readonly source: NamedPrompt | null;
  /** Number of blocks of the model; 0 while unknown. */
  readonly blocks: number;
}

/** What a grid puts in. */
type GridSettings = Pick<GridExperiment, "sourcePositions" | "sourceLayer" | "strength">;

/** Tokens beyond which a stretch is named by its positions alone. */
const MOST_NAMED_TOKENS = 6;

/** `state of '␣Italy' @2 → '␣France' @21, before layer k`. */
export function conditionSentence({ condition, target, source, blocks }: SentenceFacts): Part[] {
  const from = source ? statesText(source, sourcePositionsOf(condition), isMean(condition)) : [];
  const places = part(replacedText(condition, target), "target");
  const over = "over" in condition ? [l10n.t("over {0}", ruleText(target, condition.over))] : [];
  return joined(
    [sentence(descriptorOf(condition.kind).action(), places, from), ...over, ...settings(condition, blocks)],
    ", ",
  );
}

/** What a grid does: `state of '␣Italy' @2 → every token, before layer k`. */
export function gridSentence(
  { sourcePositions, sourceLayer, strength }: GridSettings,
  source: NamedPrompt,
  blocks: number,
): Part[] {
  const from = statesText(source, sourcePositions, true);
  const action = sentence(descriptorOf("swap").action(), part(l10n.t("every token"), "target"), from);
  return joined([action, ...layerText(sourceLayer, blocks), ...strengthText(strength)], ", ");
}

/**
 * A condition in few words, its settings where they are not the paper's: `Swap, align mean, strength 0.5`.
 *
 * @param name by which it is known where it stands
 */
export function conditionName(
  condition: Condition,
  blocks: number,
  name = descriptorOf(condition.kind).name(),
): string {
  const align = "align" in condition && condition.align !== null ? [alignText(condition.align)] : [];
  return [name, ...align, ...settings(condition, blocks)].join(", ");
}

/** The same of a grid. */
export function gridName({ sourceLayer, strength }: GridSettings, blocks: number): string {
  return [l10n.t("Swap at every token"), ...layerText(sourceLayer, blocks), ...strengthText(strength)].join(
    ", ",
  );
}

/** The condition's own numbers, layer of the source's states, seeds and strength, where they are not the paper's. */
function settings(condition: Condition, blocks: number): string[] {
  return [
    ...ownValuesText(condition),
    ...("sourceLayer" in condition ? layerText(condition.sourceLayer, blocks) : []),
    ...("seeds" in condition ? [seedsText(condition.seeds)] : []),
    ...("strength" in condition ? strengthText(condition.strength) : []),
  ];
}

/** `seed 3`, or `seeds 0–4`. */
export function seedsText(seeds: readonly number[]): string {
  const [first = 0] = seeds;
  if (seeds.length === 1) return l10n.t("seed {0}", first);
  return l10n.t(
    "seeds {0}",
    runsOf(seeds)
      .map(({ from, to }) => rangeText(from, to))
      .join(", "),
  );
}

/** The tokens that a condition replaces; those that its rule gives by the rule. */
export function replacedText(condition: Condition, target: NamedPrompt): string {
  const positions = replacedPositions(condition);
  const isRule = descriptorOf(condition.kind).takes.places === "rule";
  return isRule ? ruleText(target, positions) : tokensText(target, positions);
}

/** Positions with their tokens, a long stretch by its positions alone: `'␣Italy' @2, @7..19`. */
export function tokensText({ tokens }: NamedPrompt, positions: readonly number[]): string {
  return runsOf(positions)
    .map(({ from, to }) => {
      const place = placeText({ from, to });
      const text = joinedTokens(tokens.slice(from, to + 1));
      // Bytes of a few characters are many tokens, and no long text.
      if (to - from >= MOST_NAMED_TOKENS && text.length > to - from) return place;
      return `'${shownText(text)}' ${place}`;
    })
    .join(", ");
}

function ruleText(prompt: NamedPrompt, positions: readonly number[]): string {
  const [run, ...others] = runsOf(positions);
  if (run && others.length === 0 && run.from < run.to && run.to === prompt.tokens.length - 2) {
    if (run.from === 0) return l10n.t("all tokens but the last");
    if (run.from === 1 && prompt.startsWithBos) return l10n.t("all tokens but BOS and the last");
  }
  return tokensText(prompt, positions);
}

/** `state of '␣Italy' @2`, with the prompt's label where it has one. */
function statesText(source: NamedPrompt, positions: readonly number[], isMean: boolean): Part[] {
  const { label } = source;
  const place = part(tokensText(source, positions), "source");
  const named = label === undefined ? [place] : [place, part(` (${shownText(label)})`)];
  if (positions.length <= 1) return sentence(l10n.t("state of {0}"), named);
  return isMean ? sentence(l10n.t("mean state of {0}"), named) : sentence(l10n.t("states of {0}"), named);
}

function isMean(condition: Condition): boolean {
  return "align" in condition && condition.align === "mean";
}

function alignText(align: "last" | "each" | "mean"): string {
  switch (align) {
    case "last":
      return l10n.t("align last");
    case "each":
      return l10n.t("align each");
    case "mean":
      return l10n.t("align mean");
  }
}

/**
 * Where the source's states are taken; empty where the layer is k's own.
 *
 * @param layer null: locked to k
 */
export function layerText(layer: number | null, blocks: number): string[] {
  if (layer === null) return [];
  return [
    layer === blocks
      ? l10n.t("source state after the last layer")
      : l10n.t("source state before layer {0}", layer),
  ];
}

/** Empty for a whole replacement. */
export function strengthText(strength: number): string[] {
  return strength === 1 ? [] : [l10n.t("strength {0}", strength)];
}
