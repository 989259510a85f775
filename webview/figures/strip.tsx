/** The sweep as a strip: one cell for each k, stepped through by click or arrow keys; several seeds share a cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { OUTCOME_LETTER, OUTCOME_MARK, rowPerK } from "../../src/shared/experiment/outcome.ts";
import { answerOf, outcomeName, outcomeRow, spokenToken } from "../../src/shared/words/answer.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { SweepRow } from "../../src/shared/experiment/result.ts";
import { keyMove } from "../panel/layer-range.tsx";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { useOptimistic } from "../parts/use-optimistic.ts";

/** What the strip needs. */
export interface StripProps {
  readonly sweep: Pick<PanelSweep, "rows" | "layers" | "standing">;
  /** Number of blocks of the model: the strip always spans all of them, under the layer range. */
  readonly blocks: number;
  readonly k: number | null;
  /** Width in CSS pixels; letters are shown where cells have room. */
  readonly width: number;
  readonly onStep: (k: number) => void;
  /** What a screen reader calls it. */
  readonly name?: string;
}

/** Narrowest cell that takes a letter, CSS pixels. */
const LETTER_WIDTH = 11;

/** The rows at k, one for each seed; empty where it has not run. */
export function rowsAt({ rows }: Pick<PanelSweep, "rows">, k: number | null): SweepRow[] {
  return rows.filter((row) => row.k === k);
}

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
      {Array.from({ length: blocks }, (_, index) => (
        <StripCell
          key={index}
          k={index}
          rows={rowsAt(sweep, index)}
          outside={index < from || index > to}
          current={index === k}
          letters={width / blocks >= LETTER_WIDTH}
        />
      ))}
    </div>
  );
}

function StripCell(props: {
  readonly k: number;
  readonly rows: readonly SweepRow[];
  readonly outside: boolean;
  readonly current: boolean;
  readonly letters: boolean;
}): VNode {
  const { k, rows, outside, current, letters } = props;
  const [told] = rowPerK(rows.map(outcomeRow));
  const place = outside ? "outside" : (told?.outcome ?? "empty");
  return (
    <span
      class={`strip-cell ${place}${rows.length > 1 ? " seeds" : ""}${current ? " current" : ""}`}
      data-k={k}
      title={cellTitle(k, rows, outside)}
    >
      {rows.length > 1 ? (
        <span class="seed-stack">
          {rows.map((row) => (
            <i key={row.seed} class={row.outcome} />
          ))}
        </span>
      ) : (
        told && <b>{letters ? OUTCOME_LETTER[told.outcome] : ""}</b>
      )}
    </span>
  );
}

function cellTitle(k: number, rows: readonly SweepRow[], outside: boolean): string {
  if (rows.length === 0) return `k = ${k}: ${outside ? l10n.t("outside the range") : l10n.t("not run yet")}`;
  const said = rows.map((row) => {
    const seed = row.seed === undefined ? "" : `${l10n.t("seed {0}", row.seed)} `;
    return `${seed}${OUTCOME_MARK[row.outcome]} ${visibleText(answerOf(row))}`;
  });
  return `k = ${k}: ${said.join(", ")}`;
}
