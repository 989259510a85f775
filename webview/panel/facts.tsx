/** The facts without which a result cannot be read: numeric mode, convention, BOS, how much was changed, what the model is. */
import type { VNode } from "preact";
import type { PanelModel, PanelSweep } from "../../src/shared/protocol/panel.ts";
import { deltaText } from "../../src/shared/words/facts.ts";

/** A short list. */
export function Facts(props: {
  readonly sweep: PanelSweep;
  readonly model: PanelModel;
  readonly k: number | null;
}): VNode {
  const { sweep, model, k } = props;
  const { numeric, convention, bos } = sweep.facts;
  const facts = [numeric, convention, bos, deltaText(sweep.rows, k), model.tag?.description].filter(
    (fact) => fact !== undefined && fact !== null && fact !== "",
  );
  return (
    <ul class="dim hint">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
