/** The sweep as a strip: one cell for each k, stepped through by click or arrow keys. */
import type { VNode } from "preact";
import { OUTCOME_LETTER, OUTCOME_MARK } from "../src/shared/outcome.ts";
import type { PanelSweep } from "../src/shared/panel.ts";
import type { SweepRow } from "../src/shared/result.ts";
import { keyMove } from "./layer-range.tsx";
import { visibleText } from "../src/shared/tokens.ts";
import { useOptimistic } from "./use-optimistic.ts";

/** What the strip needs. */
export interface StripProps {
  readonly sweep: PanelSweep;
  /** Number of blocks of the model: the strip always spans all of them, under the layer range. */
  readonly blocks: number;
  readonly k: number | null;
  /** Width in CSS pixels; letters are shown where cells have room. */
  readonly width: number;
  readonly onStep: (k: number) => void;
}

/** Narrowest cell that takes a letter, CSS pixels. */
const letterWidth = 11;

/** The text of a row's answer. */
export function rowAnswer(row: SweepRow): string {
  return row.top[0]?.text ?? "";
}

/** The row at k; undefined where it has not run. */
export function rowAt(sweep: PanelSweep, k: number | null): SweepRow | undefined {
  return sweep.rows.find((row) => row.k === k);
}

/** A row as a screen reader says it. */
export function spokenRow(row: SweepRow | undefined, k: number): string {
  return row ? `k = ${k}: ${rowAnswer(row).trim() || "blank"}, ${row.outcome}` : `k = ${k}: not run`;
}

/** One tab stop; it is a slider over k, so arrows, Page, Home and End step as everywhere. */
export function Strip({ sweep, blocks, k: hostK, width, onStep }: StripProps): VNode {
  const { from, to } = sweep.layers;
  const rows = new Map(sweep.rows.map((row) => [row.k, row]));
  const [k, show] = useOptimistic(hostK, Object.is);
  const current = k ?? from;
  const step = (next: number): void => {
    const inside = Math.max(from, Math.min(to, next));
    if (inside === k) return;
    show(inside);
    onStep(inside);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyMove(event.key, current, blocks);
    if (next === null) return;
    event.preventDefault();
    step(next);
  };
  return (
    <div
      class={`strip${sweep.stale === null ? "" : " stale-plot"}`}
      role="slider"
      tabIndex={0}
      aria-label="Sweep, step through k"
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={current}
      aria-valuetext={spokenRow(rows.get(current), current)}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const cell = (event.target as Element).closest<HTMLElement>("[data-k]");
        if (cell) step(Number(cell.dataset.k));
      }}
    >
      {Array.from({ length: blocks }, (_, index) => {
        const row = rows.get(index);
        const place = index < from || index > to ? "outside" : (row?.outcome ?? "empty");
        return (
          <span
            key={index}
            class={`strip-cell ${place}${index === k ? " current" : ""}`}
            data-k={index}
            title={
              row
                ? `k = ${index}: ${OUTCOME_MARK[row.outcome]} ${visibleText(rowAnswer(row))}`
                : `k = ${index}: ${place === "outside" ? "outside the range" : "not run yet"}`
            }
          >
            {row && <b>{width / blocks >= letterWidth ? OUTCOME_LETTER[row.outcome] : ""}</b>}
          </span>
        );
      })}
    </div>
  );
}
