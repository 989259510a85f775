/** From a cell's numbers to a colour: one categorical, two diverging and one sequential scale, all colour-blind safe. */
import type { Outcome } from "../experiment/outcome.ts";

/** A colour: red, green, blue 0–255, alpha 0–1. */
export type Rgba = readonly [number, number, number, number];

/** The theme's colours as the canvas needs them. */
export interface Palette {
  readonly source: Rgba;
  readonly target: Rgba;
  readonly neither: Rgba;
  readonly foreground: Rgba;
  readonly background: Rgba;
  readonly focus: Rgba;
  /** True in both high-contrast themes and with forced colours: outlines and patterns replace tints. */
  readonly highContrast: boolean;
}

/**
 * Strength of the three outcomes. The unpatched answer is the calm one, so that the causal region stands out;
 * the source answer is the loud one.
 */
const OUTCOME_ALPHA: Readonly<Record<Outcome, number>> = { source: 1, neither: 0.5, target: 0.3 };
/** The target end of a diverging scale stays calmer than the source end, for the same reason. */
const TARGET_END = 0.62;
const NEUTRAL_ALPHA = 0.16;

/** Reads `rgb(…)`, `rgba(…)` and `color(srgb …)`, the forms in which browsers report computed colours. */
export function parseColor(text: string): Rgba {
  const numbers = (text.match(/-?[\d.]+(?:e-?\d+)?%?/g) ?? []).map((part) =>
    part.endsWith("%") ? Number(part.slice(0, -1)) / 100 : Number(part),
  );
  const scale = text.startsWith("color(") ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red * scale, green * scale, blue * scale, alpha];
}

/** CSS text of a colour. */
export function cssColor([red, green, blue, alpha]: Rgba): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${Number(alpha.toFixed(3))})`;
}

/** Colour of an outcome's cell. */
export function outcomeColor(outcome: Outcome, palette: Palette): Rgba {
  return withAlpha(palette[outcome], OUTCOME_ALPHA[outcome]);
}

/**
 * Diverging scale through a neutral grey at 0: blue for the source side, orange for the target side. Blue against orange
 * stays apart in all common forms of colour blindness.
 *
 * @param value -1 (target) to 1 (source); clamped
 */
export function divergingColor(value: number, palette: Palette): Rgba {
  const strength = Math.min(1, Math.abs(value));
  const end = value >= 0 ? palette.source : withAlpha(palette.target, TARGET_END);
  return mix(withAlpha(palette.neither, NEUTRAL_ALPHA), end, strength);
}

/**
 * Sequential scale for ranks, in the theme's foreground: nothing at rank 1, full from rank `RANK_FULL` on, logarithmic
 * between.
 *
 * @param rank 1 = most likely
 */
export function rankColor(rank: number, palette: Palette): Rgba {
  return amountColor(Math.log(Math.max(1, rank)) / Math.log(RANK_FULL), palette);
}

/**
 * Sequential scale for amounts of no side, in the theme's foreground.
 *
 * @param share 0 (nothing) to 1; clamped
 */
export function amountColor(share: number, palette: Palette): Rgba {
  return withAlpha(palette.foreground, 0.06 + 0.84 * Math.max(0, Math.min(1, share)));
}

/** Rank at which the sequential scale is full. */
export const RANK_FULL = 1000;

function withAlpha([red, green, blue, alpha]: Rgba, factor: number): Rgba {
  return [red, green, blue, alpha * factor];
}

/** Straight interpolation with colours weighted by their alpha, so that a faint grey does not muddy the hue. */
function mix(from: Rgba, to: Rgba, share: number): Rgba {
  const alpha = from[3] + (to[3] - from[3]) * share;
  const channel = (index: 0 | 1 | 2): number => {
    const sum = from[index] * from[3] * (1 - share) + to[index] * to[3] * share;
    return alpha === 0 ? 0 : sum / alpha;
  };
  return [channel(0), channel(1), channel(2), alpha];
}
