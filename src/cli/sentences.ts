/** Conditions and outcomes in words. */
import type { Condition } from "../shared/condition/condition.ts";
import { replacedPositions, sourcePositionsOf } from "../shared/condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../shared/experiment/experiment.ts";
import { placeText, rangeText, runsOf } from "../shared/text/ranges.ts";
import type { SweepRow } from "../shared/experiment/result.ts";
import { shownText } from "../shared/text/text-width.ts";

/** What a sweep does: `state of '␣Italy' @2 → '␣France' @21, before block k`. */
export function actionOf(
  { target, source, condition }: Pick<Experiment, "target" | "source" | "condition">,
  blocks: number,
): { label: string; sentence: string } {
  const label = condition.kind === "skip-attention" ? "skip" : condition.kind;
  const strength = "strength" in condition ? strengthText(condition.strength) : "";
  return { label, sentence: sentenceOf(target, source, condition, blocks) + strength };
}

/** What a grid does. */
export function gridAction(
  { source, sourcePositions, sourceLayer, strength }: GridExperiment,
  blocks: number,
): { label: string; sentence: string } {
  const mean = sourcePositions.length > 1 ? "mean " : "";
  const from = `${mean}state of ${places(source, sourcePositions)}`;
  const how = sourceLayerText(sourceLayer, blocks) + strengthText(strength);
  return { label: "grid", sentence: `${from} → each position, before block k${how}` };
}

function sentenceOf(target: Prompt, source: Prompt | null, condition: Condition, blocks: number): string {
  const at = placesOrAll(target, replacedPositions(condition));
  switch (condition.kind) {
    case "swap": {
      const from = places(source ?? target, sourcePositionsOf(condition));
      const how = condition.align === null ? "" : ` (align ${condition.align})`;
      const layer = sourceLayerText(condition.sourceLayer, blocks);
      return `state of ${from} → ${at}, before block k${layer}${how}`;
    }
    case "random":
      return `noise of each state's length at ${at}, before block k, ${seedsText(condition.seeds)}`;
    case "shuffle":
      return `permuted coordinates at ${at}, before block k, ${seedsText(condition.seeds)}`;
    case "freeze":
      return `the input of block k − 1 at ${at}, before all blocks from k on`;
    case "skip-attention":
      return "no attention in blocks from k on, at all tokens";
    case "zero":
      return `zeros at ${at}, before block k`;
    case "mean":
      return `the mean state of ${placesOrAll(target, condition.over)} at ${at}, before block k`;
    case "identity":
      return `each state replaced by itself at ${at}, before block k`;
    case "vectors":
      return `given vectors put at ${at}, before block k`;
  }
}

function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]!}` : `seeds ${rangeText(seeds[0]!, seeds.at(-1)!)}`;
}

function strengthText(strength: number): string {
  return strength === 1 ? "" : `, strength ${strength}`;
}

function sourceLayerText(layer: number | null, blocks: number): string {
  if (layer === null) return "";
  return layer === blocks ? ", taken after the last block" : `, taken before block ${layer}`;
}

/** Places, or `all tokens but the last` where that is what they are. */
function placesOrAll(prompt: Prompt, positions: readonly number[]): string {
  const all = positions.length > 1 && positions.length === prompt.ids.length - 1;
  if (all && positions.every((position, i) => position === i)) return "all tokens but the last";
  return places(prompt, positions);
}

/** Positions with their tokens' text: `'␣Italy' @2`, `'␣France␣is' @21..22`. */
export function places(prompt: Prompt, positions: readonly number[]): string {
  return runsOf(positions)
    .map(({ from, to }) => {
      const text = shownText(prompt.tokens.slice(from, to + 1).join(""));
      return to - from > 5 ? placeText({ from, to }) : `'${text}' ${placeText({ from, to })}`;
    })
    .join(", ");
}

/** The k at which a patch put in what was there already, in words; null when there is none, or when it was asked for. */
export function emptyPatchWarning(condition: Condition, rows: readonly SweepRow[]): string | null {
  if (condition.kind === "identity" || ("strength" in condition && condition.strength === 0)) return null;
  const ks = [...new Set(rows.filter((row) => row.deltaNorm === 0).map((row) => row.k))];
  if (ks.length === 0) return null;
  const ranges = runsOf(ks).map(({ from, to }) => rangeText(from, to));
  return `The put-in states equal the replaced ones (‖Δh‖ = 0) for k ${ranges.join(", ")}: nothing was ${condition.kind === "swap" ? "swapped" : "changed"} there.`;
}
