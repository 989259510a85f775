/** Conditions and outcomes in words. */
import type { Condition } from "../shared/condition/condition.ts";
import {
  descriptorOf,
  ownValuesText,
  replacedPositions,
  sourcePositionsOf,
} from "../shared/condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../shared/experiment/experiment.ts";
import { placeText, rangeText, runsOf } from "../shared/text/ranges.ts";
import type { SweepRow } from "../shared/experiment/result.ts";
import { shownText } from "../shared/text/text-width.ts";

/** What a sweep does: `state of '␣Italy' @2 → '␣France' @21, before block k`. */
export function actionOf(
  experiment: Pick<Experiment, "target" | "source" | "condition">,
  blocks: number,
): { label: string; sentence: string } {
  const { condition } = experiment;
  // Labels stand in a narrow column: `skip-attention` is `skip`.
  return { label: condition.kind.split("-")[0]!, sentence: sentenceOf(experiment, blocks) };
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

/** The condition's own phrase, then the parts that it is made of. */
function sentenceOf(
  { target, source, condition }: Pick<Experiment, "target" | "source" | "condition">,
  blocks: number,
): string {
  const read = sourcePositionsOf(condition);
  const from = read.length === 0 ? "" : `state of ${places(source ?? target, read)}`;
  const at = placesOrAll(target, replacedPositions(condition));
  return [
    descriptorOf(condition.kind).action(at, from),
    "over" in condition ? `, over ${placesOrAll(target, condition.over)}` : "",
    ...ownValuesText(condition).map((text) => `, ${text}`),
    "sourceLayer" in condition ? sourceLayerText(condition.sourceLayer, blocks) : "",
    "align" in condition && condition.align !== null ? ` (align ${condition.align})` : "",
    "seeds" in condition ? `, ${seedsText(condition.seeds)}` : "",
    "strength" in condition ? strengthText(condition.strength) : "",
  ].join("");
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
