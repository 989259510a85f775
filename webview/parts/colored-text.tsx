/** The host's sentences with their source and target parts in colour; the words stay exactly the host's. */
import type { VNode } from "preact";
import { Fragment } from "preact";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import { runText, verdictRuns } from "../../src/shared/words/verdict.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import { outcomeRow } from "../../src/shared/words/answer.ts";

/** "state of '␣Italy' @2 → '␣France' @21, before block k": left of the arrow is source, right of it target. */
export function StateSentence({ sentence }: { readonly sentence: string }): VNode {
  const [left, right, ...more] = sentence.split(" → ");
  if (left === undefined || right === undefined || more.length > 0) return <Fragment>{sentence}</Fragment>;
  return (
    <Fragment>
      {colored(left, "source")} → {colored(right, "target")}
    </Fragment>
  );
}

/** Colours from the first quote to the last `@` number. */
function colored(text: string, side: "source" | "target"): VNode {
  const match = /^([^'"“‘]*)(['"“‘].*@[\d–-]+)(.*)$/su.exec(text);
  if (!match) return <Fragment>{text}</Fragment>;
  return (
    <Fragment>
      {match[1]}
      <b class={`${side}-text`}>{match[2]}</b>
      {match[3]}
    </Fragment>
  );
}

/** The verdict, with each run's answer marked by shape and colour. */
export function Verdict({ sweep }: { readonly sweep: PanelSweep }): VNode {
  const runs = verdictRuns(sweep.rows.map(outcomeRow));
  const parts: (VNode | string)[] = [];
  // A percentage stays on one line.
  let rest = sweep.verdict.replaceAll(" %", "\u00a0%");
  for (const run of runs) {
    const { answer } = run;
    const said = runText(run);
    const from = rest.indexOf(said);
    if (from < 0) break;
    const at = from + said.indexOf(answer);
    parts.push(
      rest.slice(0, at),
      <b key={run.from} class={`${run.outcome}-text`}>
        {OUTCOME_MARK[run.outcome]} {answer}
      </b>,
    );
    rest = rest.slice(at + answer.length);
  }
  return (
    <p class="verdict" aria-live={sweep.complete ? "polite" : "off"}>
      {parts}
      {rest}
    </p>
  );
}
