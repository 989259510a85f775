/** The answers of one run: of the held cell, else of the sweep at the chosen k; with buttons that step through k. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { AnswersOf } from "./answers.tsx";
import { CellAnswers } from "./cell-answers.tsx";
import type { SectionProps } from "./section-props.ts";
import { ContinuationBlock } from "./continuation.tsx";
import { Dropdown } from "../parts/widgets.tsx";
import { normText } from "../../src/shared/text/format.ts";
import type { PanelGrid, PanelState, PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import { sweepNames } from "../../src/shared/figure/grid-cells.ts";
import { lensText } from "../figures/lens-row.tsx";
import { Section } from "./section.tsx";
import { rowsAt } from "../../src/shared/figure/strip-cells.ts";
import { tokenFace } from "../parts/token-text.ts";
import { useKept } from "../parts/use-kept.ts";

/** What the answers are of. */
type Run =
  | { readonly of: "cell"; readonly grid: PanelGrid; readonly cell: CellRef }
  | { readonly of: "sweep"; readonly sweep: PanelSweep; readonly k: number };

/** A held cell is shown by itself, unless its row is the sweep, which knows more of it. */
function shownRun({ sweep, grid, k, cell }: Pick<PanelState, "sweep" | "grid" | "k" | "cell">): Run | null {
  if (grid && cell && (!sweep || cell.position !== grid.sweepPosition)) return { of: "cell", grid, cell };
  return sweep && k !== null ? { of: "sweep", sweep, k } : null;
}

/** Shown once there is a run to step through. */
export function AnswersSection(props: SectionProps): VNode | null {
  const { state, open, onToggle, post } = props;
  const run = shownRun(state);
  const [newestK, keepK] = useKept(run && (run.of === "cell" ? run.cell.k : run.k));
  if (!run) return null;
  const { layers } = run.of === "cell" ? run.grid : run.sweep;
  const k = run.of === "cell" ? run.cell.k : run.k;
  const step = (by: number, name: string, path: string): VNode => (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      disabled={k + by < layers.from || k + by > layers.to}
      onClick={() => {
        const next = (newestK() ?? k) + by;
        if (next < layers.from || next > layers.to) return;
        keepK(next);
        post({ type: "stepTo", k: next });
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
  return (
    <Section
      id="answers"
      title={l10n.t("Answers at k = {0}", k)}
      fact={
        <>
          {state.cell && <HeldCell cell={state.cell} state={state} post={post} />}
          {run.of === "sweep" && <DeltaNorm sweep={run.sweep} k={k} />}
          {step(-1, l10n.t("Previous k"), "M10 3L5 8l5 5")}
          {step(1, l10n.t("Next k"), "M6 3l5 5-5 5")}
        </>
      }
      open={open}
      onToggle={onToggle}
    >
      {run.of === "cell" ? <CellAnswers {...props} {...run} /> : <SweepAnswers {...props} {...run} />}
    </Section>
  );
}

/** Whose answers these are, and the way back to the sweep's. */
function HeldCell(props: Pick<SectionProps, "state" | "post"> & { readonly cell: CellRef }): VNode {
  const { state, cell, post } = props;
  const token = state.target?.tokens[cell.position];
  return (
    <button
      type="button"
      class="lock-tag"
      title={l10n.t("Release the cell")}
      onClick={() => {
        post({ type: "unlockCell" });
      }}
    >
      <code>{token ? tokenFace(token) : ""}</code> @{cell.position} <span aria-hidden="true">×</span>
      <span class="sr-only">{l10n.t("locked, release")}</span>
    </button>
  );
}

function DeltaNorm({ sweep, k }: { readonly sweep: PanelSweep; readonly k: number }): VNode | null {
  const [row] = rowsAt(sweep, k);
  return (
    (row && (
      <span title={l10n.t("Length of (put in − replaced), L2")}>‖Δh‖ {normText(row.deltaNorm)}</span>
    )) ??
    null
  );
}

function SweepAnswers(props: SectionProps & { readonly sweep: PanelSweep; readonly k: number }): VNode {
  const { sweep, k, ui, busy, change, post } = props;
  const [chosenSeed, chooseSeed] = useState<string | null>(null);
  const rows = rowsAt(sweep, k);
  const row = rows.find((one) => String(one.seed) === chosenSeed) ?? rows[0];
  return (
    <>
      {rows.length > 1 && row?.seed !== undefined && (
        <Dropdown
          label={l10n.t("Seed whose answers are shown")}
          value={String(row.seed)}
          options={rows.map((one) => [String(one.seed), l10n.t("Seed {0}", one.seed!)] as const)}
          onChange={chooseSeed}
        />
      )}
      {row ? (
        <AnswersOf
          row={row}
          answers={sweep.answers}
          names={sweepNames(sweep)}
          baseline={sweep.baseline}
          lens={lensText(sweep, k)}
          isFresh={sweep.standing.kind === "fresh"}
          showBaseline={ui.showBaseline}
          onBaseline={(showBaseline) => {
            change({ showBaseline });
          }}
        />
      ) : (
        <p class="plot-note dim">{l10n.t("This k has not run yet.")}</p>
      )}
      <ContinuationBlock sweep={sweep} k={k} busy={busy} post={post} />
    </>
  );
}
