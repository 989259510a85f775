/** The sweeps of two sessions in one plot: the first one's strip and curve, the second one's under and over them. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelState, PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { ComparisonView } from "../../src/shared/protocol/session-page.ts";
import { sweepNames } from "../../src/shared/figure/grid-cells.ts";
import type { ComparedRun } from "../../src/shared/words/run-comparison.ts";
import { isComparable } from "../../src/shared/words/run-comparison.ts";
import { BlockAxis } from "../figures/axis.tsx";
import { Curve } from "../figures/curve.tsx";
import { PlotRow } from "../figures/plot-row.tsx";
import { StripPreview } from "../figures/strip.tsx";
import { blocksOf } from "../panel/section-props.ts";
import { useWidth } from "../parts/use-width.ts";
import type { Change } from "../parts/use-ui-state.ts";
import { shown } from "./session-app.tsx";
import type { ViewState } from "./view-state.ts";

interface Run extends ComparedRun {
  readonly sweep: PanelSweep;
}

function runOf(panel: PanelState | null, name: string): Run | null {
  const sweep = panel?.sweep;
  return panel && sweep
    ? { name, sweep, rows: sweep.rows, answers: sweep.answers, flip: sweep.flip, blocks: blocksOf(panel) }
    : null;
}

/** Nothing where one side has no sweep, or where the two measure what cannot be laid over each other. */
export function CurvesOfBoth(props: {
  readonly view: ComparisonView;
  readonly ui: ViewState;
  readonly change: Change<ViewState>;
}): VNode | null {
  const { view, ui, change } = props;
  const [plot, width] = useWidth<HTMLDivElement>();
  const [first, second] = view.sides;
  const [a, b] = [runOf(first.panel, view.names[0]), runOf(second.panel, view.names[1])];
  if (!a || !b || !isComparable(a, b)) return null;
  const { k } = shown(first.panel!, ui);
  return (
    <section class="side both" aria-label={l10n.t("Both sweeps")}>
      <div class="side-body">
        <p class="both-key">
          {[a, b].map(({ name }, index) => (
            <span key={index}>
              <i class={index === 0 ? "" : "compared"} aria-hidden="true" /> {name}
            </span>
          ))}
        </p>
        {[a, b].map(({ sweep, blocks }, index) => (
          <PlotRow key={index} name={index === 0 ? "A" : "B"}>
            <StripPreview sweep={sweep} blocks={blocks} />
          </PlotRow>
        ))}
        <Curve
          sweep={a.sweep}
          blocks={a.blocks}
          k={k}
          names={sweepNames(a.sweep)}
          metric={ui.curve}
          others={[{ ...b, run: 1, isCompared: true }]}
          onMetric={(curve) => {
            change({ curve });
          }}
        />
        <PlotRow name={l10n.t("layer k")} className="axis-name">
          <div ref={plot}>
            <BlockAxis
              layers={{ from: 0, to: a.blocks - 1 }}
              width={width}
              flips={[a.sweep.flip, b.sweep.flip]}
            />
          </div>
        </PlotRow>
      </div>
    </section>
  );
}
