/** The most likely answers at the chosen k, with the unpatched run beside them on demand. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import { OUTCOME_MARK } from "../../src/shared/experiment/outcome.ts";
import type { Answers } from "../../src/shared/experiment/experiment.ts";
import { SHOWN_METRICS } from "../../src/shared/experiment/metrics.ts";
import type { SweepRow, TopToken } from "../../src/shared/experiment/result.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { Checkbox } from "../parts/widgets.tsx";
import { probabilityText, signedText } from "../../src/shared/text/format.ts";
import { answerSide } from "../parts/answer-side.ts";
import type { AnswerNames } from "../../src/shared/figure/grid-cells.ts";

const SHOWN = 5;

/** What the list of answers needs. */
export interface AnswersProps {
  readonly row: SweepRow;
  readonly answers: Answers | null;
  readonly names: AnswerNames;
  /** The unpatched run's most likely tokens; empty where they are not known. */
  readonly baseline: readonly TopToken[];
  /** What the lens says at this k; null without one. */
  readonly lens: string | null;
  readonly isFresh: boolean;
  readonly showBaseline: boolean;
  readonly onBaseline: (show: boolean) => void;
}

/** Bars with numbers; the two answers are marked wherever they stand. */
export function AnswersOf(props: AnswersProps): VNode {
  const { row, answers, names, baseline, lens, isFresh, showBaseline, onBaseline } = props;
  const unpatched = new Map(baseline.map((token) => [token.id, token]));
  const list = row.top.slice(0, SHOWN);
  const listed = new Set(list.map((token) => token.id));
  const missing = showBaseline ? baseline.slice(0, 2).filter((token) => !listed.has(token.id)) : [];
  return (
    <div class={`answers${showBaseline ? " compared" : ""}${isFresh ? "" : " stale-bars"}`}>
      <ol aria-label={l10n.t("Most likely answers at k = {0}", row.k)}>
        {list.map((token) => (
          <AnswerBar
            key={token.id}
            text={token.text}
            logprob={token.logprob}
            baseline={showBaseline ? (unpatched.get(token.id)?.logprob ?? null) : undefined}
            side={answerSide(token.id, answers)}
          />
        ))}
        {missing.map((token) => (
          <AnswerBar
            key={token.id}
            text={token.text}
            logprob={null}
            baseline={token.logprob}
            side={answerSide(token.id, answers)}
          />
        ))}
      </ol>
      {showBaseline && (
        <p class="dim hint">{l10n.t("Thin bars and the second number: the unpatched run.")}</p>
      )}
      <dl class="facts">
        <div>
          <dt title={names.source}>p({names.source})</dt>
          <dd>{probabilityText(row.sourceLogprob)}</dd>
        </div>
        <div>
          <dt title={names.target}>p({names.target})</dt>
          <dd>{probabilityText(row.targetLogprob)}</dd>
        </div>
        <div>
          <dt>
            <span class="long">{l10n.t("logit difference")}</span>
            <span class="short">{l10n.t("Δ logit")}</span>
          </dt>
          <dd>{signedText(row.logitDifference)}</dd>
        </div>
        <div>
          <dt>
            {l10n.t("ranks")} <span aria-label={l10n.t("source")}>◆</span> /{" "}
            <span aria-label={l10n.t("target")}>★</span>
          </dt>
          <dd>
            {row.rankOfSource ?? "–"} / {row.rankOfTarget}
          </dd>
        </div>
        {SHOWN_METRICS.map(([field, { heading, formula, write }]) => {
          const value: number | null | undefined = row[field];
          return (
            // A result of an older version lacks what came later.
            heading &&
            value !== undefined && (
              <div key={field}>
                <dt title={formula()}>{heading()}</dt>
                <dd>{value === null ? "–" : write(value)}</dd>
              </div>
            )
          );
        })}
        {lens !== null && (
          <div>
            <dt
              title={l10n.t(
                "What the unpatched last token would answer if the model stopped before this layer",
              )}
            >
              {l10n.t("lens")}
            </dt>
            <dd>
              <code>{lens}</code>
            </dd>
          </div>
        )}
      </dl>
      {baseline.length > 0 && (
        <Checkbox checked={showBaseline} onChange={onBaseline}>
          {l10n.t("Compare with the unpatched run")}
        </Checkbox>
      )}
    </div>
  );
}

/** One answer; `baseline` undefined hides the comparison, null says that the unpatched run does not list the token. */
export function AnswerBar(props: {
  readonly text: string;
  readonly logprob: number | null;
  readonly baseline: number | null | undefined;
  readonly side: Outcome;
}): VNode {
  const { text, logprob, baseline, side } = props;
  const width = (value: number | null): string => `${value === null ? 0 : 100 * Math.exp(value)}%`;
  return (
    <li class={`answer ${side}`}>
      <span class={`answer-mark ${side}-text`} aria-hidden="true">
        {side === "neither" ? "" : OUTCOME_MARK[side]}
      </span>
      <code class={side === "neither" ? "" : `${side}-text`} title={visibleText(text)}>
        {visibleText(text)}
      </code>
      {side !== "neither" && (
        <span class="sr-only">
          {side === "source" ? l10n.t(", source answer") : l10n.t(", target answer")}
        </span>
      )}
      <span class="answer-bars" aria-hidden="true">
        <i class={logprob === null ? "" : "some"} style={{ width: width(logprob) }} />
        {baseline !== undefined && (
          <i class={baseline === null ? "unpatched" : "unpatched some"} style={{ width: width(baseline) }} />
        )}
      </span>
      <span class="answer-number">{probabilityText(logprob)}</span>
      {baseline !== undefined && (
        <span class="answer-number dim">
          <span class="sr-only">{l10n.t("unpatched")} </span>
          {probabilityText(baseline)}
        </span>
      )}
    </li>
  );
}
