/** How a picture is coloured: as it is shown in the editor's theme, or for print on white. */
import type { Palette, Rgba } from "./color-scale.ts";
import { amountColor, outcomeColor, rankColor } from "./color-scale.ts";
import type { GridCell, Metric } from "./grid-cells.ts";
import { cellColor, probabilityDifference } from "./grid-cells.ts";
import type { Outcome } from "../experiment/outcome.ts";

/** Ways to colour a picture. */
export type LookKind = "shown" | "print";

/** Everything that a picture needs to know about colours; all of them as `#rrggbb`, over the ground already. */
export interface Look {
  readonly kind: LookKind;
  readonly palette: Palette;
  readonly ground: string;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
}

/**
 * Print: three steps of lightness, so that grey copies and all forms of colour blindness keep them apart; dark blue for
 * the source, light orange for the target, grey between them. Letters stand on them besides.
 */
const PRINT: Palette = {
  source: [11, 61, 120, 1],
  target: [246, 190, 120, 1],
  neither: [150, 150, 150, 1],
  foreground: [0, 0, 0, 1],
  background: [255, 255, 255, 1],
  focus: [0, 0, 0, 1],
  highContrast: false,
};

/** Scale of differences in print, target end to source end: its lightness falls all the way. */
const PRINT_SCALE: readonly [Rgba, Rgba, Rgba] = [
  [253, 227, 195, 1],
  [176, 190, 205, 1],
  [11, 61, 120, 1],
];

/** The look of the editor's theme. */
export function shownLook(palette: Palette): Look {
  return lookOf("shown", palette);
}

/** The look for print. */
export const printLook: Look = lookOf("print", PRINT);

function lookOf(kind: LookKind, palette: Palette): Look {
  const { foreground, background } = palette;
  const [red, green, blue] = foreground;
  return {
    kind,
    palette,
    ground: solid(background, background),
    text: solid(foreground, background),
    dim: solid([red, green, blue, kind === "print" ? 0.75 : 0.7], background),
    faint: solid([red, green, blue, 0.25], background),
  };
}

/** A colour over an opaque ground, as `#rrggbb`: what every program that reads SVG understands. */
export function solid([red, green, blue, alpha]: Rgba, ground: Rgba): string {
  const over = (value: number, under: number): string =>
    Math.max(0, Math.min(255, Math.round(value * alpha + under * (1 - alpha))))
      .toString(16)
      .padStart(2, "0");
  return `#${over(red, ground[0])}${over(green, ground[1])}${over(blue, ground[2])}`;
}

/** Full colour of an outcome, as in the strip. */
export function outcomeFill(outcome: Outcome, { palette }: Look): string {
  return solid(palette[outcome], palette.background);
}

/** An outcome's colour as a thin line: print's light orange would be lost on white. */
export function lineColor(outcome: Outcome, look: Look): string {
  return look.kind === "print" && outcome === "target" ? "#b36b00" : outcomeFill(outcome, look);
}

/** Colour of an outcome's cell in the heatmap, where the target's is the calm one. */
export function outcomeCellFill(outcome: Outcome, look: Look): string {
  const { kind, palette } = look;
  const isFull = kind === "print" || palette.highContrast;
  return isFull ? outcomeFill(outcome, look) : solid(outcomeColor(outcome, palette), palette.background);
}

/** Ink of a letter or shape that stands on an outcome's full colour: black or white, whichever is easier to read. */
export function inkOn(fill: string): string {
  return luminance(fill) > 0.179 ? "#000000" : "#ffffff";
}

/** Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance). */
export function luminance(fill: string): number {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(fill.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

/** A heatmap cell's colour; null where the metric has no value. `extent` is `metricExtent` of the grid. */
export function cellFill(cell: GridCell, metric: Metric, extent: number, look: Look): string | null {
  const { palette, kind } = look;
  if (metric === "outcome") return outcomeCellFill(cell.outcome, look);
  if (kind === "print" && (metric === "probability" || metric === "logits")) {
    const value = metric === "probability" ? probabilityDifference(cell) : cell.logitDifference;
    return value === null ? null : differenceFill(metric === "logits" ? value / extent : value, look);
  }
  const color = cellColor(cell, metric, extent, palette);
  return color && solid(color, palette.background);
}

/** Colour of a difference in print, -1 (target) to 1 (source). */
export function differenceFill(value: number, { palette }: Look): string {
  const share = Math.max(-1, Math.min(1, value)) + 1;
  const [from, to] = share <= 1 ? [PRINT_SCALE[0], PRINT_SCALE[1]] : [PRINT_SCALE[1], PRINT_SCALE[2]];
  const part = share <= 1 ? share : share - 1;
  const channel = (i: 0 | 1 | 2): number => from[i] + (to[i] - from[i]) * part;
  return solid([channel(0), channel(1), channel(2), 1], palette.background);
}

/** Colour of an amount, 0 to 1. */
export function amountFill(share: number, { palette }: Look): string {
  return solid(amountColor(share, palette), palette.background);
}

/** Colour of a rank, 1 = most likely. */
export function rankFill(rank: number, { palette }: Look): string {
  return solid(rankColor(rank, palette), palette.background);
}
