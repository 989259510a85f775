/** The layer range, and under it the sweep: strip, curve, axis, verdict. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { rangeText } from "../../src/shared/text/ranges.ts";
import type { SectionProps } from "./section-props.ts";
import { BlockAxis } from "../figures/axis.tsx";
import { Verdict } from "../parts/words.tsx";
import { ControlsBlock } from "./controls-block.tsx";
import { Button, Dropdown } from "../parts/widgets.tsx";
import type { CurveMetric } from "../figures/curve-metric.ts";
import { CURVE_METRICS, shownMetric } from "../figures/curve-metric.ts";
import { Curve } from "../figures/curve.tsx";
import { NoSweep } from "./empty-states.tsx";
import { FactsLine } from "./facts.tsx";
import { sweepNames } from "../../src/shared/figure/grid-cells.ts";
import { isSameRange, LayerFields, LayerTrack } from "./layer-range.tsx";
import { LensStrip } from "../figures/lens-row.tsx";
import { FRESH } from "../../src/shared/experiment/standing.ts";
import { StandingNotice } from "./notices.tsx";
import { Notes } from "./notes.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { Section } from "./section.tsx";
import { Strip } from "../figures/strip.tsx";
import { useOptimistic } from "../parts/use-optimistic.ts";
import { useWidth } from "../parts/use-width.ts";

function metricOptions(): readonly (readonly [CurveMetric, string])[] {
  return (Object.keys(CURVE_METRICS) as CurveMetric[]).map(
    (metric) => [metric, CURVE_METRICS[metric].name()] as const,
  );
}

/** The range that the next run takes and what the last one showed, on one axis of blocks. */
export function LayersSection(props: SectionProps): VNode {
  const { state, open, blocks, onToggle } = props;
  const { from, to } = state.layers;
  return (
    <Section
      id="layers"
      title={l10n.t("Layers")}
      fact={l10n.t("{0} of {1} (0 = embeddings)", rangeText(from, to), blocks)}
      open={open}
      onToggle={onToggle}
    >
      <LayersBody {...props} />
    </Section>
  );
}

function LayersBody({ state, ui, blocks, busy, change, post }: SectionProps): VNode {
  const [plot, width] = useWidth<HTMLDivElement>();
  const { sweep, layers, k } = state;
  const readOnly = useReadOnly();
  const standing = sweep?.standing ?? FRESH;
  const shown = shownMetric(ui.curve, sweep?.rows ?? []);
  const metric = CURVE_METRICS[shown];
  const range = {
    range: useOptimistic(layers, isSameRange),
    blocks,
    onCommit: (next: typeof layers) => {
      post({ type: "setLayers", from: next.from, to: next.to });
    },
  };
  return (
    <div class="layers">
      {!readOnly && (
        <div class="layer-line">
          <LayerFields {...range} layers={layers} />
          <Button
            look="primary"
            disabled={busy || state.target === null}
            onPress={() => {
              post({ type: "command", command: "runSweep" });
            }}
          >
            {l10n.t("Run Sweep")}
          </Button>
        </div>
      )}
      <StandingNotice standing={standing} command="runSweep" busy={busy} post={post} />
      {!readOnly && (
        <div class="plot-row">
          <span class="gutter dim" aria-hidden="true">
            {l10n.t("range")}
          </span>
          <LayerTrack {...range} />
        </div>
      )}
      {sweep && (
        <div class="plot-row">
          <span class="gutter dim" aria-hidden="true">
            {l10n.t("answer")}
          </span>
          <div ref={plot}>
            <Strip
              sweep={sweep}
              blocks={blocks}
              k={k}
              width={width}
              onStep={(next) => {
                post({ type: "stepTo", k: next });
              }}
            />
          </div>
        </div>
      )}
      {sweep?.lens && (
        <div class="plot-row">
          <span class="gutter dim" aria-hidden="true">
            {l10n.t("lens")}
          </span>
          <LensStrip sweep={sweep} blocks={blocks} k={k} />
        </div>
      )}
      {sweep && (
        <div class="plot-row curve-metric" title={metric.formula()}>
          <span class="gutter dim" aria-hidden="true">
            {l10n.t("curve")}
          </span>
          <Dropdown
            label={l10n.t("Metric of the curve")}
            value={shown}
            options={metricOptions()}
            onChange={(curve) => {
              change({ curve });
            }}
          />
        </div>
      )}
      {sweep && <Curve sweep={sweep} blocks={blocks} k={k} names={sweepNames(sweep)} metric={ui.curve} />}
      {sweep && (
        <div class="plot-row">
          <span class="gutter dim axis-name" aria-hidden="true">
            {l10n.t("block k")}
          </span>
          <BlockAxis layers={{ from: 0, to: blocks - 1 }} width={width} />
        </div>
      )}
      {!sweep && !readOnly && <NoSweep state={state} />}
      {sweep && <Verdict sweep={sweep} />}
      {sweep && <Notes notes={sweep.notes} busy={busy} post={post} />}
      {sweep && <FactsLine sweep={sweep} k={k} />}
      {sweep && !readOnly && !state.stored && (
        <p class="hint">
          <button
            type="button"
            class="link"
            disabled={sweep.rows.length === 0}
            onClick={() => {
              post({ type: "command", command: "saveSession" });
            }}
          >
            {l10n.t("Save Session")}
          </button>
        </p>
      )}
      {sweep && <ControlsBlock sweep={sweep} blocks={blocks} k={k} width={width} busy={busy} post={post} />}
    </div>
  );
}
