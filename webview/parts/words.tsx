/** Sentences as the host words them, each side's state and answer in its colour. */
import type { VNode } from "preact";
import { Fragment } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import type { Part } from "../../src/shared/words/parts.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";

/** @param marks with each side's shape before it, where colour would be the only sign */
export function Words({
  parts,
  marks = false,
}: {
  readonly parts: readonly Part[];
  readonly marks?: boolean;
}): VNode {
  return (
    <Fragment>
      {parts.map(({ text, side, strong }, i) =>
        side === null ? (
          <Plain key={i} text={text} strong={strong} />
        ) : (
          <b key={i} class={`${side}-text`}>
            {marks ? `${OUTCOME_MARK[side]} ${text}` : text}
          </b>
        ),
      )}
    </Fragment>
  );
}

/** A percentage stays on one line. */
function Plain({ text, strong }: { readonly text: string; readonly strong: boolean }): VNode {
  const shown = text.replaceAll(" %", "\u00a0%");
  return strong ? <b>{shown}</b> : <Fragment>{shown}</Fragment>;
}

/** The verdict, with each run's answer marked by shape and colour. */
export function Verdict({ sweep }: { readonly sweep: PanelSweep }): VNode {
  return (
    <p class="verdict" aria-live={sweep.state === "complete" ? "polite" : "off"}>
      <Words parts={sweep.verdict} marks />
    </p>
  );
}
