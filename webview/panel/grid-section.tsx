/** Tokens × layers: the heatmap or its table, with metric, legend and the line of the previewed cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { SectionProps } from "./section-props.ts";
import { CellLine } from "../figures/cell-line.tsx";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import type { PanelGrid } from "../../src/shared/protocol/panel.ts";
import { Button, Dropdown } from "../parts/widgets.tsx";
import type { MapPlace } from "../figures/cell-map.tsx";
import { gridMetric, gridNames, metricsOf, shortName } from "../../src/shared/figure/grid-cells.ts";
import { NoGrid } from "./empty-states.tsx";
import { HeatmapTable } from "../figures/heatmap-table.tsx";
import { Heatmap } from "../figures/heatmap.tsx";
import { Legend } from "../figures/legend.tsx";
import { StandingNotice } from "./notices.tsx";
import { Notes } from "./notes.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { Section } from "./section.tsx";
import { filled } from "../parts/filled.tsx";
import { visibleText } from "../../src/shared/text/shown-text.ts";

type GridProps = SectionProps & { readonly palette: Palette };

/** The grid, or the way to run one. */
export function GridSection(props: GridProps): VNode {
  const { state, open, onToggle, post } = props;
  const { grid, target } = state;
  const readOnly = useReadOnly();
  return (
    <Section
      id="grid"
      title={l10n.t("Tokens × layers")}
      fact={grid && open && <GridTools {...props} grid={grid} />}
      open={open}
      onToggle={onToggle}
    >
      {grid && target ? (
        <GridBody {...props} grid={grid} target={target} />
      ) : readOnly ? (
        <p class="dim">{l10n.t("No grid was stored.")}</p>
      ) : (
        <NoGrid state={state} post={post} />
      )}
    </Section>
  );
}

/** What the cells' colours stand for, and the same values as a table. */
function GridTools({ ui, change, grid }: GridProps & { readonly grid: PanelGrid }): VNode {
  const isTable = ui.gridView === "table";
  return (
    <>
      <Dropdown
        label={l10n.t("Metric of the heatmap")}
        value={gridMetric(ui.metric, grid)}
        options={metricsOf(grid)}
        face={shortName(gridMetric(ui.metric, grid))}
        onChange={(metric) => {
          change({ metric });
        }}
      />
      <button
        type="button"
        class="icon-button"
        role="checkbox"
        aria-checked={isTable}
        aria-label={l10n.t("Table")}
        title={l10n.t("Table")}
        onClick={() => {
          change(({ gridView }) => ({ gridView: gridView === "table" ? "canvas" : "table" }));
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6" />
        </svg>
      </button>
    </>
  );
}

function GridSize({ grid }: { readonly grid: PanelGrid }): VNode {
  const rows = grid.columns.length;
  const columns = grid.layers.to - grid.layers.from + 1;
  const size = l10n.t("{0} tokens × {1} layers", rows, columns);
  return (
    <span class="dim grid-size" title={size}>
      <span class="long">{size}</span>
      <span class="short">
        {rows} × {columns}
      </span>
    </span>
  );
}

function GridBody(
  props: GridProps & {
    readonly grid: NonNullable<GridProps["state"]["grid"]>;
    readonly target: NonNullable<GridProps["state"]["target"]>;
  },
): VNode {
  const { state, ui, busy, palette, grid, target, change, keep, post } = props;
  const names = gridNames(grid);
  const readOnly = useReadOnly();
  // A grid is always of swaps: beside another condition it is no part of what the next run shows.
  const isAside = !readOnly && state.condition.choice.kind !== "swap";
  const [preview, setPreview] = useState<MapPlace | null>(null);
  const shown: MapPlace | null = preview ?? state.cell;
  const onScroll = useCallback(
    (gridScrollTop: number) => {
      keep({ gridScrollTop });
    },
    [keep],
  );
  const metric = gridMetric(ui.metric, grid);
  const shared = { grid, prompt: target, metric };
  return (
    <div class="grid-body">
      <p class="grid-run">
        <span>
          {filled(
            isAside
              ? l10n.t("Swap of {0} over each token, not the chosen condition")
              : l10n.t("Swap of {0} over each token"),
            <b class="source-text">◆ {visibleText(grid.put)}</b>,
          )}
        </span>
        <GridSize grid={grid} />
      </p>
      <StandingNotice standing={grid.standing}>
        {!readOnly && (
          <Button
            disabled={busy && grid.state === "running"}
            onPress={() => {
              post({ type: "command", command: "runGrid" });
            }}
          >
            {l10n.t("Run Grid")}
          </Button>
        )}
      </StandingNotice>
      <Notes notes={grid.notes} busy={busy} post={post} />
      {ui.gridView === "table" ? (
        <HeatmapTable {...shared} locked={state.cell} />
      ) : (
        <>
          <Legend grid={grid} metric={metric} names={names} palette={palette} />
          <Heatmap
            {...shared}
            names={names}
            palette={palette}
            folds={true}
            k={state.k}
            stale={isAside || grid.standing.kind !== "fresh"}
            scrollTop={ui.gridScrollTop}
            onScroll={onScroll}
            preview={preview}
            onPreview={setPreview}
            lock={{
              cell: state.cell,
              onLock: ({ position, k }) => {
                change({ knowsCells: true });
                post({ type: "lockCell", position, k });
              },
              onUnlock: () => {
                post({ type: "unlockCell" });
              },
            }}
          />
          <CellLine
            grid={grid}
            prompt={target}
            names={names}
            cell={shown}
            hint={!ui.knowsCells}
            locked={shown !== null && shown.position === state.cell?.position && shown.k === state.cell.k}
          />
        </>
      )}
    </div>
  );
}
