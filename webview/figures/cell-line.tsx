/** The line under a heatmap: what happens when the swap is made at one cell. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { METRICS } from "../../src/shared/experiment/metrics.ts";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import type { PanelGrid, PanelPrompt } from "../../src/shared/protocol/panel.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { probabilityText, signedText } from "../../src/shared/text/format.ts";
import type { AnswerNames } from "../../src/shared/figure/grid-cells.ts";
import { foldText } from "../../src/shared/figure/row-bands.ts";
import type { MapPlace } from "./cell-map.tsx";
import { cellAt } from "../../src/shared/figure/grid-cells.ts";
import { tokenFace } from "../parts/token-text.ts";

const kl = METRICS.klToBaseline.shown;

/** Shows a cell, or how to get one; it is one line high, so that nothing jumps while the pointer moves. */
export function CellLine(props: {
  readonly grid: PanelGrid;
  readonly prompt: PanelPrompt;
  readonly names: AnswerNames;
  readonly cell: MapPlace | null;
  readonly locked: boolean;
  /** Whether to say how cells are shown while none is. */
  readonly hint: boolean;
}): VNode {
  const { grid, prompt, names, cell: place, locked, hint } = props;
  if (!place) {
    return (
      <div class="cell-line">{hint && <p class="dim">{l10n.t("Point at a cell, click to lock it.")}</p>}</div>
    );
  }
  if (place.fold) {
    return (
      <div class="cell-line">
        <p>
          {foldText(place.fold)} <span class="dim">{l10n.t("Click to open.")}</span>
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
          <Number name={`p(${names.source})`} short="p ◆" value={probabilityText(cell.sourceLogprob)} />
          <Number name={`p(${names.target})`} short="p ★" value={probabilityText(cell.targetLogprob)} />
          <Number
            name={l10n.t("logit difference")}
            short={l10n.t("Δ logit")}
            value={signedText(cell.logitDifference)}
          />
          <Number
            name={l10n.t("rank of {0}", names.target)}
            short={l10n.t("rank ★")}
            value={String(cell.rankOfTarget)}
          />
          {cell.klToBaseline !== null && <Number name="KL" short="KL" value={kl.write(cell.klToBaseline)} />}
        </dl>
      )}
    </div>
  );
}

function Number(props: { readonly name: string; readonly short: string; readonly value: string }): VNode {
  const { name, short, value } = props;
  return (
    <div title={name}>
      <dt>
        <span class="long">{name}</span>
        <span class="short">{short}</span>
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
