/** What a run has at hand: the owners it works with, and how it is ended. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import { answerRequest, namedAnswers } from "../../shared/experiment/answer-choice.ts";
import type { AnswerRequest } from "../../shared/experiment/experiment.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { AnswerChoice } from "./records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import type { InterventionStore } from "./intervention-store.ts";

/** One run's surroundings. */
export interface RunContext {
  readonly store: InterventionStore;
  readonly supervisor: Pick<EngineSupervisor, "open" | "request">;
  readonly signal: AbortSignal;
  /** Says how far the work is; total 0 when the end is not known. Silent once the run was ended. */
  readonly progress: (label: string, done: number, total: number) => void;
  /** Says how many milliseconds the work is expected to take; null where that is not known. */
  readonly expect: (ms: number | null) => void;
}

/** @throws SwapError `cancelled` once the run was ended */
export function throwIfEnded({ signal }: Pick<RunContext, "signal">): void {
  if (signal.aborted) throw new SwapError("cancelled", l10n.t("The run was cancelled."));
}

/**
 * What is asked about answers of a choice: those that are named as tokens that continue the target prompt.
 *
 * @throws SwapError `usage` for a text without tokens, and for two answers that are the same
 */
export async function answersAsked(
  { supervisor }: Pick<RunContext, "supervisor">,
  { target, source, scoring, tokens }: AnswerChoice,
  { tokenization }: ReadPrompt,
): Promise<AnswerRequest> {
  const texts = { target: target === "" ? null : target, source: source === "" ? null : source };
  const promptText = tokenization.text;
  const named = await namedAnswers(texts, (text) => supervisor.request("encodeAnswer", { text, promptText }));
  // The number is kept for whoever comes back to whole answers: only there it was asked for.
  return answerRequest(named, { scoring, tokens: scoring === "likelihood" ? tokens : null });
}
