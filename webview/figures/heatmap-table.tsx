/** The grid as a real table, with the same values as the heatmap. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { positionsOf } from "../../src/shared/prompt/spans.ts";
import type { PanelGrid, PanelPrompt } from "../../src/shared/protocol/panel.ts";
import { cellAt, cellText } from "../../src/shared/figure/grid-cells.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import { tokenFace } from "../parts/token-text.ts";
import { metricNames } from "../../src/shared/figure/grid-cells.ts";
import type { Metric } from "../../src/shared/figure/grid-cells.ts";

/** Rows are tokens, columns are k; cells hold the chosen metric in words or numbers. */
export function HeatmapTable(props: {
  readonly grid: PanelGrid;
  readonly prompt: PanelPrompt;
  readonly metric: Metric;
  readonly locked: CellRef | null;
}): VNode {
  const { grid, prompt, metric, locked } = props;
  const ks = positionsOf(grid.layers);
  const name = metricNames().find(([id]) => id === metric)![1];
  const body = useMemo(
    () => (
      <tbody>
        {grid.columns.map((_, position) => (
          <tr key={position} class={grid.positions.includes(position) ? "chosen" : ""}>
            <th scope="row">
              {grid.positions.includes(position) ? "★ " : ""}
              {tokenFace(prompt.tokens[position] ?? { text: "" })}
              <span class="dim"> @{position}</span>
            </th>
            {ks.map((k) => {
              const cell = cellAt(grid, { position, k });
              const isLocked = locked?.position === position && locked.k === k;
              return (
                <td
                  key={k}
                  class={cell ? `${cell.outcome}-text${isLocked ? " locked" : ""}` : "dim"}
                  aria-current={isLocked ? "true" : undefined}
                >
                  {cell ? cellText(cell, metric) : l10n.t("not run")}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    ),
    [grid, prompt, metric, locked],
  );
  return (
    <div class="heat-table" role="region" tabIndex={0} aria-label={l10n.t("Table of {0}, tokens by k", name)}>
      <table>
        <caption class="sr-only">{l10n.t("{0} for each token (rows) and k (columns)", name)}</caption>
        <thead>
          <tr>
            <th scope="col">{l10n.t("Token")}</th>
            {ks.map((k) => (
              <th key={k} scope="col">
                {k}
              </th>
            ))}
          </tr>
        </thead>
        {body}
      </table>
    </div>
  );
}
