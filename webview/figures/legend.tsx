/** What the heatmap's colours mean, for each metric. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { METRICS } from "../../src/shared/experiment/metrics.ts";
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import { outcomeName } from "../../src/shared/words/answer.ts";
import type { PanelGrid } from "../../src/shared/protocol/panel.ts";
import type { Palette, Rgba } from "../../src/shared/figure/color-scale.ts";
import {
  RANK_FULL,
  amountColor,
  cssColor,
  divergingColor,
  rankColor,
} from "../../src/shared/figure/color-scale.ts";
import { signedText } from "../../src/shared/text/format.ts";
import type { AnswerNames, Metric } from "../../src/shared/figure/grid-cells.ts";
import { metricExtent } from "../../src/shared/figure/grid-cells.ts";

const OUTCOMES: readonly Outcome[] = ["source", "target", "neither"];
const STOPS = 9;

/** Swatches for outcomes, a bar with its ends for scales. */
export function Legend(props: {
  readonly grid: PanelGrid;
  readonly metric: Metric;
  readonly names: AnswerNames;
  readonly palette: Palette;
}): VNode {
  const { grid, metric, names, palette } = props;
  const diverging = (low: string, high: string): VNode => (
    <div class="legend">
      <End side="target" name={names.target} value={low} />
      {bar((share) => divergingColor(2 * share - 1, palette))}
      <End side="source" name={names.source} value={high} />
    </div>
  );
  switch (metric) {
    case "outcome":
      return (
        <div class="legend">
          {OUTCOMES.map((outcome) => (
            <span key={outcome} class="legend-item">
              <i class={`swatch ${outcome}`} />
              <span class={`legend-name ${outcome}-text`} title={quoted(names, outcome)}>
                {OUTCOME_MARK[outcome]}{" "}
                <span class={quoted(names, outcome) === "" ? "" : "long"}>{outcomeName(outcome)} </span>
                {quoted(names, outcome)}
              </span>
            </span>
          ))}
        </div>
      );
    case "probability":
      return diverging("−1", "+1");
    case "logits": {
      const extent = metricExtent(grid, metric);
      return diverging(signedText(-extent), signedText(extent));
    }
    case "rank":
      return (
        <div class="legend">
          <span>{l10n.t("rank 1")}</span>
          {bar((share) => rankColor(RANK_FULL ** share, palette))}
          <span>{l10n.t("{0} and beyond", RANK_FULL)}</span>
        </div>
      );
    case "kl":
      return (
        <div class="legend" title={METRICS.klToBaseline.shown.formula()}>
          <span>KL 0</span>
          {bar((share) => amountColor(share, palette))}
          <span>{l10n.t("{0} nats", METRICS.klToBaseline.shown.write(metricExtent(grid, metric)))}</span>
        </div>
      );
  }
}

/** One end of a scale; a long name is cut, its number never. */
function End(props: {
  readonly side: "source" | "target";
  readonly name: string;
  readonly value: string;
}): VNode {
  const { side, name, value } = props;
  return (
    <span class={`legend-item ${side}-text`} title={name}>
      <span class="legend-name">
        {OUTCOME_MARK[side]} {name}{" "}
      </span>
      <span>{value}</span>
    </span>
  );
}

/** The answer's name where it says more than the outcome does. */
function quoted(names: AnswerNames, outcome: Outcome): string {
  return outcome === "neither" || names[outcome] === outcomeName(outcome) ? "" : names[outcome];
}

function bar(colorAt: (share: number) => Rgba): VNode {
  const colors = Array.from({ length: STOPS }, (_, index) => cssColor(colorAt(index / (STOPS - 1))));
  return <i class="legend-bar" style={{ background: `linear-gradient(to right, ${colors.join(", ")})` }} />;
}
