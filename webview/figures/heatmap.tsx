/** The grid as a heatmap: its cells coloured by the chosen metric. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { PanelGrid, PanelPrompt } from "../../src/shared/protocol/panel.ts";
import { CellMap } from "./cell-map.tsx";
import type { CellLock, CellMapProps } from "./cell-map.tsx";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import { cssColor } from "../../src/shared/figure/color-scale.ts";
import { cellAt, cellColor, logitExtent, spokenCell } from "../../src/shared/figure/grid-cells.ts";
import type { AnswerNames } from "../../src/shared/figure/grid-cells.ts";
import type { CellPaint } from "./heatmap-draw.ts";
import { spokenToken } from "../../src/shared/words/answer.ts";
import type { Metric } from "../../src/shared/figure/grid-cells.ts";

/** What the heatmap needs. */
export interface HeatmapProps extends Pick<
  CellMapProps,
  "k" | "palette" | "stale" | "scrollTop" | "onScroll" | "preview" | "onPreview"
> {
  readonly grid: PanelGrid;
  readonly prompt: PanelPrompt;
  readonly metric: Metric;
  readonly names: AnswerNames;
  readonly lock: CellLock | null;
  /** Told apart from other heatmaps of the page. */
  readonly id?: string;
  readonly name?: string;
}

/** The heatmap. */
export function Heatmap(props: HeatmapProps): VNode {
  const { grid, prompt, metric, names, palette, id = "heat", name = l10n.t("Heatmap, tokens by k") } = props;
  const rows = grid.columns.length;
  const paints = useMemo(() => cellPaints(grid, rows, metric, palette), [grid, rows, metric, palette]);
  return (
    <CellMap
      {...props}
      id={id}
      name={name}
      rows={rows}
      starred={grid.positions}
      layers={grid.layers}
      paints={paints}
      stale={props.stale}
      cone={true}
      spoken={(at) => {
        const cell = cellAt(grid, at);
        return cell && spokenCell(cell, spokenToken(prompt.tokens[at.position]?.text ?? ""), names);
      }}
    />
  );
}

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
