/** Log-probabilities of the two answers over k: a line for each, with its band where there are several seeds. */
import * as l10n from "@vscode/l10n";
import type { AnswerNames } from "./grid-cells.ts";
import type { PanelSweep } from "../protocol/panel.ts";
import type { SweepRow } from "../experiment/result.ts";
import { cutToWidth, withoutControls } from "../text/text-width.ts";
import type { Columns } from "./axis.ts";
import { bandSegments, hasBand } from "./band-segments.ts";
import type { Look } from "./look.ts";
import { lineColor } from "./look.ts";
import { coordinate, element, textAt } from "./svg.ts";

/** Where the curve stands, CSS pixels. */
export interface CurveBox {
  readonly top: number;
  readonly height: number;
  readonly width: number;
}

type Side = "target" | "source";

/** Lowest natural log-probability that the scale goes down to: beyond it a curve says no more. */
const LOWEST = -30;

/** The curve with its scale and labels; the target's line is dashed, the source's is not. */
export function curveBlock(
  { rows }: Pick<PanelSweep, "rows">,
  names: AnswerNames,
  columns: Columns,
  place: CurveBox,
  look: Look,
): string[] {
  const sides: readonly Side[] = rows.some((row) => row.sourceLogprob !== null)
    ? ["source", "target"]
    : ["target"];
  const values = rows.flatMap((row) => sides.map((side) => valueOf(row, side) ?? 0));
  const low = Math.max(LOWEST, Math.floor(Math.min(-1, ...values)));
  const y = (value: number): number => place.top + (Math.max(low, value) / low) * place.height;
  const { left } = columns;
  const end = left + place.width;
  const line = { x1: left, x2: end, stroke: look.faint };
  return [
    element("line", { ...line, y1: place.top, y2: place.top }),
    element("line", { ...line, y1: place.top + place.height, y2: place.top + place.height }),
    textAt(end + 6, place.top + 4, "0", { "font-size": 10.5, fill: look.dim }),
    textAt(end + 6, place.top + place.height + 4, `−${-low}`, { "font-size": 10.5, fill: look.dim }),
    ...sides.flatMap((side, i) => [
      ...sideCurve(rows, side, columns, y, look),
      textAt(
        left - 10,
        place.top + 14 + i * 34,
        side === "source" ? l10n.t("◆ log p of") : l10n.t("★ log p of"),
        labelStyle(lineColor(side, look)),
      ),
      textAt(
        left - 10,
        place.top + 29 + i * 34,
        cutToWidth(withoutControls(names[side]), 15),
        labelStyle(look.text),
      ),
      element("line", {
        x1: left - 34,
        x2: left - 10,
        y1: place.top + 34 + i * 34,
        y2: place.top + 34 + i * 34,
        ...strokeOf(side, look),
      }),
    ]),
  ];
}

function labelStyle(fill: string): Record<string, string | number> {
  return { "font-size": 11, "text-anchor": "end", fill };
}

function sideCurve(
  rows: readonly SweepRow[],
  side: Side,
  { left, cell }: Columns,
  y: (value: number) => number,
  look: Look,
): string[] {
  const at = (k: number, value: number): string =>
    `${coordinate(left + (k + 0.5) * cell)},${coordinate(y(value))}`;
  return bandSegments(rows, (row) => valueOf(row, side)).flatMap((points) => {
    const upper = points.map(({ k, most }) => at(k, most));
    const lower = points.map(({ k, least }) => at(k, least)).reverse();
    const band = element("polygon", {
      points: [...upper, ...lower].join(" "),
      fill: lineColor(side, look),
      "fill-opacity": 0.2,
    });
    const line = element("polyline", {
      points: points.map(({ k, mean }) => at(k, mean)).join(" "),
      fill: "none",
      class: `curve-${side}`,
      ...strokeOf(side, look),
    });
    return [...(hasBand(points) ? [band] : []), line];
  });
}

function strokeOf(side: Side, look: Look): Record<string, string | number> {
  return {
    stroke: lineColor(side, look),
    "stroke-width": 2,
    ...(side === "target" ? { "stroke-dasharray": "6 2" } : {}),
  };
}

function valueOf(row: SweepRow, side: Side): number | null {
  return side === "target" ? row.targetLogprob : row.sourceLogprob;
}
