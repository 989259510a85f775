/** The grid as a heatmap: its cells coloured by the chosen metric. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { PanelGrid, PanelPrompt } from "../../src/shared/protocol/panel.ts";
import { CellMap } from "./cell-map.tsx";
import type { CellLock, CellMapProps } from "./cell-map.tsx";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import { cssColor } from "../../src/shared/figure/color-scale.ts";
import { cellAt, cellColor, metricExtent, spokenCell } from "../../src/shared/figure/grid-cells.ts";
import type { AnswerNames, GridCell } from "../../src/shared/figure/grid-cells.ts";
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import { gridFolds } from "../../src/shared/figure/row-bands.ts";
import type { CellPaint, RowPaints } from "./heatmap-draw.ts";
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
  /** Whether tokens that change nothing or were not run are folded; beside another map the rows must match. */
  readonly folds?: boolean;
  /** Told apart from other heatmaps of the page. */
  readonly id?: string;
  readonly name?: string;
}

/** The heatmap. */
export function Heatmap(props: HeatmapProps): VNode {
  const { grid, prompt, metric, names, palette, id = "heat", name = l10n.t("Heatmap, tokens by k") } = props;
  const rows = grid.columns.length;
  const folds = useMemo(() => (props.folds ? gridFolds(grid) : []), [grid, props.folds]);
  const paintsOf = useMemo(() => rowPaints(grid, metric, palette), [grid, metric, palette]);
  return (
    <CellMap
      {...props}
      id={id}
      name={name}
      rows={rows}
      folds={folds}
      starred={grid.positions}
      layers={grid.layers}
      paintsOf={paintsOf}
      stale={props.stale}
      cone={true}
      spoken={(at) => {
        const cell = cellAt(grid, at);
        return cell && spokenCell(cell, spokenToken(prompt.tokens[at.position]?.text ?? ""), names);
      }}
    />
  );
}

/** Paints of a row's cells, made when the row is first drawn: of a long prompt most rows are not in sight. */
function rowPaints(grid: PanelGrid, metric: Metric, palette: Palette): RowPaints {
  const { from, to } = grid.layers;
  const extent = metricExtent(grid, metric);
  const byOutcome = new Map<Outcome, CellPaint>();
  const made = new Map<number, readonly (CellPaint | undefined)[]>();
  const paintOf = (cell: GridCell): CellPaint => {
    const known = metric === "outcome" ? byOutcome.get(cell.outcome) : undefined;
    if (known) return known;
    const color = cellColor(cell, metric, extent, palette);
    // In high contrast the pattern carries the outcome, and every colour is full.
    const strong = palette.highContrast && metric === "outcome" ? palette[cell.outcome] : color;
    const paint = { color: strong && cssColor(strong), outcome: metric === "outcome" ? cell.outcome : null };
    if (metric === "outcome") byOutcome.set(cell.outcome, paint);
    return paint;
  };
  return (position) => {
    const known = made.get(position);
    if (known) return known;
    const row = Array.from({ length: to - from + 1 }, (_, i) => {
      const cell = cellAt(grid, { position, k: from + i });
      return cell ? paintOf(cell) : undefined;
    });
    made.set(position, row);
    return row;
  };
}
