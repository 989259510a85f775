/** The grid as a picture with the axes of ROME's: tokens from top to bottom, blocks from left to right, chosen tokens starred. */
import * as l10n from "@vscode/l10n";
import type { CellRef, GridCell, Metric } from "./grid-cells.ts";
import { cellAt, gridMetric, gridNames, metricExtent, metricNames, spokenCell } from "./grid-cells.ts";
import { OUTCOME_MARK } from "../experiment/outcome.ts";
import type { PanelGrid, PanelPrompt } from "../protocol/panel.ts";
import { cutToWidth, displayWidth, shownText } from "../text/text-width.ts";
import { blockAxis, cellWidth } from "./axis.ts";
import type { Columns } from "./axis.ts";
import type { Caption } from "./caption.ts";
import { MONO, captionBlock, captioned } from "./caption.ts";
import { outcomeLegend, scaleLegend } from "./legend.ts";
import type { Look } from "./look.ts";
import { cellFill, inkOn } from "./look.ts";
import type { Picture } from "./svg.ts";
import { element, textAt, tooltip } from "./svg.ts";

const MARGIN = 16;
const ROW = 15;
const LABEL = 11;
const MOST_LABEL = 26;
const LEAST_WIDTH = 520;
/** Beyond so many cells they get no tooltips: files would grow to megabytes. */
const MOST_TITLES = 6000;

/** @param panel of a session that has a grid */
export function heatmapPicture(
  panel: { readonly grid: PanelGrid; readonly target: PanelPrompt },
  caption: Caption,
  chosen: Metric,
  look: Look,
): Picture {
  const { grid, target } = panel;
  const { from, to } = grid.layers;
  const labels = grid.columns.map((_, position) => rowLabel(panel, position));
  const gutter = Math.max(40, ...labels.map((label) => displayWidth(label) * LABEL * MONO)) + 8;
  const columns: Columns = { left: MARGIN + gutter, cell: cellWidth(to - from + 1, 480, 9, 30) };
  const width = Math.max(LEAST_WIDTH, columns.left + (to - from + 1) * columns.cell + 2 * MARGIN);
  const inner = width - 2 * MARGIN;
  const names = gridNames(grid);
  const metric = gridMetric(chosen, grid);
  const extent = metricExtent(grid, metric);
  const head = captionBlock(caption, MARGIN, MARGIN, inner, look);
  const name = metricNames().find(([one]) => one === metric)![1];
  const top = MARGIN + head.height + 30;
  const axis = blockAxis(grid.layers, columns, top + labels.length * ROW, look);
  const legendTop = top + labels.length * ROW + axis.height + 10;
  const legend =
    metric === "outcome"
      ? outcomeLegend(names, MARGIN, legendTop, inner, look, "heatmap")
      : scaleLegend(metric, extent, names, MARGIN, legendTop, look);
  const hasTitles = labels.length * (to - from + 1) <= MOST_TITLES;
  const cells = grid.columns.flatMap((_, position) =>
    Array.from({ length: to - from + 1 }, (_unused, i) => {
      const at: CellRef = { position, k: from + i };
      const place = { x: columns.left + i * columns.cell, y: top + position * ROW, width: columns.cell - 1 };
      const cell = cellAt(grid, at);
      if (!cell) return emptyCell(place, look);
      const said = spokenCell(cell, shownText(target.tokens[position]?.text ?? ""), names);
      const title = hasTitles ? tooltip(said) : "";
      return drawnCell(cell, place, cellFill(cell, metric, extent, look), metric, look, title);
    }),
  );
  const body = [
    ...head.parts,
    textAt(columns.left, top - 8, l10n.t("{0}, tokens × layers", name), { "font-size": 11, fill: look.dim }),
    ...labels.map((label, position) =>
      textAt(columns.left - 8, top + position * ROW + 11, label, {
        "font-size": LABEL,
        "font-family": "monospace",
        "text-anchor": "end",
        "font-weight": grid.positions.includes(position) ? "bold" : null,
      }),
    ),
    element("g", { id: "heatmap", "shape-rendering": "crispEdges" }, ...cells),
    ...axis.parts,
    ...legend.parts,
  ];
  return captioned(caption, look, { width, height: legendTop + legend.height + MARGIN, body });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function drawnCell(
  cell: GridCell,
  { x, y, width }: Place,
  fill: string | null,
  metric: Metric,
  look: Look,
  title: string,
): string {
  const id = `p${cell.position}k${cell.k}`;
  const height = ROW - 1;
  const rect = { id, class: "cell", x, y, width, height };
  if (fill === null) return element("rect", { ...rect, fill: "none", stroke: look.faint }, title);
  if (look.palette.highContrast && look.kind === "shown" && metric === "outcome") {
    return patternCell(cell, { x, y, width }, id, fill, title);
  }
  const filled = element("rect", { ...rect, fill }, title);
  if (metric !== "outcome" || width < 8) return filled;
  const hasMark = look.kind === "print" || cell.outcome !== "target";
  const ink = look.kind === "print" ? inkOn(fill) : cell.outcome === "source" ? inkOn(fill) : look.text;
  const style = { "font-size": 9, "text-anchor": "middle", fill: ink, "pointer-events": "none" };
  return filled + (hasMark ? textAt(x + width / 2, y + 10.5, OUTCOME_MARK[cell.outcome], style) : "");
}

/** High contrast, as in the panel: source is a full block, neither half a block, target a dot. */
function patternCell(
  cell: GridCell,
  { x, y, width }: Place,
  id: string,
  fill: string,
  title: string,
): string {
  const height = ROW - 1;
  const side = 3;
  const shape = {
    source: { x, y, width, height },
    neither: { x, y: y + height / 2, width, height: height / 2 },
    target: { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side },
  }[cell.outcome];
  return element("rect", { id, class: "cell", ...shape, fill }, title);
}

function emptyCell({ x, y, width }: Place, look: Look): string {
  return element("rect", {
    class: "empty",
    x: x + 0.5,
    y: y + 0.5,
    width: width - 1,
    height: ROW - 2,
    fill: "none",
    stroke: look.faint,
  });
}

function rowLabel(
  { grid, target }: { readonly grid: PanelGrid; readonly target: PanelPrompt },
  position: number,
): string {
  const text = target.tokens[position]?.text ?? "";
  const face = text === "" ? "◌" : shownText(text);
  return `${grid.positions.includes(position) ? "★ " : ""}${cutToWidth(face, MOST_LABEL)}`;
}
