/** The logit lens under the sweep: what the unpatched last token would answer if the model stopped before block k. */
import type { VNode } from "preact";
import { OUTCOME_MARK } from "../src/shared/outcome.ts";
import type { PanelSweep } from "../src/shared/panel.ts";
import type { LensRow as Row } from "../src/shared/result.ts";
import { visibleText } from "../src/shared/tokens.ts";
import { answerSide } from "./answers.tsx";
import { probabilityText } from "./format.ts";

/** One cell for each block, and a mark at the end for the model's own answer. */
export function LensStrip({ sweep, blocks }: { readonly sweep: PanelSweep; readonly blocks: number }): VNode {
  const lens = sweep.lens ?? [];
  return (
    <div
      class={`lens${sweep.stale === null ? "" : " stale-plot"}`}
      role="img"
      aria-label={spoken(lens, sweep)}
    >
      {lens.map((row) => {
        const best = row.top[0];
        const side = best ? answerSide(best.id, sweep.answers) : "neither";
        const place = row.k === blocks ? "the model’s own answer" : `before block ${row.k}`;
        return (
          <span
            key={row.k}
            class={`lens-cell ${side}${row.k === blocks ? " own" : ""}`}
            title={`Logit lens ${place}: ${OUTCOME_MARK[side]} ${visibleText(best?.text ?? "")} p ${probabilityText(best?.logprob ?? null)}`}
          />
        );
      })}
    </div>
  );
}

/** From which k on the lens gives the answer that the model gives in the end. */
function spoken(lens: readonly Row[], sweep: PanelSweep): string {
  const own = lens.at(-1)?.top[0];
  if (!own) return "Logit lens";
  const other = lens.findLastIndex((row) => row.top[0]?.id !== own.id);
  const from = lens[other + 1]?.k ?? 0;
  const side = answerSide(own.id, sweep.answers);
  return `Logit lens of the unpatched last token: ${own.text.trim()} (${side}) from k = ${from} on`;
}
