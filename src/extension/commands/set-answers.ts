/** Set Answers…: the two sides' answers, and how they count. */
import * as l10n from "@vscode/l10n";
import type { Scoring } from "../../shared/experiment/experiment.ts";
import { MOST_ANSWER_TOKENS } from "../../shared/experiment/limits.ts";
import type { Host } from "../host.ts";
import type { AnswerChoice } from "../interventions/records.ts";
import { tokensIn } from "./continue-text.ts";
import { interventionAtHand } from "../ask/intervention-at-hand.ts";
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
async function askAnswers(host: Host, before: AnswerChoice): Promise<Partial<AnswerChoice> | null> {
  const { window } = host.vs;
  const titles = { target: l10n.t("Set Answers: target"), source: l10n.t("Set Answers: source") };
  const ask = (side: "target" | "source", prompt: string): Thenable<string | undefined> =>
    window.showInputBox({ title: titles[side], prompt, value: before[side], ignoreFocusOut: true });
  const target = await ask(
    "target",
    l10n.t("What the prompt answers unpatched; empty = found by running. A word gets its blank by itself."),
  );
  if (target === undefined) return null;
  const source = await ask(
    "source",
    l10n.t("What the put-in state should give; empty = found by running, at the smallest k."),
  );
  if (source === undefined) return null;
  const scoring = await askScoring(host, before.scoring);
  if (scoring === undefined) return null;
  const isFound = target === "" || source === "";
  if (scoring !== "likelihood" || !isFound) return { target, source, scoring };
  const tokens = await askTokens(host, before.tokens);
  return tokens === null ? null : { target, source, scoring, tokens };
}

async function askScoring({ vs }: Host, before: Scoring | null): Promise<Scoring | null | undefined> {
  const all = [
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
  ] as const;
  const items = [...all].sort((a, b) => Number(b.scoring === before) - Number(a.scoring === before));
  const picked = await vs.window.showQuickPick(items, {
    title: l10n.t("Set Answers: How They Count"),
    ignoreFocusOut: true,
    placeHolder: l10n.t("log p(answer) = sum over its tokens of log p(token | prompt and tokens before)"),
  });
  return picked?.scoring;
}

async function askTokens({ vs }: Host, before: number): Promise<number | null> {
  const text = await vs.window.showInputBox({
    title: l10n.t("Set Answers: Length"),
    ignoreFocusOut: true,
    prompt: l10n.t("Tokens of an answer that is found by running (1 to {0})", MOST_ANSWER_TOKENS),
    value: String(before),
    validateInput: (value) =>
      tokensIn(value, MOST_ANSWER_TOKENS) === null
        ? l10n.t("Write a whole number from 1 to {0}.", MOST_ANSWER_TOKENS)
        : null,
  });
  return text === undefined ? null : tokensIn(text, MOST_ANSWER_TOKENS);
}
