/** The curve under the strip: the chosen metric over k, with a band over seeds, and the flip. */
import * as l10n from "@vscode/l10n";
import type { ComponentChildren, VNode } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import { Dropdown } from "../parts/widgets.tsx";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { BandPoint } from "../../src/shared/figure/band-segments.ts";
import { bandSegments, hasBand } from "../../src/shared/figure/band-segments.ts";
import type { CurveMetric, LineSide, MetricDescription } from "./curve-metric.ts";
import { CURVE_METRICS, shownMetric } from "./curve-metric.ts";
import type { OtherRun } from "./other-lines.tsx";
import { OtherFlips, OtherLines, otherLines } from "./other-lines.tsx";
import type { AnswerNames } from "../../src/shared/figure/grid-cells.ts";

/** CSS pixels, as in plots.css. */
const HEIGHT = 56;

/** Vertical scale of a plot: the values at its top and bottom. */
interface Scale {
  readonly top: number;
  readonly bottom: number;
}

/** A line of the metric, in segments without gaps. */
interface Line {
  readonly side: LineSide;
  readonly segments: readonly (readonly BandPoint[])[];
}

/** The curve over all blocks of the model; a sentence where there is nothing to draw. */
export function Curve(props: {
  readonly sweep: PanelSweep;
  readonly blocks: number;
  readonly k: number | null;
  readonly names: AnswerNames;
  readonly metric: CurveMetric;
  readonly onMetric: (metric: CurveMetric) => void;
  /** Runs whose curves are drawn behind this one's. */
  readonly others?: readonly OtherRun[];
}): VNode {
  const { sweep, blocks, k, names, onMetric, others = [] } = props;
  const compared = others.find(({ isCompared }) => isCompared);
  // What two are compared by is what both have.
  const shown = [sweep, ...(compared ? [compared] : [])].reduce(
    (metric, { rows }) => shownMetric(metric, rows),
    props.metric,
  );
  const metric = CURVE_METRICS[shown];
  const lines = metric.lines
    .map(({ side, valueOf }): Line => ({ side, segments: bandSegments(sweep.rows, valueOf) }))
    .filter(({ segments }) => segments.length > 0);
  if (lines.length === 0) return <p class="plot-note dim">{waitingText(sweep, metric)}</p>;
  const behind = otherLines(others, metric);
  const scale = scaleOf([...lines, ...behind], metric);
  const y = (value: number): number => ((scale.top - value) / (scale.top - scale.bottom)) * HEIGHT;
  return (
    <div class="curve-row">
      <CurveLabels lines={lines} metric={metric} names={names}>
        <Dropdown
          label={l10n.t("Metric of the curve")}
          value={shown}
          options={metricOptions()}
          face={metric.short()}
          onChange={onMetric}
        />
      </CurveLabels>
      <div class={`curve${sweep.standing.kind === "fresh" ? "" : " stale-plot"}`}>
        <svg
          viewBox={`0 0 ${blocks} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={curveSummary(lines, metric, names)}
        >
          <OtherLines lines={behind} path={(points) => path(points, y)} />
          {metric.signed ? (
            <SignedLine line={lines[0]!} blocks={blocks} y={y} />
          ) : (
            lines.map((line) => <PlainLine key={line.side} line={line} y={y} />)
          )}
        </svg>
        <OtherFlips lines={behind} blocks={blocks} />
        {sweep.flip && <div class="flip-line" style={{ left: `${(100 * sweep.flip.k) / blocks}%` }} />}
        {lines.map(({ side, segments }) => {
          const point = segments.flat().find((one) => one.k === k);
          return (
            point && (
              <div
                key={side}
                class={`curve-dot ${side === "both" ? (metric.signed ? signOf(point.mean) : "both") : side}`}
                style={{ left: `${(100 * x(point.k)) / blocks}%`, top: `${(100 * y(point.mean)) / HEIGHT}%` }}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function metricOptions(): readonly (readonly [CurveMetric, string])[] {
  return (Object.keys(CURVE_METRICS) as CurveMetric[]).map(
    (metric) => [metric, CURVE_METRICS[metric].name()] as const,
  );
}

function waitingText({ rows }: PanelSweep, { name }: MetricDescription): string {
  if (rows.length === 0) return l10n.t("Waiting for the first row …");
  return l10n.t("{0} has no values here: the sweep changes nothing that it could measure.", name());
}

function x(k: number): number {
  return k + 0.5;
}

function signOf(value: number): "source" | "target" {
  return value >= 0 ? "source" : "target";
}

/** Signed metrics show zero; others keep a little air, and never magnify rounding to a mountain. */
function scaleOf(lines: readonly Pick<Line, "segments">[], { signed }: MetricDescription): Scale {
  const points = lines.flatMap(({ segments }) => segments.flat());
  const most = Math.max(...points.map((point) => point.most));
  const least = Math.min(...points.map((point) => point.least));
  if (signed) return { top: Math.max(1, most) * 1.12, bottom: Math.min(-1, least) * 1.12 };
  const air = Math.max(1e-3, (most - least) * 0.08);
  return { top: most + air, bottom: least - air };
}

function path(points: readonly BandPoint[], y: (value: number) => number): string {
  return points.map((point) => `${x(point.k)},${y(point.mean).toFixed(2)}`).join(" ");
}

/** The area between the least and the most of several seeds; null for one. */
function band(points: readonly BandPoint[], y: (value: number) => number): string | null {
  if (!hasBand(points)) return null;
  const upper = points.map((point) => `${x(point.k)},${y(point.most).toFixed(2)}`);
  const lower = points.map((point) => `${x(point.k)},${y(point.least).toFixed(2)}`).reverse();
  return [...upper, ...lower].join(" ");
}

/** Above zero in the source's colour, below in the target's. */
function SignedLine({
  line,
  blocks,
  y,
}: {
  readonly line: Line;
  readonly blocks: number;
  readonly y: (value: number) => number;
}): VNode {
  const zero = y(0);
  const area = (points: readonly BandPoint[]): string =>
    `${x(points[0]!.k)},${zero} ${path(points, y)} ${x(points.at(-1)!.k)},${zero}`;
  return (
    <g>
      <clipPath id="curve-source">
        <rect x="0" y="0" width={blocks} height={Math.max(0, zero)} />
      </clipPath>
      <clipPath id="curve-target">
        <rect x="0" y={zero} width={blocks} height={Math.max(0, HEIGHT - zero)} />
      </clipPath>
      <line class="curve-zero" x1="0" x2={blocks} y1={zero} y2={zero} />
      {(["source", "target"] as const).map((side) => (
        <g key={side} class={`curve-${side}`} clip-path={`url(#curve-${side})`}>
          {line.segments.map((points) => {
            const seeds = band(points, y);
            return (
              <g key={points[0]!.k}>
                <polygon class={seeds ? "band" : ""} points={seeds ?? area(points)} />
                <polyline points={path(points, y)} />
              </g>
            );
          })}
        </g>
      ))}
    </g>
  );
}

function PlainLine({ line, y }: { readonly line: Line; readonly y: (value: number) => number }): VNode {
  return (
    <g class={`curve-${line.side}`}>
      {line.segments.map((points) => {
        const seeds = band(points, y);
        return (
          <g key={points[0]!.k}>
            {seeds && <polygon class="band" points={seeds} />}
            <polyline points={path(points, y)} />
          </g>
        );
      })}
    </g>
  );
}

/** The largest and the smallest value, with whose they are, and between them what they are of. */
function CurveLabels(props: {
  readonly children: ComponentChildren;
  readonly lines: readonly Line[];
  readonly metric: MetricDescription;
  readonly names: AnswerNames;
}): VNode {
  const { lines, metric, names } = props;
  const values = lines.flatMap(({ segments }) => segments.flat());
  const most = metric.write(Math.max(...values.map((point) => point.most)));
  const least = metric.write(Math.min(...values.map((point) => point.least)));
  const named = (side: "source" | "target"): VNode => (
    <b class={`${side}-text`} title={names[side]}>
      {OUTCOME_MARK[side]}
      <span class="long"> {names[side]}</span>
    </b>
  );
  const has = (side: LineSide): boolean => lines.some((line) => line.side === side);
  return (
    <div class="curve-labels" title={metric.formula()}>
      <span>
        <span class="dim">{most}</span> {(metric.signed || has("source")) && named("source")}
      </span>
      {props.children}
      <span>
        <span class="dim">{least}</span> {(metric.signed || has("target")) && named("target")}
      </span>
    </div>
  );
}

/** The curve as a screen reader says it: each line at its ends. */
function curveSummary(lines: readonly Line[], metric: MetricDescription, names: AnswerNames): string {
  const said = lines.map(({ side, segments }) => {
    const first = segments[0]![0]!;
    const last = segments.at(-1)!.at(-1)!;
    const ends = [metric.write(first.mean), first.k, metric.write(last.mean), last.k];
    return side === "both"
      ? l10n.t("{0}: {1} at k = {2}, {3} at k = {4}", metric.name(), ...ends)
      : l10n.t("{0} of {1}: {2} at k = {3}, {4} at k = {5}", metric.name(), names[side], ...ends);
  });
  return said.join("; ");
}
