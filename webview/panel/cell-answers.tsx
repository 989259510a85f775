/** The answers of the held cell's own run: what the grid keeps of it, and the way to the rest. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelGrid } from "../../src/shared/protocol/panel.ts";
import type { CellRef, GridCell } from "../../src/shared/figure/grid-cells.ts";
import { cellAt, gridNames } from "../../src/shared/figure/grid-cells.ts";
import { signedText } from "../../src/shared/text/format.ts";
import { AnswerBar, AnswersOf } from "./answers.tsx";
import type { SectionProps } from "./section-props.ts";
import { useReadOnly } from "../parts/read-only.ts";

/** All of its run once it was run by itself; until then both answers, and whatever is ahead of them. */
export function CellAnswers(
  props: SectionProps & { readonly grid: PanelGrid; readonly cell: CellRef },
): VNode {
  const { state, ui, grid, cell: at, busy, change, post } = props;
  const readOnly = useReadOnly();
  const cell = cellAt(grid, at);
  const names = gridNames(grid);
  const isFresh = grid.standing.kind === "fresh";
  if (!cell) return <p class="plot-note dim">{l10n.t("This cell has not run yet.")}</p>;
  const { held } = grid;
  if (held?.position === at.position && held.row.k === at.k) {
    return (
      <AnswersOf
        row={held.row}
        answers={grid.answers}
        names={names}
        baseline={state.sweep?.baseline ?? []}
        lens={null}
        isFresh={isFresh}
        showBaseline={ui.showBaseline}
        onBaseline={(showBaseline) => {
          change({ showBaseline });
        }}
      />
    );
  }
  return (
    <div class={`answers${isFresh ? "" : " stale-bars"}`}>
      <ol aria-label={l10n.t("Answers of the cell at token {0}, k = {1}", cell.position, cell.k)}>
        {keptAnswers(cell, grid).map(({ text, logprob, side }) => (
          <AnswerBar key={side} text={text} logprob={logprob} baseline={undefined} side={side} />
        ))}
      </ol>
      <dl class="facts">
        <div>
          <dt>
            <span class="long">{l10n.t("logit difference")}</span>
            <span class="short">{l10n.t("Δ logit")}</span>
          </dt>
          <dd>{signedText(cell.logitDifference)}</dd>
        </div>
        <div>
          <dt title={names.target}>{l10n.t("rank of {0}", names.target)}</dt>
          <dd>{cell.rankOfTarget}</dd>
        </div>
      </dl>
      <p class="dim hint">
        {l10n.t("A grid keeps both answers of each cell and the most likely one, no others.")}{" "}
        {!readOnly && (
          <button
            type="button"
            class="link"
            disabled={busy}
            onClick={() => {
              post({ type: "runCell" });
            }}
          >
            {l10n.t("Run This Cell")}
          </button>
        )}
      </p>
    </div>
  );
}

/** The most likely first; of an answer that is neither, the grid keeps no probability. */
function keptAnswers(
  cell: GridCell,
  { answers }: PanelGrid,
): Pick<Parameters<typeof AnswerBar>[0], "text" | "logprob" | "side">[] {
  const named = [
    { text: answers?.source?.text ?? "", logprob: cell.sourceLogprob, side: "source" as const },
    { text: answers?.target.text ?? "", logprob: cell.targetLogprob, side: "target" as const },
  ]
    .filter(({ text, logprob }) => text !== "" && logprob !== null)
    .sort((a, b) => b.logprob! - a.logprob!);
  if (cell.outcome !== "neither") return named;
  return [{ text: cell.answer, logprob: null, side: "neither" as const }, ...named];
}
