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
import type { RowBand, RowFold } from "../../src/shared/figure/row-bands.ts";
import { bandAt, bandOf, foldText, rowBands } from "../../src/shared/figure/row-bands.ts";
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
  /** Tokens that are thin lines until they are opened; must be the same list while nothing of it changes. */
  readonly folds: readonly RowFold[];
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
  readonly preview: MapPlace | null;
  readonly onPreview: (place: MapPlace | null) => void;
}

/** A cell, or a closed fold at one k. */
export interface MapPlace extends CellRef {
  readonly fold?: RowFold;
}

/** Which cell is locked, and how that changes. */
export interface CellLock {
  readonly cell: CellRef | null;
  readonly onLock: (cell: CellRef) => void;
  readonly onUnlock: () => void;
}

const AXIS_HEIGHT = 20;
/** Lowest fold that takes a number beside it, CSS pixels. */
const FOLD_TEXT = 9;
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
  const { prompt, starred, rows, folds, layers, paintsOf, palette, k, cone, preview, lock } = props;
  const locked = lock?.cell ?? null;
  const columns = layers.to - layers.from + 1;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cells = useRef<HTMLCanvasElement | null>(null);
  const [plot, width] = useWidth<HTMLDivElement>();
  const ratio = usePixelRatio();
  const [viewHeight, setViewHeight] = useState(0);
  const [wantedTop, setTop] = useState(0);
  const focused = useRef(false);
  /** The focus that a pressed pointer brings is not the keyboard's: the cell under it stays the previewed one. */
  const pressed = useRef(false);
  const [moved, setMoved] = useState<MapPlace | null>(null);
  const [opened, setOpened] = useState<readonly number[]>([]);
  const bands = useMemo(
    () =>
      rowBands(rows, folds, (fold) => opened.includes(fold.from) || (locked !== null && isIn(fold, locked))),
    [rows, folds, opened, locked],
  );
  /** In a closed fold all tokens are one place. */
  const placeOf = (cell: CellRef): MapPlace => {
    const { position, k: column } = clampCell(cell, rows, layers);
    const band = bandOf(bands, position);
    return band.fold ? { position: band.from, k: column, fold: band.fold } : { position, k: column };
  };
  const start = { position: starred[0] ?? 0, k: k ?? layers.from };
  const cursor = placeOf(moved ?? locked ?? start);
  const [newestCursor, keepCursor] = useKept(cursor);
  const [newestLock, keepLock] = useKept(locked);
  const [newestPreview, keepPreview] = useKept(preview);

  const inks = useMemo(() => inksOf(palette), [palette]);
  // A map that became shorter ends where it ends.
  const top = Math.min(wantedTop, Math.max(0, bands.height - viewHeight - OVERSCAN));
  const height = Math.min(bands.height - top, viewHeight + 2 * OVERSCAN);

  const geometry = useMemo(
    (): HeatmapGeometry => ({ top, width, height, ratio, bands, columns }),
    [top, width, height, ratio, bands, columns],
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
    const overlay = {
      preview: index(preview),
      locked: index(locked),
      column: chosen,
      cone: cone && !preview?.fold,
    };
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
    if (props.scrollTop === 0 && starred.length > 0) showRow(element, bandOf(bands, starred[0]!));
    setTop(Math.max(0, Math.floor(element.scrollTop - OVERSCAN)));
    return () => {
      observer.disconnect();
    };
    // Once, when the map appears: the kept scroll is put back, and a map that was never scrolled shows its ★ row.
  }, []);

  useLayoutEffect(() => {
    // Rows that fold when a grid ends, and a view that becomes lower, hide what is looked at: it stays in sight.
    const position = locked?.position ?? starred[0];
    if (folds.length > 0 && position !== undefined) showRow(scroller.current!, bandOf(bands, position));
  }, [folds, viewHeight]);

  const onScroll = (): void => {
    const at = scroller.current!.scrollTop;
    if (at < top || at + viewHeight > top + height) setTop(Math.max(0, Math.floor(at - OVERSCAN)));
    props.onScroll(at);
  };

  const placeUnder = (event: MouseEvent): MapPlace => {
    const box = plot.current!.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    return placeOf({ position: bandAt(bands, event.clientY - box.top).from, k: layers.from + column });
  };

  const moveCursor = (place: MapPlace): void => {
    keepCursor(place);
    setMoved(place);
  };

  const onPreview = (place: MapPlace | null): void => {
    keepPreview(place);
    props.onPreview(place);
  };

  const unlock = (): void => {
    keepLock(null);
    lock?.onUnlock();
  };

  const openFold = (fold: RowFold, k: number, isPointedAt: boolean): void => {
    setOpened([...opened, fold.from]);
    const cell = { position: fold.from, k };
    moveCursor(cell);
    onPreview(isPointedAt ? cell : null);
  };

  const closeFold = (fold: RowFold, k: number, isPointedAt: boolean): void => {
    setOpened(opened.filter((from) => from !== fold.from));
    const place = { position: fold.from, k, fold };
    moveCursor(place);
    onPreview(isPointedAt ? place : null);
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
    const place = newestCursor();
    if (event.key === "Escape") {
      const fold = openFoldAt(place.position);
      if (locked ?? newestLock()) unlock();
      else if (fold) closeFold(fold, place.k, true);
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (place.fold) openFold(place.fold, place.k, true);
      else toggleLock(place);
      return;
    }
    const moved = moveCell(event.key, event.ctrlKey || event.metaKey, place, bands, layers);
    if (!moved) return;
    event.preventDefault();
    const next = placeOf(moved);
    moveCursor(next);
    onPreview(next);
    showRow(scroller.current!, bandOf(bands, next.position));
  };

  const openFoldAt = (position: number): RowFold | undefined =>
    folds.find((fold) => opened.includes(fold.from) && isIn(fold, { position }));

  const onLabel = (event: MouseEvent): void => {
    const label = (event.target as Element).closest<HTMLElement>("[data-position]");
    if (!label) return;
    const place = placeOf({ position: Number(label.dataset.position), k: cursor.k });
    const fold = openFoldAt(place.position);
    if (place.fold) openFold(place.fold, place.k, false);
    else if (fold) closeFold(fold, place.k, false);
  };

  const first = bands.indexOf[bandAt(bands, top).from] ?? 0;
  const last = bands.indexOf[bandAt(bands, top + Math.max(0, height)).from] ?? 0;
  const labels = useMemo(
    () => (
      <div aria-hidden="true" style={{ paddingTop: `${bands.list[first]?.top ?? 0}px` }}>
        {bands.list.slice(first, last + 1).map((band) => {
          const token = prompt.tokens[band.from];
          const fold = folds.find((one) => isIn(one, { position: band.from }));
          if (band.fold) return <FoldLabel key={band.from} band={band} fold={band.fold} />;
          return (
            token && (
              <div
                key={band.from}
                class={`${rowClass(token, prompt, starred)}${fold ? " unfolded" : ""}`}
                data-position={band.from}
                title={fold ? `@${band.from}\n${l10n.t("Click to fold again.")}` : `@${band.from}`}
              >
                <span>
                  {starred.includes(band.from) ? "★ " : ""}
                  {tokenFace(token)}
                </span>
              </div>
            )
          );
        })}
      </div>
    ),
    [prompt, starred, folds, bands, first, last],
  );
  const axis = useMemo(() => <BlockAxis layers={layers} width={width} />, [layers, width]);
  const face = spokenToken(prompt.tokens[cursor.position]?.text ?? "");
  const label =
    (cursor.fold ? foldText(cursor.fold) : props.spoken(cursor)) ??
    l10n.t("k {0}, token {1}, {2}: not run yet", cursor.k, cursor.position, face);
  const cellId = `${props.id}-cell-${cursor.position}-${cursor.k}`;
  const isLocked = locked !== null && sameCell(locked, cursor);

  return (
    <div
      ref={scroller}
      class={`heat${props.stale ? " stale-plot" : ""}`}
      role="grid"
      tabIndex={0}
      aria-label={props.name}
      aria-description={description(folds.length > 0, lock !== null)}
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
          aria-selected={lock && !cursor.fold ? isLocked : undefined}
          aria-expanded={cursor.fold ? false : undefined}
        >
          {isLocked ? l10n.t("{0}, locked", label) : label}
        </span>
      </div>
      <div class="heat-body">
        <div class="heat-labels" onClick={onLabel}>
          {labels}
        </div>
        {preview && <RowMark band={bandOf(bands, preview.position)} />}
        <div
          ref={plot}
          class={`heat-plot${preview?.fold ? " on-fold" : ""}`}
          style={{ height: `${bands.height}px` }}
          onPointerMove={(event) => {
            const at = placeUnder(event);
            const before = newestPreview();
            if (!before || !sameCell(before, at)) onPreview(at);
          }}
          onPointerLeave={() => {
            onPreview(focused.current ? newestCursor() : null);
          }}
          onClick={(event) => {
            const at = placeUnder(event);
            if (at.fold) {
              openFold(at.fold, at.k, true);
              return;
            }
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

function description(hasFolds: boolean, hasLock: boolean): string {
  const keys = [
    hasLock ? l10n.t("Arrows move, Enter locks a cell, Escape unlocks.") : l10n.t("Arrows move."),
    hasFolds ? l10n.t("On folded tokens Enter opens them, Escape folds them again.") : "",
  ];
  return keys.join(" ").trim();
}

/** How many tokens are folded, where a line of text has room. */
function FoldLabel({ band, fold }: { readonly band: RowBand; readonly fold: RowFold }): VNode {
  const count = fold.to - fold.from + 1;
  return (
    <div
      class="heat-fold"
      data-position={fold.from}
      style={{ height: `${band.height}px` }}
      title={`${foldText(fold)} (@${fold.from}–${fold.to})\n${l10n.t("Click to open.")}`}
    >
      {band.height >= FOLD_TEXT && `⋯ ${count}`}
    </div>
  );
}

function RowMark({ band }: { readonly band: RowBand }): VNode {
  return <div class="heat-row-mark" style={{ top: `${band.top}px`, height: `${band.height}px` }} />;
}

function isIn({ from, to }: RowFold, { position }: Pick<CellRef, "position">): boolean {
  return from <= position && position <= to;
}

function sameCell(a: MapPlace, b: MapPlace): boolean {
  return a.position === b.position && a.k === b.k && a.fold === b.fold;
}

/** Scrolls just as far as a row needs to be seen above the axis. */
function showRow(scroller: HTMLElement, { top, height }: RowBand): void {
  const visible = scroller.clientHeight - AXIS_HEIGHT - height;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + visible) scroller.scrollTop = top - visible;
}
