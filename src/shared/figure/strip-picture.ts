/** The sweep as a picture for files: a cell for each k, the log-probabilities of both answers under it, the flip. */
import * as l10n from "@vscode/l10n";
import { sweepNames } from "./grid-cells.ts";
import type { PanelState, PanelSweep } from "../protocol/panel.ts";
import type { Columns } from "./axis.ts";
import { blockAxis, cellWidth } from "./axis.ts";
import type { Caption } from "./caption.ts";
import { captionBlock, captioned } from "./caption.ts";
import { curveBlock } from "./curve-picture.ts";
import { outcomeLegend } from "./legend.ts";
import type { Look } from "./look.ts";
import { inkOn, outcomeFill } from "./look.ts";
import type { StripCell } from "./strip-cells.ts";
import { stripCells } from "./strip-cells.ts";
import type { Picture } from "./svg.ts";
import { box, element, textAt, tooltip } from "./svg.ts";

const MARGIN = 16;
const GUTTER = 124;
const RIGHT = 52;
const STRIP = 26;
const CURVE = 96;
const LEAST_WIDTH = 520;

/** @param panel of a session that has a sweep */
export function stripPicture(
  panel: Pick<PanelState, "model"> & { readonly sweep: PanelSweep },
  caption: Caption,
  look: Look,
): Picture {
  const { sweep } = panel;
  const blocks = Math.max(panel.model.blocks, sweep.layers.to + 1);
  const columns: Columns = { left: MARGIN + GUTTER, cell: cellWidth(blocks, 600, 8, 40) };
  const plotWidth = blocks * columns.cell;
  const width = Math.max(LEAST_WIDTH, columns.left + plotWidth + RIGHT + MARGIN);
  const inner = width - 2 * MARGIN;
  const names = sweepNames(sweep);
  const head = captionBlock(caption, MARGIN, MARGIN, inner, look);
  const stripTop = MARGIN + head.height + 26;
  const curveTop = stripTop + STRIP + 16;
  const axis = blockAxis({ from: 0, to: blocks - 1 }, columns, curveTop + CURVE, look);
  const legendTop = curveTop + CURVE + axis.height + 10;
  const legend = outcomeLegend(names, MARGIN, legendTop, inner, look, "strip");
  const body = [
    ...head.parts,
    textAt(columns.left - 10, stripTop + 17, l10n.t("answer"), { "text-anchor": "end", "font-size": 11 }),
    element(
      "g",
      { id: "strip", "shape-rendering": "crispEdges" },
      ...stripCells(sweep, blocks).map((cell) => paintedCell(cell, columns, stripTop, look)),
    ),
    ...curveBlock(sweep, names, columns, { top: curveTop, height: CURVE, width: plotWidth }, look),
    ...flipMark(sweep, columns, stripTop, curveTop + CURVE, look),
    ...axis.parts,
    ...legend.parts,
  ];
  return captioned(caption, look, { width, height: legendTop + legend.height + MARGIN, body });
}

function paintedCell(cell: StripCell, columns: Columns, top: number, look: Look): string {
  const { k, bars, title } = cell;
  const x = columns.left + k * columns.cell;
  const width = columns.cell - 1;
  const paint = bars.length === 0 ? emptyCell : bars.length === 1 ? oneBar : seedStripes;
  return element("g", { class: "cell", id: `k${k}` }, tooltip(title), ...paint(cell, x, top, width, look));
}

function emptyCell({ place }: StripCell, x: number, top: number, width: number, look: Look): string[] {
  if (place === "outside") return [box(x, top + STRIP - 2, width, 2, look.faint)];
  const frame = { fill: "none", stroke: look.faint };
  return [element("rect", { x: x + 0.5, y: top + 0.5, width: width - 1, height: STRIP - 1, ...frame })];
}

function oneBar({ bars, mark }: StripCell, x: number, top: number, width: number, look: Look): string[] {
  const [bar] = bars;
  const fill = outcomeFill(bar!.outcome, look);
  const style = { "font-size": 10, "font-weight": "bold", "text-anchor": "middle", fill: inkOn(fill) };
  return [box(x, top, width, STRIP, fill), textAt(x + width / 2, top + STRIP / 2 + 3.5, mark, style)];
}

function seedStripes({ bars }: StripCell, x: number, top: number, width: number, look: Look): string[] {
  return bars.map((bar, i) => {
    const height = STRIP * bar.height;
    return box(x, top + i * height, width, height, outcomeFill(bar.outcome, look));
  });
}

function flipMark({ flip }: PanelSweep, columns: Columns, top: number, bottom: number, look: Look): string[] {
  if (!flip) return [];
  const x = columns.left + flip.k * columns.cell - 0.5;
  const line = { x1: x, x2: x, y1: top - 4, y2: bottom, stroke: look.text, "stroke-dasharray": "4 2" };
  // Above the plots, where nothing lies under the words.
  const isRight = flip.k * columns.cell < 90;
  return [
    element("line", line),
    textAt(isRight ? x : x + 4, top - 8, l10n.t("flip at {0} of {1}", flip.k, flip.of), {
      "font-size": 11,
      "font-weight": "bold",
      "text-anchor": isRight ? "start" : "end",
      stroke: look.ground,
      "stroke-width": 3,
      "paint-order": "stroke",
    }),
  ];
}
