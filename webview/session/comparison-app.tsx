/** Two sessions side by side, and for the same prompt a map of what differs. */
import * as l10n from "@vscode/l10n";
import { standingText } from "../../src/shared/words/standing.ts";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ComparisonView, SessionSide } from "../../src/shared/protocol/session-page.ts";
import { blocksOf } from "../panel/section-props.ts";
import { BlockAxis } from "../figures/axis.tsx";
import { CellLine } from "../figures/cell-line.tsx";
import { Verdict, Words } from "../parts/words.tsx";
import { Dropdown } from "../parts/widgets.tsx";
import { CurvesOfBoth } from "./curves-of-both.tsx";
import { DifferenceMap } from "./difference-map.tsx";
import type { AnswerNames, CellRef } from "../../src/shared/figure/grid-cells.ts";
import { gridMetric, gridNames, metricNames } from "../../src/shared/figure/grid-cells.ts";
import { Heatmap } from "../figures/heatmap.tsx";
import { Legend } from "../figures/legend.tsx";
import { Damage, SessionHead, shown } from "./session-app.tsx";
import type { SessionHost } from "./session-host.ts";
import { PlotRow } from "../figures/plot-row.tsx";
import { Strip } from "../figures/strip.tsx";
import { usePalette } from "../parts/theme.ts";
import { useUiState } from "../parts/use-ui-state.ts";
import type { ViewState } from "./view-state.ts";
import { readViewState } from "./view-state.ts";
import { useWidth } from "../parts/use-width.ts";

/** The first session is A, the second B. */
const LETTERS = ["A", "B"] as const;

/** What the two sides share: what is pointed at, and how it is coloured. */
interface Shared {
  readonly ui: ViewState;
  readonly preview: CellRef | null;
  readonly onPreview: (cell: CellRef | null) => void;
  readonly change: (part: Partial<ViewState>) => void;
}

/** The whole page. */
export function ComparisonApp({ host }: { readonly host: SessionHost<ComparisonView> }): VNode {
  const [view, setView] = useState<ComparisonView | null>(null);
  const [ui, change, keep] = useUiState(host, readViewState);
  const [preview, setPreview] = useState<CellRef | null>(null);
  useEffect(() => {
    host.onView((next) => {
      keep({ files: next.files });
      setView(next);
    });
    host.post({ type: "ready" });
  }, [host, keep]);
  if (!view) return <main class="panel session comparison" aria-busy="true" />;
  const shared: Shared = { ui, preview, onPreview: setPreview, change };
  const [first, second] = view.sides;
  const hasGrid = view.sides.some(({ panel }) => panel?.grid);
  return (
    <main class="panel session comparison">
      <div class="comparison-head">
        <div class="comparison-words">
          <p class="comparison-finding">{view.finding}</p>
          <p class="dim hint">{view.notes.join(" ")}</p>
        </div>
        {hasGrid && (
          <Dropdown
            label={l10n.t("Metric of the heatmaps")}
            value={ui.metric}
            options={metricNames()}
            onChange={(metric) => {
              change({ metric });
            }}
          />
        )}
      </div>
      <CurvesOfBoth view={view} ui={ui} change={change} />
      <div class="sides">
        {view.sides.map((side, index) => (
          <Side
            key={index}
            {...shared}
            side={side}
            letter={LETTERS[index]!}
            onOpen={() => {
              host.post({ type: "openSideAsText", side: index as 0 | 1 });
            }}
          />
        ))}
      </div>
      {view.map && first.panel?.target && (
        <DifferenceMap
          map={view.map}
          prompt={first.panel.target}
          names={sharedNames(first.panel, second.panel)}
          files={[first.file, second.file]}
          k={ui.k}
          preview={preview}
          onPreview={setPreview}
        />
      )}
    </main>
  );
}

/** Names of the answers where the two sides mean the same ones; the bare words else. */
function sharedNames(first: NonNullable<SessionSide["panel"]>, second: SessionSide["panel"]): AnswerNames {
  const [a, b] = [namesIn(first), namesIn(second ?? first)];
  return {
    source: a.source === b.source ? a.source : "source",
    target: a.target === b.target ? a.target : "target",
  };
}

function namesIn({ grid }: NonNullable<SessionSide["panel"]>): AnswerNames {
  return grid ? gridNames(grid) : { source: "source", target: "target" };
}

function Side(
  props: Shared & { readonly side: SessionSide; readonly letter: string; readonly onOpen: () => void },
): VNode {
  const { side, letter, onOpen, ui } = props;
  return (
    <section class="side" aria-label={`${letter}: ${side.file}`}>
      <SessionHead file={`${letter} · ${side.file}`} facts={side.facts} model={side.panel?.model ?? null} />
      {side.damage && <Damage damage={side.damage} onOpen={onOpen} />}
      {side.panel && <SideBody {...props} panel={shown(side.panel, ui)} />}
    </section>
  );
}

function SideBody(
  props: Shared & { readonly panel: NonNullable<SessionSide["panel"]>; readonly letter: string },
): VNode {
  const { panel, letter, ui, preview, onPreview, change } = props;
  const { sweep, grid, target, k } = panel;
  const [plot, width] = useWidth<HTMLDivElement>();
  const palette = usePalette();
  const blocks = blocksOf(panel);
  const names = namesIn(panel);
  const { cell: locked = null } = ui;
  const pointed = grid && preview && isInside(preview, grid.columns.length, grid.layers) ? preview : null;
  const onLock = (cell: CellRef | null): void => {
    change({ cell, ...(cell ? { k: cell.k } : {}) });
  };
  return (
    <div class="side-body">
      {panel.sentence.length > 0 && (
        <p class="sentence">
          <Words parts={panel.sentence} />
        </p>
      )}
      {sweep ? (
        <>
          {sweep.standing.kind !== "fresh" && (
            <p class="dim">
              <Words parts={standingText(sweep.standing)} />
            </p>
          )}
          <PlotRow name={l10n.t("answer")}>
            <div ref={plot}>
              <Strip
                sweep={sweep}
                blocks={blocks}
                k={k}
                width={width}
                name={l10n.t("Sweep of {0}, step through k", letter)}
                onStep={(next) => {
                  change({ k: next });
                }}
              />
            </div>
          </PlotRow>
          <PlotRow name={l10n.t("layer k")}>
            <BlockAxis layers={{ from: 0, to: blocks - 1 }} width={width} />
          </PlotRow>
          <Verdict sweep={sweep} />
        </>
      ) : (
        <p class="dim">{l10n.t("No sweep was stored.")}</p>
      )}
      {grid && target ? (
        <>
          <Legend grid={grid} metric={gridMetric(ui.metric, grid)} names={names} palette={palette} />
          <Heatmap
            grid={grid}
            prompt={target}
            metric={gridMetric(ui.metric, grid)}
            names={names}
            palette={palette}
            id={`heat-${letter}`}
            name={l10n.t("Heatmap of {0}, tokens by k", letter)}
            k={k}
            stale={grid.standing.kind !== "fresh"}
            scrollTop={0}
            onScroll={() => undefined}
            preview={pointed}
            onPreview={onPreview}
            lock={{
              cell: locked,
              onLock,
              onUnlock: () => {
                onLock(null);
              },
            }}
          />
          <CellLine
            grid={grid}
            prompt={target}
            names={names}
            cell={pointed ?? locked}
            hint={true}
            locked={pointed === null && locked !== null}
          />
        </>
      ) : (
        <p class="dim">{l10n.t("No grid was stored.")}</p>
      )}
    </div>
  );
}

function isInside(
  { position, k }: CellRef,
  rows: number,
  layers: { readonly from: number; readonly to: number },
): boolean {
  return position < rows && layers.from <= k && k <= layers.to;
}
