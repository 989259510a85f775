/** What differs between two grids of the same prompt: B − A in each cell, on the scale that the heatmap has for logits. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { PanelPrompt } from "../../src/shared/protocol/panel.ts";
import type { DifferenceView } from "../../src/shared/protocol/session-page.ts";
import { CellMap } from "../figures/cell-map.tsx";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import { cssColor, divergingColor } from "../../src/shared/figure/color-scale.ts";
import { differenceText } from "../../src/shared/text/format.ts";
import type { AnswerNames, CellRef } from "../../src/shared/figure/grid-cells.ts";
import type { RowFold } from "../../src/shared/figure/row-bands.ts";
import type { CellPaint, RowPaints } from "../figures/heatmap-draw.ts";
import { usePalette } from "../parts/theme.ts";
import { spokenToken } from "../../src/shared/words/answer.ts";
import { tokenFace } from "../parts/token-text.ts";

/** What the map needs. */
export interface DifferenceMapProps {
  readonly map: DifferenceView;
  readonly prompt: PanelPrompt;
  readonly names: AnswerNames;
  /** Names of A and B. */
  readonly files: readonly [string, string];
  readonly k: number | null;
  readonly preview: CellRef | null;
  readonly onPreview: (cell: CellRef | null) => void;
}

/** Its rows stand beside those of the two maps. */
const NO_FOLDS: readonly RowFold[] = [];

/** Stops of the legend's bar. */
const STOPS = 9;

/** The map with its legend and the numbers of the previewed cell. */
export function DifferenceMap(props: DifferenceMapProps): VNode {
  const { map, prompt, names, files, k, preview, onPreview } = props;
  const palette = usePalette();
  const paintsOf = useMemo(() => differencePaints(map, palette), [map, palette]);
  const at = preview && isInside(preview, map) ? preview : null;
  const changed = map.changed.flat().filter(Boolean).length;
  const cells = map.values.flat().length;
  return (
    <section class="side difference" aria-labelledby="difference-title">
      <div class="difference-body">
        <h2 id="difference-title">{l10n.t("Difference B − A")}</h2>
        <p class="dim hint">
          {l10n.t(
            "{0}, {1} minus {2}. ▪ marks cells whose answer differs: {3} of {4}.",
            map.quantity,
            files[1],
            files[0],
            changed,
            cells,
          )}
        </p>
        <div class="legend">
          <span class="target-text">
            ★ {names.target} {differenceText(map.towards === "target" ? map.extent : -map.extent)}
          </span>
          <i class="legend-bar" style={{ background: `linear-gradient(to right, ${barColors(palette)})` }} />
          <span class="source-text">
            ◆ {names.source} {differenceText(map.towards === "source" ? map.extent : -map.extent)}
          </span>
        </div>
        <CellMap
          id="difference"
          name={l10n.t("Difference map, tokens by k")}
          prompt={prompt}
          starred={prompt.positions}
          rows={map.values.length}
          folds={NO_FOLDS}
          layers={map.layers}
          paintsOf={paintsOf}
          palette={palette}
          k={k}
          stale={false}
          cone={false}
          spoken={(cell) => spokenDifference(map, cell, prompt)}
          lock={null}
          scrollTop={0}
          onScroll={() => undefined}
          preview={at}
          onPreview={onPreview}
        />
        <div class="cell-line">
          <p class={at ? "" : "dim"}>
            {at ? (
              <DifferenceLine map={map} cell={at} prompt={prompt} />
            ) : (
              l10n.t(
                "Point at a cell of any map to read its numbers here; or Tab to a map and use the arrows.",
              )
            )}
          </p>
        </div>
      </div>
    </section>
  );
}

function DifferenceLine(props: {
  readonly map: DifferenceView;
  readonly cell: CellRef;
  readonly prompt: PanelPrompt;
}): VNode {
  const { map, cell, prompt } = props;
  const token = prompt.tokens[cell.position];
  const { value, isChanged } = differenceAt(map, cell);
  return (
    <>
      <code>{token ? tokenFace(token) : ""}</code>
      <span class="dim">
        {" "}
        @{cell.position} · k {cell.k} →{" "}
      </span>
      <b>{value === null ? l10n.t("not in both") : differenceText(value)}</b>
      <span class="dim">
        {isChanged
          ? ` · ${l10n.t("the answers differ")}`
          : value === null
            ? ""
            : ` · ${l10n.t("the same answer")}`}
      </span>
    </>
  );
}

/** Paints of a row's cells; a cell whose answer differs has the shape of `neither`. */
function differencePaints(map: DifferenceView, palette: Palette): RowPaints {
  const rows = map.values.map((row, position) =>
    row.map((value, index): CellPaint | undefined => {
      if (value === null) return undefined;
      const share = map.extent === 0 ? 0 : value / map.extent;
      const color = cssColor(divergingColor(map.towards === "source" ? share : -share, palette));
      return { color, outcome: null, mark: map.changed[position]?.[index] ?? false };
    }),
  );
  return (position) => rows[position] ?? [];
}

function barColors(palette: Palette): string {
  return Array.from({ length: STOPS }, (_, index) =>
    cssColor(divergingColor((2 * index) / (STOPS - 1) - 1, palette)),
  ).join(", ");
}

function differenceAt(
  { values, changed, layers }: DifferenceView,
  { position, k }: CellRef,
): { readonly value: number | null; readonly isChanged: boolean } {
  const index = k - layers.from;
  return { value: values[position]?.[index] ?? null, isChanged: changed[position]?.[index] ?? false };
}

function spokenDifference(map: DifferenceView, cell: CellRef, prompt: PanelPrompt): string | null {
  const { value, isChanged } = differenceAt(map, cell);
  if (value === null) return null;
  const token = spokenToken(prompt.tokens[cell.position]?.text ?? "");
  const answers = isChanged ? l10n.t("the answers differ") : l10n.t("the same answer");
  return l10n.t(
    "k {0}, token {1}, {2}: difference {3}, {4}",
    cell.k,
    cell.position,
    token,
    differenceText(value),
    answers,
  );
}

function isInside({ position, k }: CellRef, { values, layers }: DifferenceView): boolean {
  return position < values.length && layers.from <= k && k <= layers.to;
}
