/** Draws the heatmap on a canvas. Pure: everything it needs comes in, pixels go out. */
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import type { RowBand, RowBands } from "../../src/shared/figure/row-bands.ts";
import { FOLD_LINE, bandAt, bandOf } from "../../src/shared/figure/row-bands.ts";

/** How one cell is painted; computed once per data, metric and theme. */
export interface CellPaint {
  /** CSS colour; null where the metric has no value. */
  readonly color: string | null;
  /** Shape drawn where cells have room, and pattern in high contrast; null for metrics that are numbers. */
  readonly outcome: Outcome | null;
  /** A small square on the cell, where cells have room: something is to be looked at here. */
  readonly mark?: boolean;
}

/** Paints of a row's cells, by column; undefined where the grid has not run. */
export type RowPaints = (row: number) => readonly (CellPaint | undefined)[];

/** Where the canvas lies over the map. All lengths in CSS pixels. */
export interface HeatmapGeometry {
  /** Offset of the canvas' top from the first row's top. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly bands: RowBands;
  readonly columns: number;
}

/** A cell by row and column, 0-based. */
export interface CellIndex {
  readonly row: number;
  readonly column: number;
}

/** What lies over the cells. */
export interface HeatmapOverlay {
  /** Previewed cell: its frame, and the cone of states that its patch can reach. */
  readonly preview: CellIndex | null;
  readonly locked: CellIndex | null;
  /** Column of the k that the panel shows; null for none. */
  readonly column: number | null;
  /** Whether the preview shows its cone. */
  readonly cone: boolean;
}

/** Colours besides those of the cells, as CSS text. */
export interface HeatmapInks {
  readonly foreground: string;
  readonly faint: string;
  readonly focus: string;
  /** Drawn on full-coloured cells. */
  readonly onColor: string;
  readonly highContrast: boolean;
}

/** Cells outside the cone keep this share of their strength. */
const OUTSIDE_CONE = 0.42;
/** Smallest cell side that takes a shape, CSS pixels. */
const MARK_SIDE = 12;
/** Narrowest cell that takes ▪, CSS pixels: without it, neither and target are two tints that only their hue tells apart. */
const NEITHER_WIDTH = 4;

/**
 * True when a patch at `from` can change the state at `to`: states flow to the same or later tokens, and the input of
 * block k first shows at the input of block k + 1 (docs/invariants.md, G2).
 */
export function reaches(from: CellIndex, to: CellIndex): boolean {
  return to.row >= from.row && to.column > from.column;
}

/** Draws all cells at full strength: once for each change of data, size or theme. */
export function drawCells(
  context: CanvasRenderingContext2D,
  geometry: HeatmapGeometry,
  paintsOf: RowPaints,
  inks: HeatmapInks,
): void {
  const { ratio, columns, bands, top, height } = geometry;
  clear(context);
  const box = cellBoxes(geometry);
  const cellWidth = geometry.width / columns;
  const hasShape = (outcome: Outcome): boolean =>
    cellWidth >= (outcome === "neither" ? NEITHER_WIDTH : MARK_SIDE);
  const first = bands.indexOf[bandAt(bands, top).from]!;
  for (const band of bands.list.slice(first)) {
    if (band.top >= top + height) break;
    const row = band.from;
    if (band.fold) {
      drawFold(context, geometry, band, paintsOf, inks);
      continue;
    }
    const paints = paintsOf(row);
    for (let column = 0; column < columns; column++) {
      const place = box({ row, column });
      const paint = paints[column];
      if (!paint) drawEmpty(context, place, inks);
      else if (inks.highContrast && paint.outcome) drawPattern(context, place, paint, ratio, inks);
      else {
        context.fillStyle = paint.color ?? inks.faint;
        context.fillRect(place.x, place.y, place.width, place.height);
        if (paint.outcome && hasShape(paint.outcome)) drawShape(context, place, paint.outcome, ratio, inks);
        if (paint.mark === true) drawShape(context, place, "neither", ratio, inks);
      }
    }
  }
}

/** A closed fold: a thin line for each of its tokens, as many as have room. */
function drawFold(
  context: CanvasRenderingContext2D,
  { width, ratio, columns, top }: HeatmapGeometry,
  band: RowBand,
  paintsOf: RowPaints,
  inks: HeatmapInks,
): void {
  const count = band.to - band.from + 1;
  const lines = Math.min(count, Math.floor(band.height / FOLD_LINE));
  const thick = Math.max(1, Math.round((inks.highContrast ? 1 : 2) * ratio));
  const step = band.height / lines;
  for (let line = 0; line < lines; line++) {
    const y = Math.round((band.top - top + (line + 0.5) * step - 1) * ratio);
    const paints = paintsOf(band.from + Math.floor((line * count) / lines));
    for (let column = 0; column < columns; column++) {
      const x = Math.round((column * width * ratio) / columns);
      const end = Math.round(((column + 1) * width * ratio) / columns);
      context.fillStyle = paints[column]?.color ?? inks.faint;
      context.fillRect(x, y, end - x, thick);
    }
  }
}

/**
 * Copies the drawn cells with what lies over them: a few copies of areas, whatever the number of cells, so that a pointer
 * that moves costs no redrawing.
 */
export function drawHeatmap(
  context: CanvasRenderingContext2D,
  cells: HTMLCanvasElement,
  geometry: HeatmapGeometry,
  overlay: HeatmapOverlay,
  inks: HeatmapInks,
): void {
  clear(context);
  const { preview } = overlay;
  if (overlay.cone && preview) {
    context.globalAlpha = OUTSIDE_CONE;
    context.drawImage(cells, 0, 0);
    context.globalAlpha = 1;
    const box = cellBoxes(geometry);
    const own = box(preview);
    copyArea(context, cells, own);
    // What `reaches` holds true of: rows from the previewed one on, columns after its own.
    const { x } = box({ row: preview.row, column: preview.column + 1 });
    copyArea(context, cells, { x, y: own.y, width: cells.width - x, height: cells.height - own.y });
  } else context.drawImage(cells, 0, 0);
  drawOverlay(context, geometry, overlay, inks);
}

function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

/** Puts an area of the drawn cells in place of what is there; what of it lies outside the canvas is left out. */
function copyArea(context: CanvasRenderingContext2D, cells: HTMLCanvasElement, area: Box): void {
  const [x, y] = [Math.max(0, area.x), Math.max(0, area.y)];
  const width = Math.min(cells.width, area.x + area.width) - x;
  const height = Math.min(cells.height, area.y + area.height) - y;
  if (width <= 0 || height <= 0) return;
  context.clearRect(x, y, width, height);
  context.drawImage(cells, x, y, width, height, x, y, width, height);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes of cells in whole device pixels, with a gap where cells are wide enough for one. */
function cellBoxes({ width, ratio, columns, bands, top }: HeatmapGeometry): (cell: CellIndex) => Box {
  const cellWidth = width / columns;
  const gap = cellWidth < 3 ? 0 : Math.max(1, Math.round(ratio));
  const x = (column: number): number => Math.round(column * cellWidth * ratio);
  const y = (at: number): number => Math.round((at - top) * ratio);
  return ({ row, column }) => {
    const band = bandOf(bands, row);
    return {
      x: x(column),
      y: y(band.top),
      width: Math.max(1, x(column + 1) - x(column) - gap),
      height: Math.max(1, y(band.top + band.height) - y(band.top) - Math.max(1, gap)),
    };
  };
}

function isSame(a: CellIndex, b: CellIndex): boolean {
  return a.row === b.row && a.column === b.column;
}

function drawEmpty(context: CanvasRenderingContext2D, box: Box, inks: HeatmapInks): void {
  context.strokeStyle = inks.faint;
  context.lineWidth = 1;
  context.strokeRect(box.x + 0.5, box.y + 0.5, Math.max(0, box.width - 1), Math.max(0, box.height - 1));
}

/** High contrast: source is a full block, neither half a block, target a dot, as calm as its tint elsewhere. */
function drawPattern(
  context: CanvasRenderingContext2D,
  box: Box,
  paint: CellPaint,
  ratio: number,
  inks: HeatmapInks,
): void {
  context.fillStyle = paint.color ?? inks.faint;
  if (paint.outcome === "source") context.fillRect(box.x, box.y, box.width, box.height);
  else if (paint.outcome === "neither") {
    const half = Math.round(box.height / 2);
    context.fillRect(box.x, box.y + box.height - half, box.width, half);
  } else {
    const side = Math.min(box.width, Math.round(2 * ratio));
    const x = box.x + Math.floor((box.width - side) / 2);
    context.fillRect(x, box.y + Math.floor((box.height - side) / 2), side, side);
  }
}

/** ◆ in source cells, ▪ in neither cells; target cells stay plain. */
function drawShape(
  context: CanvasRenderingContext2D,
  box: Box,
  outcome: Outcome,
  ratio: number,
  inks: HeatmapInks,
): void {
  if (outcome === "target") return;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const size = (outcome === "source" ? 3 : 1.5) * ratio;
  context.fillStyle = outcome === "source" ? inks.onColor : inks.foreground;
  if (outcome === "neither") {
    context.fillRect(Math.round(x - size), Math.round(y - size), Math.round(2 * size), Math.round(2 * size));
    return;
  }
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.fill();
}

/** The chosen column, the cone's edge, the locked and the previewed cell. */
function drawOverlay(
  context: CanvasRenderingContext2D,
  geometry: HeatmapGeometry,
  overlay: HeatmapOverlay,
  inks: HeatmapInks,
): void {
  const box = cellBoxes(geometry);
  const line = Math.max(1, Math.round(geometry.ratio));
  const canvas = context.canvas;
  context.lineWidth = line;
  if (overlay.column !== null) {
    const { x, width } = box({ row: 0, column: overlay.column });
    context.fillStyle = inks.foreground;
    context.globalAlpha = 0.5;
    context.fillRect(x - line, 0, line, canvas.height);
    context.fillRect(x + width, 0, line, canvas.height);
    context.globalAlpha = 1;
  }
  if (overlay.preview && overlay.cone) {
    const { row, column } = overlay.preview;
    const { x, y, width } = box({ row, column });
    const left = x + width;
    context.strokeStyle = inks.foreground;
    context.globalAlpha = 0.75;
    context.setLineDash([3 * line, 2 * line]);
    context.beginPath();
    context.moveTo(canvas.width, y - line / 2);
    context.lineTo(left + line / 2, y - line / 2);
    context.lineTo(left + line / 2, canvas.height);
    if (column < geometry.columns - 1) context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  const folded = overlay.preview && bandOf(geometry.bands, overlay.preview.row).fold;
  if (folded) {
    const { y, height } = box({ row: folded.from, column: 0 });
    const whole = { x: line, y, width: canvas.width - 2 * line, height };
    frame(context, whole, line, inks.focus, null);
    return;
  }
  if (overlay.locked) frame(context, box(overlay.locked), 2 * line, inks.foreground, inks.onColor);
  if (overlay.preview && !(overlay.locked && isSame(overlay.preview, overlay.locked))) {
    frame(context, box(overlay.preview), 2 * line, inks.focus, null);
  }
}

/** A frame around a cell; `halo` sets it off from a cell of its own colour. */
function frame(
  context: CanvasRenderingContext2D,
  box: Box,
  line: number,
  color: string,
  halo: string | null,
): void {
  const around = (inset: number, width: number): void => {
    context.lineWidth = width;
    context.strokeRect(box.x - inset, box.y - inset, box.width + 2 * inset, box.height + 2 * inset);
  };
  if (halo !== null) {
    context.strokeStyle = halo;
    around(line / 2, line + line);
  }
  context.strokeStyle = color;
  around(line / 2, line);
}
