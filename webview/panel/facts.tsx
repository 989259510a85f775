/** The facts without which a result cannot be read: numeric mode, convention, BOS, how much was changed. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import { normText } from "../../src/shared/text/format.ts";
import { rowsAt } from "../figures/strip.tsx";

/** One quiet line under the verdict. */
export function FactsLine({ sweep, k }: { readonly sweep: PanelSweep; readonly k: number | null }): VNode {
  const { numeric, convention, bos } = sweep.facts;
  const norms = rowsAt(sweep, k).map((row) => row.deltaNorm);
  const ends = [...new Set([Math.min(...norms), Math.max(...norms)].map(normText))];
  const norm = norms.length === 0 ? null : l10n.t("‖Δh‖ {0} at k = {1}", ends.join(" … "), k!);
  const facts = [numeric, convention, bos, norm].filter((fact) => fact !== null && fact !== "");
  return <p class="facts-line dim hint">{facts.join(" · ")}</p>;
}
