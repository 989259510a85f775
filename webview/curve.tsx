/** The logit-difference curve under the strip, blue above zero (source side), orange below (target side), and the flip. */
import type { VNode } from "preact";
import type { PanelSweep } from "../src/shared/panel.ts";
import { signedText } from "./format.ts";
import type { AnswerNames } from "./grid-cells.ts";

const height = 64;

/** A point of the curve: k and logit(source answer) − logit(target answer). */
export interface CurvePoint {
  readonly k: number;
  readonly value: number;
}

/** Points of rows that have a difference, broken where a k is missing. */
export function curveSegments(sweep: Pick<PanelSweep, "rows">): readonly (readonly CurvePoint[])[] {
  const segments: CurvePoint[][] = [];
  for (const row of sweep.rows) {
    if (row.logitDifference === null) continue;
    const point = { k: row.k, value: row.logitDifference };
    const last = segments.at(-1);
    if (last?.at(-1)?.k === row.k - 1) last.push(point);
    else segments.push([point]);
  }
  return segments;
}

/** The curve over all blocks of the model; a sentence where there is nothing to draw. */
export function Curve(props: {
  readonly sweep: PanelSweep;
  readonly blocks: number;
  readonly k: number | null;
  readonly names: AnswerNames;
}): VNode {
  const { sweep, blocks, k, names } = props;
  const segments = curveSegments(sweep);
  const values = segments.flat().map((point) => point.value);
  if (values.length === 0) {
    return (
      <p class="plot-note dim">
        {sweep.rows.length > 0
          ? "No logit difference: the sweep has no source answer."
          : "Waiting for the first row …"}
      </p>
    );
  }
  const top = Math.max(1, ...values) * 1.12;
  const bottom = Math.min(-1, ...values) * 1.12;
  const x = (at: number): number => at + 0.5;
  const y = (value: number): number => ((top - value) / (top - bottom)) * height;
  const zero = y(0);
  const path = (points: readonly CurvePoint[]): string =>
    points.map((point) => `${x(point.k)},${y(point.value).toFixed(2)}`).join(" ");
  const area = (points: readonly CurvePoint[]): string =>
    `${x(points[0]!.k)},${zero} ${path(points)} ${x(points.at(-1)!.k)},${zero}`;
  const current = segments.flat().find((point) => point.k === k);

  return (
    <div class="curve-row">
      <div class="curve-labels">
        <span>
          <span class="dim">{signedText(Math.max(0, ...values))}</span>{" "}
          <b class="source-text">{names.source}</b>
        </span>
        <span class="dim">
          <span class="long">logit difference</span>
          <span class="short">Δ logit</span>
        </span>
        <span>
          <span class="dim">{signedText(Math.min(0, ...values))}</span>{" "}
          <b class="target-text">{names.target}</b>
        </span>
      </div>
      <div class={`curve${sweep.stale === null ? "" : " stale-plot"}`}>
        <svg
          viewBox={`0 0 ${blocks} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={curveSummary(sweep, names)}
        >
          <clipPath id="curve-source">
            <rect x="0" y="0" width={blocks} height={zero} />
          </clipPath>
          <clipPath id="curve-target">
            <rect x="0" y={zero} width={blocks} height={height - zero} />
          </clipPath>
          <line class="curve-zero" x1="0" x2={blocks} y1={zero} y2={zero} />
          {(["source", "target"] as const).map((side) => (
            <g key={side} class={`curve-${side}`} clip-path={`url(#curve-${side})`}>
              {segments.map((points) => (
                <g key={points[0]!.k}>
                  <polygon points={area(points)} />
                  <polyline points={path(points)} />
                </g>
              ))}
            </g>
          ))}
        </svg>
        {sweep.flip && (
          <div class="flip-line" style={{ left: `${(100 * sweep.flip.k) / blocks}%` }}>
            <span class={sweep.flip.k > blocks / 2 ? "before" : "after"}>flip {sweep.flip.k}</span>
          </div>
        )}
        {current && (
          <div
            class={`curve-dot ${current.value >= 0 ? "source" : "target"}`}
            style={{
              left: `${(100 * x(current.k)) / blocks}%`,
              top: `${(100 * y(current.value)) / height}%`,
            }}
          />
        )}
      </div>
    </div>
  );
}

function curveSummary(sweep: PanelSweep, names: AnswerNames): string {
  const known = sweep.rows.filter((row) => row.logitDifference !== null);
  const first = known[0]!;
  const last = known.at(-1)!;
  return `Logit of ${names.source} minus logit of ${names.target}: ${signedText(first.logitDifference)} at k = ${first.k}, ${signedText(last.logitDifference)} at k = ${last.k}`;
}
