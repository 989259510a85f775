/** Tokens × layers: the heatmap or its table, with metric, legend and the line of the previewed cell. */
import type { VNode } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { SectionProps } from "./app.tsx";
import { CellLine } from "./cell-line.tsx";
import type { Palette } from "./color-scale.ts";
import { Button, Checkbox, Dropdown } from "./controls.tsx";
import { answerNames } from "./grid-cells.ts";
import type { CellRef } from "./grid-cells.ts";
import { HeatmapTable } from "./heatmap-table.tsx";
import { Heatmap } from "./heatmap.tsx";
import { Legend } from "./legend.tsx";
import { StaleNotice } from "./notices.tsx";
import { Section } from "./section.tsx";
import { metricNames } from "./ui-state.ts";

type GridProps = SectionProps & { readonly palette: Palette };

/** The grid, or the way to run one. */
export function GridSection(props: GridProps): VNode {
  const { state, open, busy, onToggle, post } = props;
  const { grid, target } = state;
  const rows = grid?.columns.length ?? 0;
  const columns = grid ? grid.layers.to - grid.layers.from + 1 : 0;
  const runs = (target?.tokens.length ?? 0) * (state.layers.to - state.layers.from + 1);
  return (
    <Section
      id="grid"
      title="Tokens × layers"
      fact={
        grid && (
          <>
            <span class="long">
              {rows} tokens × {columns} blocks
            </span>
            <span class="short" title={`${rows} tokens × ${columns} blocks`}>
              {rows} × {columns}
            </span>
          </>
        )
      }
      open={open}
      onToggle={onToggle}
    >
      {grid && target ? (
        <GridBody {...props} grid={grid} target={target} />
      ) : (
        <div class="missing">
          <p class="dim">
            The same state at every token and every block shows where the answer is decided
            {runs > 0 ? `: ${runs} patched runs.` : "."}
          </p>
          <Button
            disabled={busy || target === null || state.source === null}
            onPress={() => {
              post({ type: "command", command: "runGrid" });
            }}
          >
            Run Grid
          </Button>
        </div>
      )}
    </Section>
  );
}

function GridBody(
  props: GridProps & {
    readonly grid: NonNullable<GridProps["state"]["grid"]>;
    readonly target: NonNullable<GridProps["state"]["target"]>;
  },
): VNode {
  const { state, ui, busy, palette, grid, target, change, keep, post } = props;
  const names = answerNames(state);
  const [preview, setPreview] = useState<CellRef | null>(null);
  const shown = preview ?? state.cell;
  const onScroll = useCallback(
    (gridScrollTop: number) => {
      keep({ gridScrollTop });
    },
    [keep],
  );
  const shared = { grid, prompt: target, metric: ui.metric, locked: state.cell };
  return (
    <div class="grid-body">
      <div class="grid-tools">
        <Dropdown
          label="Metric of the heatmap"
          value={ui.metric}
          options={metricNames}
          onChange={(metric) => {
            change({ metric });
          }}
        />
        <Checkbox
          checked={ui.gridView === "table"}
          onChange={(checked) => {
            change({ gridView: checked ? "table" : "canvas" });
          }}
        >
          Table
        </Checkbox>
      </div>
      {grid.stale !== null && <StaleNotice reason={grid.stale} command="runGrid" busy={busy} post={post} />}
      {ui.gridView === "table" ? (
        <HeatmapTable {...shared} />
      ) : (
        <>
          <Legend grid={grid} metric={ui.metric} names={names} palette={palette} />
          <Heatmap
            {...shared}
            names={names}
            palette={palette}
            k={state.k}
            scrollTop={ui.gridScrollTop}
            onScroll={onScroll}
            preview={preview}
            onPreview={setPreview}
            onLock={({ position, k }) => {
              post({ type: "lockCell", position, k });
            }}
            onUnlock={() => {
              post({ type: "unlockCell" });
            }}
          />
          <CellLine
            grid={grid}
            prompt={target}
            names={names}
            cell={shown}
            locked={shown !== null && shown.position === state.cell?.position && shown.k === state.cell.k}
          />
          <p class="dim hint">
            Dashed edge: what the swap at a cell can reach (same or later tokens, later blocks); the rest is
            dimmed.
          </p>
        </>
      )}
    </div>
  );
}
