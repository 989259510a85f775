/** The logit lens under the sweep: what the unpatched last token would answer if the model stopped before block k. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import { outcomeName, spokenToken } from "../../src/shared/words/answer.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { LensRow as Row } from "../../src/shared/experiment/result.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { answerSide } from "../parts/answer-side.ts";
import { probabilityText } from "../../src/shared/text/format.ts";

/** One cell for each block, each an item that is read aloud, and a mark at the end for the model's own answer. */
export function LensStrip(props: {
  readonly sweep: PanelSweep;
  readonly blocks: number;
  readonly k: number | null;
}): VNode {
  const { sweep, blocks, k } = props;
  const lens = sweep.lens ?? [];
  return (
    <div
      class={`lens${sweep.standing.kind === "fresh" ? "" : " stale-plot"}`}
      role="list"
      aria-label={spoken(lens, sweep)}
    >
      {lens.map((row) => {
        const best = row.top[0];
        const side = best ? answerSide(best.id, sweep.answers) : "neither";
        const place = row.k === blocks ? l10n.t("the model’s own answer") : l10n.t("before layer {0}", row.k);
        const probability = probabilityText(best?.logprob ?? null);
        return (
          <span
            key={row.k}
            class={`lens-cell ${side}${row.k === blocks ? " own" : ""}${row.k === k ? " current" : ""}`}
            role="listitem"
            aria-label={`${place}: ${spokenToken(best?.text ?? "")}, ${outcomeName(side)}, p ${probability}`}
            title={l10n.t(
              "Logit lens {0}: {1} {2} p {3}",
              place,
              OUTCOME_MARK[side],
              visibleText(best?.text ?? ""),
              probability,
            )}
          >
            <i />
          </span>
        );
      })}
    </div>
  );
}

/** The lens's answer at one k in words that fit beside the answers; null where there is none. */
export function lensText({ lens }: Pick<PanelSweep, "lens">, k: number): string | null {
  const best = lens?.find((row) => row.k === k)?.top[0];
  return best ? `${visibleText(best.text)} ${probabilityText(best.logprob)}` : null;
}

/** From which k on the lens gives the answer that the model gives in the end. */
function spoken(lens: readonly Row[], sweep: PanelSweep): string {
  const own = lens.at(-1)?.top[0];
  if (!own) return l10n.t("Logit lens");
  const other = lens.findLastIndex((row) => row.top[0]?.id !== own.id);
  const from = lens[other + 1]?.k ?? 0;
  const side = answerSide(own.id, sweep.answers);
  return l10n.t(
    "Logit lens of the unpatched last token: {0} ({1}) from k = {2} on",
    spokenToken(own.text),
    outcomeName(side),
    from,
  );
}
