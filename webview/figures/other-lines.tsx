/** Curves of other runs behind that of the shown one: thin and grey, the compared one dashed and told by name, flips marked. */
import type { VNode } from "preact";
import { Fragment } from "preact";
import type { BandPoint } from "../../src/shared/figure/band-segments.ts";
import { bandSegments } from "../../src/shared/figure/band-segments.ts";
import type { ComparedRun } from "../../src/shared/words/run-comparison.ts";
import type { MetricDescription } from "./curve-metric.ts";

/** A run whose curve is drawn behind another's. */
export interface OtherRun extends ComparedRun {
  /** Tells it from the others. */
  readonly run: number;
  readonly isCompared: boolean;
}

/** A curve of another run. */
export interface OtherLine {
  readonly of: OtherRun;
  readonly segments: readonly (readonly BandPoint[])[];
}

/** One line for each run: of metrics with two, that of the target's answer, which every run has. */
export function otherLines(others: readonly OtherRun[], metric: MetricDescription): OtherLine[] {
  const line = metric.lines.find(({ side }) => side !== "source")!;
  return others
    .map((of): OtherLine => ({ of, segments: bandSegments(of.rows, line.valueOf) }))
    .filter(({ segments }) => segments.length > 0);
}

/** The lines. */
export function OtherLines(props: {
  readonly lines: readonly OtherLine[];
  readonly path: (points: readonly BandPoint[]) => string;
}): VNode {
  const { lines, path } = props;
  return (
    <Fragment>
      {lines.map(({ of, segments }) => (
        <g key={of.run} class={`curve-other${of.isCompared ? " compared" : ""}`}>
          {segments.map((points) => (
            <polyline key={points[0]!.k} points={path(points)} />
          ))}
        </g>
      ))}
    </Fragment>
  );
}

/** A tick at each other run's flip; the compared one's over the whole plot. */
export function OtherFlips({
  lines,
  blocks,
}: {
  readonly lines: readonly OtherLine[];
  readonly blocks: number;
}): VNode {
  return (
    <Fragment>
      {lines.map(
        ({ of: { run, flip, isCompared } }) =>
          flip && (
            <div
              key={run}
              class={`other-flip${isCompared ? " compared" : ""}`}
              style={{ left: `${(100 * flip.k) / blocks}%` }}
            />
          ),
      )}
    </Fragment>
  );
}
