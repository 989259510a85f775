/** A map of cells: rows are tokens, columns are k. Hover previews, a click locks, the keyboard moves cell by cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import type { PanelPrompt } from "../../src/shared/protocol/panel.ts";
import type { Token } from "../../src/shared/prompt/tokens.ts";
import { BlockAxis } from "./axis.tsx";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import { cssColor } from "../../src/shared/figure/color-scale.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import { drawCells, drawHeatmap } from "./heatmap-draw.ts";
import type { CellIndex, HeatmapGeometry, HeatmapInks, RowPaints } from "./heatmap-draw.ts";
import { clampCell, moveCell } from "./heatmap-keys.ts";
import { spokenToken } from "../../src/shared/words/answer.ts";
import { tokenFace } from "../parts/token-text.ts";
import { useKept } from "../parts/use-kept.ts";
import { usePixelRatio } from "../parts/use-pixel-ratio.ts";
import { useWidth } from "../parts/use-width.ts";

/** What a map needs. */
export interface CellMapProps {
  /** What a screen reader calls it. */
  readonly name: string;
  /** Told apart from other maps of the page; part of element ids. */
  readonly id: string;
  readonly prompt: PanelPrompt;
  /** Rows that have a ★: the tokens that were chosen when it ran. */
  readonly starred: readonly number[];
  /** Rows, one for each token from the first on. */
  readonly rows: number;
  readonly layers: LayerRange;
  readonly paintsOf: RowPaints;
  readonly palette: Palette;
  /** The k that is chosen; null for none. */
  readonly k: number | null;
  readonly stale: boolean;
  /** Whether a preview dims what a patch at its cell cannot reach. */
  readonly cone: boolean;
  /** A cell in words, after its place; null where nothing has run. */
  readonly spoken: (cell: CellRef) => string | null;
  /** Null for maps whose cells cannot be locked. */
  readonly lock: CellLock | null;
  readonly scrollTop: number;
  readonly onScroll: (top: number) => void;
  /** The cell under the pointer or the keyboard's cursor; null when neither is on the map. Its owner shows it in words too. */
  readonly preview: CellRef | null;
  readonly onPreview: (cell: CellRef | null) => void;
}

/** Which cell is locked, and how that changes. */
export interface CellLock {
  readonly cell: CellRef | null;
  readonly onLock: (cell: CellRef) => void;
  readonly onUnlock: () => void;
}

const ROW_HEIGHT = 15;
const AXIS_HEIGHT = 20;
/** Rows drawn beyond the visible ones, CSS pixels, so that scrolling seldom needs a redraw. */
const OVERSCAN = 150;

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

/** The map. It never down-samples: long prompts scroll, with their token labels beside them. */
export function CellMap(props: CellMapProps): VNode {
  const { prompt, starred, rows, layers, paintsOf, palette, k, cone, preview, lock } = props;
  const locked = lock?.cell ?? null;
  const columns = layers.to - layers.from + 1;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cells = useRef<HTMLCanvasElement | null>(null);
  const [plot, width] = useWidth<HTMLDivElement>();
  const ratio = usePixelRatio();
  const [viewHeight, setViewHeight] = useState(0);
  const [top, setTop] = useState(0);
  const focused = useRef(false);
  /** The focus that a pressed pointer brings is not the keyboard's: the cell under it stays the previewed one. */
  const pressed = useRef(false);
  const [moved, setMoved] = useState<CellRef | null>(null);
  const start = { position: starred[0] ?? 0, k: k ?? layers.from };
  const cursor = clampCell(moved ?? locked ?? start, rows, layers);
  const [newestCursor, keepCursor] = useKept(cursor);
  const [newestLock, keepLock] = useKept(locked);
  const [newestPreview, keepPreview] = useKept(preview);

  const inks = useMemo(() => inksOf(palette), [palette]);
  const height = Math.min(rows * ROW_HEIGHT - top, viewHeight + 2 * OVERSCAN);

  const geometry = useMemo(
    (): HeatmapGeometry => ({ top, width, height, ratio, rowHeight: ROW_HEIGHT, rows, columns }),
    [top, width, height, ratio, rows, columns],
  );

  useLayoutEffect(() => {
    if (width === 0 || height <= 0) return;
    cells.current ??= document.createElement("canvas");
    for (const element of [cells.current, canvas.current!]) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
    }
    drawCells(cells.current.getContext("2d")!, geometry, paintsOf, inks);
  }, [paintsOf, inks, geometry]);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !cells.current || width === 0 || height <= 0) return;
    const index = (cell: CellRef | null): CellIndex | null =>
      cell && { row: cell.position, column: cell.k - layers.from };
    const chosen = k === null || k < layers.from || k > layers.to ? null : k - layers.from;
    const overlay = { preview: index(preview), locked: index(locked), column: chosen, cone };
    drawHeatmap(context, cells.current, geometry, overlay, inks);
  }, [paintsOf, inks, geometry, layers, preview, locked, k, cone]);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const observer = new ResizeObserver(() => {
      setViewHeight(element.clientHeight);
    });
    observer.observe(element);
    setViewHeight(element.clientHeight);
    element.scrollTop = props.scrollTop;
    if (props.scrollTop === 0 && starred.length > 0) showRow(element, starred[0]!);
    setTop(Math.max(0, Math.floor(element.scrollTop - OVERSCAN)));
    return () => {
      observer.disconnect();
    };
    // Once, when the map appears: the kept scroll is put back, and a map that was never scrolled shows its ★ row.
  }, []);

  const onScroll = (): void => {
    const at = scroller.current!.scrollTop;
    if (at < top || at + viewHeight > top + height) setTop(Math.max(0, Math.floor(at - OVERSCAN)));
    props.onScroll(at);
  };

  const cellUnder = (event: MouseEvent): CellRef => {
    const box = plot.current!.getBoundingClientRect();
    const position = Math.floor((event.clientY - box.top) / ROW_HEIGHT);
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    return clampCell({ position, k: layers.from + column }, rows, layers);
  };

  const moveCursor = (cell: CellRef): void => {
    keepCursor(cell);
    setMoved(cell);
  };

  const onPreview = (cell: CellRef | null): void => {
    keepPreview(cell);
    props.onPreview(cell);
  };

  const unlock = (): void => {
    keepLock(null);
    lock?.onUnlock();
  };

  const toggleLock = (cell: CellRef): void => {
    const before = newestLock();
    if (before && sameCell(before, cell)) unlock();
    else {
      keepLock(cell);
      lock?.onLock(cell);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && (locked ?? newestLock())) {
      unlock();
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      toggleLock(newestCursor());
      return;
    }
    const next = moveCell(event.key, event.ctrlKey || event.metaKey, newestCursor(), rows, layers);
    if (!next) return;
    event.preventDefault();
    moveCursor(next);
    onPreview(next);
    showRow(scroller.current!, next.position);
  };

  const first = Math.floor(top / ROW_HEIGHT);
  const end = Math.min(rows, Math.ceil((top + Math.max(0, height)) / ROW_HEIGHT));
  const labels = useMemo(
    () => (
      <div class="heat-labels" aria-hidden="true" style={{ paddingTop: `${first * ROW_HEIGHT}px` }}>
        {prompt.tokens.slice(first, end).map((token) => (
          <div key={token.index} class={rowClass(token, prompt, starred)} title={`@${token.index}`}>
            <span>
              {starred.includes(token.index) ? "★ " : ""}
              {tokenFace(token)}
            </span>
          </div>
        ))}
      </div>
    ),
    [prompt, starred, first, end],
  );
  const axis = useMemo(() => <BlockAxis layers={layers} width={width} />, [layers, width]);
  const face = spokenToken(prompt.tokens[cursor.position]?.text ?? "");
  const label =
    props.spoken(cursor) ?? l10n.t("k {0}, token {1}, {2}: not run yet", cursor.k, cursor.position, face);
  const cellId = `${props.id}-cell-${cursor.position}-${cursor.k}`;
  const isLocked = locked !== null && sameCell(locked, cursor);

  return (
    <div
      ref={scroller}
      class={`heat${props.stale ? " stale-plot" : ""}`}
      role="grid"
      tabIndex={0}
      aria-label={props.name}
      aria-description={
        lock ? l10n.t("Arrows move, Enter locks a cell, Escape unlocks.") : l10n.t("Arrows move.")
      }
      aria-rowcount={rows}
      aria-colcount={columns + 1}
      aria-activedescendant={cellId}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onPointerDown={() => {
        pressed.current = true;
      }}
      onFocus={() => {
        focused.current = true;
        if (!pressed.current) onPreview(newestCursor());
        pressed.current = false;
      }}
      onBlur={() => {
        focused.current = false;
        pressed.current = false;
        onPreview(null);
      }}
    >
      <div role="row" class="sr-only" aria-rowindex={cursor.position + 1}>
        <span role="rowheader" aria-colindex={1}>
          {face}
        </span>
        <span
          key={cellId}
          id={cellId}
          role="gridcell"
          aria-colindex={cursor.k - layers.from + 2}
          aria-selected={lock ? isLocked : undefined}
        >
          {isLocked ? l10n.t("{0}, locked", label) : label}
        </span>
      </div>
      <div class="heat-body">
        {labels}
        {preview && <div class="heat-row-mark" style={{ top: `${preview.position * ROW_HEIGHT}px` }} />}
        <div
          ref={plot}
          class="heat-plot"
          style={{ height: `${rows * ROW_HEIGHT}px` }}
          onPointerMove={(event) => {
            const at = cellUnder(event);
            const before = newestPreview();
            if (!before || !sameCell(before, at)) onPreview(at);
          }}
          onPointerLeave={() => {
            onPreview(focused.current ? newestCursor() : null);
          }}
          onClick={(event) => {
            const at = cellUnder(event);
            moveCursor(at);
            onPreview(at);
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

function rowClass(token: Token, prompt: PanelPrompt, starred: readonly number[]): string {
  const last = token.index === prompt.tokens.length - 1;
  const chosen = starred.includes(token.index);
  return ["heat-label", chosen ? "chosen" : "", last ? "last" : "", token.special ? "special" : ""]
    .filter(Boolean)
    .join(" ");
}

function sameCell(a: CellRef, b: CellRef): boolean {
  return a.position === b.position && a.k === b.k;
}

/** Scrolls just as far as a row needs to be seen above the axis. */
function showRow(scroller: HTMLElement, position: number): void {
  const top = position * ROW_HEIGHT;
  const visible = scroller.clientHeight - AXIS_HEIGHT - ROW_HEIGHT;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + visible) scroller.scrollTop = top - visible;
}
