/** Set Answers…: the two sides' answers, and how they count. */
import * as l10n from "@vscode/l10n";
import type { QuickPickItem } from "vscode";
import type { Scoring } from "../../shared/experiment/experiment.ts";
import { MOST_ANSWER_TOKENS } from "../../shared/experiment/limits.ts";
import type { Host } from "../host.ts";
import type { AnswerChoice } from "../interventions/records.ts";
import { tokensIn } from "./continue-text.ts";
import { interventionAtHand } from "../ask/intervention-at-hand.ts";
import { askSteps, pickStep, textStep } from "../ask/steps.ts";
import { runAgain } from "./run-again.ts";

/**
 * Asks for the answers of the result at hand, which runs again with them; without one, of the next run.
 *
 * @throws SwapError when no model can be opened
 */
export async function setAnswers(host: Host, id?: unknown): Promise<void> {
  const { store } = host;
  const intervention = interventionAtHand(host, id);
  const asked = await askAnswers(host, (intervention?.setup ?? store.state.setup).answers);
  if (!asked) return;
  if (intervention) store.set({ shownId: intervention.id });
  const { answers } = store.shown?.setup ?? store.state.setup;
  store.choose({ answers: { ...answers, ...asked } });
  const chosen = intervention && store.intervention(intervention.id);
  if (chosen?.sweep) await runAgain(host, chosen);
}

/** What the user said; null when they left. */
async function askAnswers({ vs }: Host, before: AnswerChoice): Promise<Partial<AnswerChoice> | null> {
  const said = await askSteps(vs, l10n.t("Set Answers"), [SOURCE, TARGET, SCORING, LENGTH], before);
  if (!said) return null;
  const { target, source, scoring, tokens } = said;
  return takesLength(said) ? { target, source, scoring, tokens } : { target, source, scoring };
}

const SOURCE = textStep<AnswerChoice>({
  prompt: () => l10n.t("◆ What the put-in state should give; empty = found by running, at the smallest k."),
  value: ({ source }) => source,
  take: (said, source) => ({ ...said, source }),
});

const TARGET = textStep<AnswerChoice>({
  prompt: () => l10n.t("★ What the prompt answers unpatched; empty = found by running."),
  value: ({ target }) => target,
  take: (said, target) => ({ ...said, target }),
});

const SCORING = pickStep({
  placeHolder: () => l10n.t("log p(answer) = sum over its tokens of log p(token | prompt and tokens before)"),
  items: (): readonly (QuickPickItem & { readonly scoring: Scoring | null })[] => [
    {
      label: l10n.t("By Default"),
      description: l10n.t("whole where a named answer has several tokens, else by the first token"),
      scoring: null,
    },
    {
      label: l10n.t("Next Token"),
      description: l10n.t("by the answers’ first tokens"),
      scoring: "next-token",
    },
    {
      label: l10n.t("Whole Answer"),
      description: l10n.t("by the likelihood of all their tokens"),
      scoring: "likelihood",
    },
  ],
  isActive: (item, said: AnswerChoice) => item.scoring === said.scoring,
  take: (said, { scoring }) => ({ ...said, scoring }),
});

const LENGTH = textStep<AnswerChoice>({
  applies: takesLength,
  prompt: () => l10n.t("Tokens of an answer that is found by running (1 to {0})", MOST_ANSWER_TOKENS),
  value: ({ tokens }) => String(tokens),
  check: (text) =>
    tokensIn(text, MOST_ANSWER_TOKENS) === null
      ? l10n.t("Write a whole number from 1 to {0}.", MOST_ANSWER_TOKENS)
      : null,
  take: (said, text) => ({ ...said, tokens: tokensIn(text, MOST_ANSWER_TOKENS) ?? said.tokens }),
});

/** Whether an answer is found by running that has more than one token. */
function takesLength({ target, source, scoring }: AnswerChoice): boolean {
  return scoring === "likelihood" && (target === "" || source === "");
}
