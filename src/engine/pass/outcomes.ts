/** From logits to what a row says: outcome, log-probabilities, ranks, logit difference. */
import { argmax } from "../../shared/matrix.ts";
import type { Answer, Experiment } from "../../shared/experiment.ts";
import type { Outcome } from "../../shared/outcome.ts";
import { outcomeOf } from "../../shared/outcome.ts";
import { logSumExp, rankOf } from "./readout.ts";

/** The two answers of a result; `source` is null until it is known, or when it equals the target's. */
export interface Answers {
  readonly target: Answer;
  readonly source: Answer | null;
}

/** One row of logits read against the two answers. Each answer counts by its first token. */
export interface Readout {
  readonly argmax: number;
  readonly outcome: Outcome;
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  /** Logit of the source answer minus logit of the target answer. */
  readonly logitDifference: number | null;
  readonly rankOfTarget: number;
  readonly rankOfSource: number | null;
}

/** Reads a row of logits, `[vocab]`. */
export function readLogits(logits: Float32Array, answers: Answers): Readout {
  const targetId = answers.target.ids[0]!;
  const sourceId = answers.source?.ids[0] ?? null;
  const best = argmax(logits);
  const total = logSumExp(logits);
  return {
    argmax: best,
    outcome: outcomeOf(best, targetId, sourceId),
    targetLogprob: logits[targetId]! - total,
    sourceLogprob: sourceId === null ? null : logits[sourceId]! - total,
    logitDifference: sourceId === null ? null : logits[sourceId]! - logits[targetId]!,
    rankOfTarget: rankOf(logits, targetId),
    rankOfSource: sourceId === null ? null : rankOf(logits, sourceId),
  };
}

/** The answers as far as they are known from the unpatched run: the named ones, else its argmax for the target. */
export function answersFromBaseline(
  named: Experiment["answers"],
  baseline: Float32Array,
  textOf: (id: number) => string,
): Answers {
  return { target: named.target ?? answerOf(argmax(baseline), textOf), source: named.source };
}

/**
 * Completes the answers with the row of the smallest k: its argmax is the source answer unless the user named one.
 * A row that gives the target's own answer names none.
 */
export function answersFromFirstRow(
  answers: Answers,
  logits: Float32Array,
  textOf: (id: number) => string,
): Answers {
  if (answers.source) return answers;
  const id = argmax(logits);
  return id === answers.target.ids[0] ? answers : { ...answers, source: answerOf(id, textOf) };
}

function answerOf(id: number, textOf: (id: number) => string): Answer {
  return { ids: [id], text: textOf(id) };
}
