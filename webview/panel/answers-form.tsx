/** The two sides' answers for the next run: named or found, counted by first token or whole. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { Scoring } from "../../src/shared/experiment/experiment.ts";
import type { PanelAnswers } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { MOST_ANSWER_TOKENS } from "../../src/shared/experiment/limits.ts";
import { Field } from "./condition-options.tsx";
import { Dropdown, NumberField, TextField } from "../parts/widgets.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { typedWhole } from "../parts/typed-number.ts";

function scorings(): readonly (readonly [Scoring | "default", string])[] {
  return [
    ["default", l10n.t("By default")],
    ["next-token", l10n.t("Next token")],
    ["likelihood", l10n.t("Whole answer")],
  ];
}

/** One line that says how answers are taken; the fields while it is open. */
export function AnswersForm(props: {
  readonly answers: PanelAnswers;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly post: (intent: PanelIntent) => void;
}): VNode {
  const { answers, open, onOpen, post } = props;
  const change = (part: Partial<PanelAnswers>): void => {
    post({ type: "setAnswers", answers: part });
  };
  if (useReadOnly()) {
    return (
      <p class="answers-line">
        <span class="dim">{l10n.t("Answers:")} </span>
        {summary(answers)}
      </p>
    );
  }
  return (
    <div class="answers-form">
      <p class="answers-line">
        <span class="dim">{l10n.t("Answers:")} </span>
        {summary(answers)}{" "}
        <button type="button" class="link" aria-expanded={open} onClick={onOpen}>
          {open ? l10n.t("Close") : l10n.t("Change")}
          <span class="sr-only"> {l10n.t("answers")}</span>
        </button>
      </p>
      {open && (
        <div class="condition-options">
          {(["source", "target"] as const).map((side) => (
            <Field key={side} name={side === "source" ? l10n.t("◆ Source") : l10n.t("★ Target")}>
              <TextField
                label={side === "source" ? l10n.t("Source answer") : l10n.t("Target answer")}
                placeholder={l10n.t("found by running")}
                value={answers[side]}
                onChange={(text) => {
                  change({ [side]: text });
                }}
              />
            </Field>
          ))}
          <Field
            name={l10n.t("How answers count")}
            title={l10n.t(
              "By the first token, or by the likelihood of all tokens; by default whole where a named answer has several",
            )}
          >
            <Dropdown
              label={l10n.t("How answers count")}
              value={answers.scoring ?? "default"}
              options={scorings()}
              onChange={(scoring) => {
                change({ scoring: scoring === "default" ? null : scoring });
              }}
            />
          </Field>
          {answers.scoring === "likelihood" && (
            <Field
              name={l10n.t("Found answers")}
              title={l10n.t("Tokens of an answer that is found by running")}
            >
              <NumberField
                label={l10n.t("Tokens of a found answer")}
                value={answers.tokens}
                parse={(text) => typedWhole(text, 1, MOST_ANSWER_TOKENS)}
                onChange={(tokens) => {
                  change({ tokens });
                }}
              />
              <span class="dim">{l10n.t("tokens")}</span>
            </Field>
          )}
        </div>
      )}
    </div>
  );
}

function summary({ source, target, scoring }: PanelAnswers): string {
  const named = [source && `◆ ${source}`, target && `★ ${target}`].filter((text) => text !== "");
  const which = named.length === 0 ? l10n.t("found by running") : named.join(", ");
  return `${which} · ${scoringText(scoring, named.length)}`;
}

/** Answers that are found have one token by default; of those that are named, the model knows. */
function scoringText(scoring: Scoring | null, named: number): string {
  if (scoring === "likelihood") return l10n.t("whole answer");
  if (scoring === "next-token" || named === 0) return l10n.t("next token");
  return l10n.t("counted by default");
}
