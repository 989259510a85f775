/** The sweep as a strip: one cell for each k, stepped through by click or arrow keys; several seeds share a cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { Fragment } from "preact";
import type { StripCell } from "../../src/shared/figure/strip-cells.ts";
import { rowsAt, stripCells } from "../../src/shared/figure/strip-cells.ts";
import { answerOf, outcomeName, spokenToken } from "../../src/shared/words/answer.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { SweepRow } from "../../src/shared/experiment/result.ts";
import { keyMove } from "../parts/step-keys.ts";
import { useOptimistic } from "../parts/use-optimistic.ts";

/** What the strip needs. */
export interface StripProps {
  readonly sweep: Pick<PanelSweep, "rows" | "layers" | "standing">;
  /** Number of blocks of the model: the strip always spans all of them, under the layer range. */
  readonly blocks: number;
  readonly k: number | null;
  /** Width in CSS pixels; shapes are shown where cells have room. */
  readonly width: number;
  readonly onStep: (k: number) => void;
  /** What a screen reader calls it. */
  readonly name?: string;
}

/** Narrowest cell that takes a shape, CSS pixels. */
const MARK_WIDTH = 11;

/** A k as a screen reader says it. */
function spokenRow(rows: readonly SweepRow[], k: number): string {
  const first = rows[0];
  if (!first) return l10n.t("k = {0}: not run", k);
  if (rows.length === 1) return `k = ${k}: ${spokenToken(answerOf(first))}, ${outcomeName(first.outcome)}`;
  const hits = rows.filter((row) => row.outcome === "target").length;
  return l10n.t("k = {0}: target in {1} of {2} seeds", k, hits, rows.length);
}

/** One tab stop; it is a slider over k, so arrows, Page, Home and End step as everywhere. */
export function Strip(props: StripProps): VNode {
  const { sweep, blocks, k: hostK, width, onStep, name = l10n.t("Sweep, step through k") } = props;
  const { from, to } = sweep.layers;
  const { shown: k, newest, show } = useOptimistic(hostK, Object.is);
  const current = k ?? from;
  const step = (next: number): void => {
    const inside = Math.max(from, Math.min(to, next));
    if (inside === newest()) return;
    show(inside);
    onStep(inside);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyMove(event.key, newest() ?? from, blocks);
    if (next === null) return;
    event.preventDefault();
    step(next);
  };
  return (
    <div
      class={`strip${sweep.standing.kind === "fresh" ? "" : " stale-plot"}`}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={current}
      aria-valuetext={spokenRow(rowsAt(sweep, current), current)}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const cell = (event.target as Element).closest<HTMLElement>("[data-k]");
        if (cell) step(Number(cell.dataset.k));
      }}
    >
      <Cells sweep={sweep} blocks={blocks} k={k} marks={width / blocks >= MARK_WIDTH} />
    </div>
  );
}

/** The strip of a run that is not the shown one, for the eye alone: its row says in words what it is. */
export function StripPreview({ sweep, blocks }: Pick<StripProps, "sweep" | "blocks">): VNode {
  return (
    <div class={`strip preview${sweep.standing.kind === "fresh" ? "" : " stale-plot"}`} aria-hidden="true">
      <Cells sweep={sweep} blocks={blocks} k={null} marks={false} />
    </div>
  );
}

function Cells(props: Pick<StripProps, "sweep" | "blocks" | "k"> & { readonly marks: boolean }): VNode {
  const { sweep, blocks, k, marks } = props;
  return (
    <Fragment>
      {stripCells(sweep, blocks).map((cell) => (
        <Cell key={cell.k} cell={cell} current={cell.k === k} marks={marks} />
      ))}
    </Fragment>
  );
}

function Cell(props: {
  readonly cell: StripCell;
  readonly current: boolean;
  readonly marks: boolean;
}): VNode {
  const { cell, current, marks } = props;
  const { k, place, bars, mark, title } = cell;
  return (
    <span
      class={`strip-cell ${place}${bars.length > 1 ? " seeds" : ""}${current ? " current" : ""}`}
      data-k={k}
      title={title}
    >
      {bars.length > 1 ? (
        <span class="seed-stack">
          {bars.map((bar, i) => (
            <i key={i} class={bar.outcome} />
          ))}
        </span>
      ) : (
        bars.map(({ outcome }) => <b key={outcome}>{marks ? mark : ""}</b>)
      )}
    </span>
  );
}
