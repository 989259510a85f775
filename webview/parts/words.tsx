/** Sentences as the host words them, each side's state and answer in its colour. */
import type { VNode } from "preact";
import { Fragment } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import type { Part } from "../../src/shared/words/parts.ts";
import { textOf } from "../../src/shared/words/parts.ts";
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

/** The verdict as a headline, with each run's answer below it marked by shape and colour. */
export function Verdict({ sweep }: { readonly sweep: PanelSweep }): VNode {
  const { headline, verdict, state } = sweep;
  return (
    <div class="verdict" aria-live={state === "complete" ? "polite" : "off"} title={textOf(verdict)}>
      <p class="verdict-head">
        {headline.head.map(({ text, strong }, i) =>
          strong ? <b key={i}>{text}</b> : <span key={i}>{text}</span>,
        )}
      </p>
      <p class="verdict-runs">
        {headline.runs.map((run, i) => (
          <span key={i}>
            <Words parts={run} marks />{" "}
          </span>
        ))}
      </p>
    </div>
  );
}
