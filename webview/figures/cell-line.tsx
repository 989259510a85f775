/** The line under the heatmap: what happens when the swap is made at one cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import type { PanelGrid, PanelPrompt } from "../../src/shared/protocol/panel.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { probabilityText, signedText } from "../../src/shared/text/format.ts";
import type { AnswerNames, CellRef } from "../../src/shared/figure/grid-cells.ts";
import { cellAt } from "../../src/shared/figure/grid-cells.ts";
import { tokenFace } from "../parts/token-text.ts";

/** Shows a cell, or how to get one; it keeps its height so that nothing jumps while the pointer moves. */
export function CellLine(props: {
  readonly grid: PanelGrid;
  readonly prompt: PanelPrompt;
  readonly names: AnswerNames;
  readonly cell: CellRef | null;
  readonly locked: boolean;
}): VNode {
  const { grid, prompt, names, cell: place, locked } = props;
  if (!place) {
    return (
      <div class="cell-line">
        <p class="dim">
          {l10n.t("Point at a cell to preview it, click to lock it; or Tab to the map and use the arrows.")}
        </p>
      </div>
    );
  }
  const token = prompt.tokens[place.position];
  const cell = cellAt(grid, place);
  return (
    <div class="cell-line">
      <p>
        <code>{token ? tokenFace(token) : ""}</code>
        <span class="dim">
          {" "}
          @{place.position} · k {place.k} →{" "}
        </span>
        {cell ? (
          <b class={`${cell.outcome}-text`}>
            {OUTCOME_MARK[cell.outcome]} <code>{visibleText(cell.answer)}</code>
          </b>
        ) : (
          <span class="dim">{l10n.t("not run yet")}</span>
        )}
        {locked && <span class="lock-tag">{l10n.t("locked")}</span>}
      </p>
      {cell && (
        <dl>
          <div>
            <dt>p({names.source})</dt>
            <dd>{probabilityText(cell.sourceLogprob)}</dd>
          </div>
          <div>
            <dt>p({names.target})</dt>
            <dd>{probabilityText(cell.targetLogprob)}</dd>
          </div>
          <div>
            <dt>
              <span class="long">{l10n.t("logit difference")}</span>
              <span class="short">{l10n.t("Δ logit")}</span>
            </dt>
            <dd>{signedText(cell.logitDifference)}</dd>
          </div>
          <div>
            <dt>{l10n.t("rank of {0}", names.target)}</dt>
            <dd>{cell.rankOfTarget}</dd>
          </div>
        </dl>
      )}
    </div>
  );
}
