/** What a run has at hand: the owners it works with, and how it is ended. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
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
}

/** @throws SwapError `cancelled` once the run was ended */
export function throwIfEnded({ signal }: Pick<RunContext, "signal">): void {
  if (signal.aborted) throw new SwapError("cancelled", l10n.t("The run was cancelled."));
}

/**
 * The answers of a choice as token ids that continue the target prompt; null for those that are found by running.
 *
 * @throws SwapError `usage` for a text without tokens
 */
export async function answerRequest(
  { supervisor }: RunContext,
  choice: AnswerChoice,
  target: ReadPrompt,
): Promise<AnswerRequest> {
  const promptText = target.tokenization.text;
  const named = async (text: string): Promise<AnswerRequest["target"]> =>
    text === "" ? null : supervisor.request("encodeAnswer", { text, promptText });
  return {
    target: await named(choice.target),
    source: await named(choice.source),
    scoring: choice.scoring,
    tokens: choice.scoring === "likelihood" ? choice.tokens : 1,
  };
}
