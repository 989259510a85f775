/** The grid as a heatmap: rows are tokens, columns are k. Hover previews, a click locks, the keyboard moves cell by cell. */
import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PanelGrid, PanelPrompt } from "../src/shared/panel.ts";
import type { Token } from "../src/shared/tokens.ts";
import { BlockAxis } from "./axis.tsx";
import type { Palette } from "./color-scale.ts";
import { cssColor } from "./color-scale.ts";
import { cellAt, cellColor, logitExtent, spokenCell } from "./grid-cells.ts";
import type { AnswerNames, CellRef } from "./grid-cells.ts";
import { drawHeatmap } from "./heatmap-draw.ts";
import type { CellIndex, CellPaint, HeatmapInks } from "./heatmap-draw.ts";
import { moveCell } from "./heatmap-keys.ts";
import { spokenToken, tokenFace } from "./token-text.ts";
import type { Metric } from "./ui-state.ts";
import { usePixelRatio } from "./use-pixel-ratio.ts";
import { useWidth } from "./use-width.ts";

/** What the heatmap needs. */
export interface HeatmapProps {
  readonly grid: PanelGrid;
  readonly prompt: PanelPrompt;
  readonly metric: Metric;
  readonly names: AnswerNames;
  readonly palette: Palette;
  /** The k that the panel shows. */
  readonly k: number | null;
  readonly locked: CellRef | null;
  readonly scrollTop: number;
  readonly onScroll: (top: number) => void;
  /** The cell under the pointer or the keyboard's cursor; null when neither is on the map. Its owner shows it in words too. */
  readonly preview: CellRef | null;
  readonly onPreview: (cell: CellRef | null) => void;
  readonly onLock: (cell: CellRef) => void;
  readonly onUnlock: () => void;
}

const rowHeight = 15;
const axisHeight = 20;
/** Rows drawn beyond the visible ones, CSS pixels, so that scrolling seldom needs a redraw. */
const overscan = 300;

/** One paint for each cell, row-major; undefined where the grid has not run. */
function cellPaints(
  grid: PanelGrid,
  rows: number,
  metric: Metric,
  palette: Palette,
): (CellPaint | undefined)[] {
  const extent = logitExtent(grid);
  const paints: (CellPaint | undefined)[] = [];
  for (let position = 0; position < rows; position++) {
    for (let k = grid.layers.from; k <= grid.layers.to; k++) {
      const cell = cellAt(grid, { position, k });
      const color = cell && cellColor(cell, metric, extent, palette);
      // In high contrast the pattern carries the outcome, and every colour is full.
      const strong = cell && palette.highContrast && metric === "outcome" ? palette[cell.outcome] : color;
      paints.push(
        cell
          ? { color: strong && cssColor(strong), outcome: metric === "outcome" ? cell.outcome : null }
          : undefined,
      );
    }
  }
  return paints;
}

function inksOf(palette: Palette): HeatmapInks {
  const [red, green, blue] = palette.foreground;
  return {
    foreground: cssColor(palette.foreground),
    faint: cssColor([red, green, blue, palette.highContrast ? 0.28 : 0.14]),
    focus: cssColor(palette.focus),
    onColor: cssColor(palette.background),
    highContrast: palette.highContrast,
  };
}

/** The heatmap. It never down-samples: long prompts scroll, with their token labels beside them. */
export function Heatmap(props: HeatmapProps): VNode {
  const { grid, prompt, metric, names, palette, k, locked, preview, onPreview } = props;
  const rows = grid.columns.length;
  const columns = grid.layers.to - grid.layers.from + 1;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [plot, width] = useWidth<HTMLDivElement>();
  const ratio = usePixelRatio();
  const [viewHeight, setViewHeight] = useState(0);
  const [top, setTop] = useState(0);
  const focused = useRef(false);
  const [moved, setMoved] = useState<CellRef | null>(null);
  const start = { position: prompt.positions[0] ?? 0, k: k ?? grid.layers.from };
  const cursor = clampCell(moved ?? locked ?? start, rows, grid);

  const paints = useMemo(() => cellPaints(grid, rows, metric, palette), [grid, rows, metric, palette]);
  const inks = useMemo(() => inksOf(palette), [palette]);
  const height = Math.min(rows * rowHeight - top, viewHeight + 2 * overscan);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width === 0 || height <= 0) return;
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    if (element.width !== size.width) element.width = size.width;
    if (element.height !== size.height) element.height = size.height;
    const index = (cell: CellRef | null): CellIndex | null =>
      cell && { row: cell.position, column: cell.k - grid.layers.from };
    const chosen = k === null || k < grid.layers.from || k > grid.layers.to ? null : k - grid.layers.from;
    drawHeatmap(
      context,
      { top, width, height, ratio, rowHeight, rows, columns },
      paints,
      { preview: index(preview), locked: index(locked), column: chosen },
      inks,
    );
  }, [paints, inks, grid.layers, rows, columns, preview, locked, k, top, width, height, ratio]);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const observer = new ResizeObserver(() => {
      setViewHeight(element.clientHeight);
    });
    observer.observe(element);
    setViewHeight(element.clientHeight);
    element.scrollTop = props.scrollTop;
    return () => {
      observer.disconnect();
    };
    // The kept scroll is put back once, when the map appears.
  }, []);

  const onScroll = (): void => {
    const at = scroller.current!.scrollTop;
    if (at < top || at + viewHeight > top + height) setTop(Math.max(0, Math.floor(at - overscan)));
    props.onScroll(at);
  };

  const cellUnder = (event: MouseEvent): CellRef => {
    const box = plot.current!.getBoundingClientRect();
    const position = Math.floor((event.clientY - box.top) / rowHeight);
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    return clampCell({ position, k: grid.layers.from + column }, rows, grid);
  };

  const toggleLock = (cell: CellRef): void => {
    if (locked && sameCell(locked, cell)) props.onUnlock();
    else props.onLock(cell);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && locked) {
      props.onUnlock();
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      toggleLock(cursor);
      return;
    }
    const next = moveCell(event.key, event.ctrlKey || event.metaKey, cursor, rows, grid.layers);
    if (!next) return;
    event.preventDefault();
    setMoved(next);
    onPreview(next);
    showRow(scroller.current!, next.position);
  };

  const labels = useMemo(
    () => (
      <div class="heat-labels" aria-hidden="true">
        {prompt.tokens.slice(0, rows).map((token) => (
          <div key={token.index} class={rowClass(token, prompt)} title={`@${token.index}`}>
            <span>
              {prompt.positions.includes(token.index) ? "★ " : ""}
              {tokenFace(token)}
            </span>
          </div>
        ))}
      </div>
    ),
    [prompt, rows],
  );
  const axis = useMemo(() => <BlockAxis layers={grid.layers} width={width} />, [grid.layers, width]);
  const cell = cellAt(grid, cursor);
  const spoken = spokenToken(prompt.tokens[cursor.position]?.text ?? "");
  const label = cell
    ? spokenCell(cell, spoken, names)
    : `k ${cursor.k}, token ${cursor.position}, ${spoken}: not run yet`;
  const cellId = `heat-cell-${cursor.position}-${cursor.k}`;
  const isLocked = locked !== null && sameCell(locked, cursor);

  return (
    <div
      ref={scroller}
      class={`heat${grid.stale === null ? "" : " stale-plot"}`}
      role="grid"
      tabIndex={0}
      aria-label="Heatmap, tokens by k"
      aria-description="Arrows move, Enter locks a cell, Escape unlocks."
      aria-rowcount={rows}
      aria-colcount={columns + 1}
      aria-activedescendant={cellId}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={() => {
        focused.current = true;
        onPreview(cursor);
      }}
      onBlur={() => {
        focused.current = false;
        onPreview(null);
      }}
    >
      <div role="row" class="sr-only" aria-rowindex={cursor.position + 1}>
        <span role="rowheader" aria-colindex={1}>
          {spoken}
        </span>
        <span
          key={cellId}
          id={cellId}
          role="gridcell"
          aria-colindex={cursor.k - grid.layers.from + 2}
          aria-selected={isLocked}
        >
          {isLocked ? `${label}, locked` : label}
        </span>
      </div>
      <div class="heat-body">
        {labels}
        {preview && <div class="heat-row-mark" style={{ top: `${preview.position * rowHeight}px` }} />}
        <div
          ref={plot}
          class="heat-plot"
          style={{ height: `${rows * rowHeight}px` }}
          onPointerMove={(event) => {
            const at = cellUnder(event);
            if (!preview || !sameCell(preview, at)) onPreview(at);
          }}
          onPointerLeave={() => {
            onPreview(focused.current ? cursor : null);
          }}
          onClick={(event) => {
            const at = cellUnder(event);
            setMoved(at);
            toggleLock(at);
          }}
        >
          <canvas
            ref={canvas}
            aria-hidden="true"
            style={{ top: `${top}px`, width: `${width}px`, height: `${Math.max(0, height)}px` }}
          />
        </div>
      </div>
      {axis}
    </div>
  );
}

function rowClass(token: Token, prompt: PanelPrompt): string {
  const last = token.index === prompt.tokens.length - 1;
  const chosen = prompt.positions.includes(token.index);
  return ["heat-label", chosen ? "chosen" : "", last ? "last" : "", token.special ? "special" : ""]
    .filter(Boolean)
    .join(" ");
}

function sameCell(a: CellRef, b: CellRef): boolean {
  return a.position === b.position && a.k === b.k;
}

function clampCell(cell: CellRef, rows: number, { layers }: PanelGrid): CellRef {
  return {
    position: Math.max(0, Math.min(rows - 1, cell.position)),
    k: Math.max(layers.from, Math.min(layers.to, cell.k)),
  };
}

/** Scrolls just as far as a row needs to be seen above the axis. */
function showRow(scroller: HTMLElement, position: number): void {
  const top = position * rowHeight;
  const visible = scroller.clientHeight - axisHeight - rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + visible) scroller.scrollTop = top - visible;
}
