/** The facts without which a result cannot be read: numeric mode, convention, BOS, how much was changed. */
import type { VNode } from "preact";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import { deltaText } from "../../src/shared/words/facts.ts";

/** One quiet line under the verdict. */
export function FactsLine({ sweep, k }: { readonly sweep: PanelSweep; readonly k: number | null }): VNode {
  const { numeric, convention, bos } = sweep.facts;
  const facts = [numeric, convention, bos, deltaText(sweep.rows, k)].filter(
    (fact) => fact !== null && fact !== "",
  );
  return <p class="facts-line dim hint">{facts.join(" · ")}</p>;
}
