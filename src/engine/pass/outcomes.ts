/** From logits to what a row says: outcome, log-probabilities, ranks, differences. */
import { argmax } from "../matrix.ts";
import type { Answer, Answers, Scoring } from "../../shared/experiment/experiment.ts";
import type { Outcome } from "../../shared/experiment/outcome.ts";
import { outcomeOf } from "../../shared/experiment/outcome.ts";
import { logSumExp, rankOf } from "./readout.ts";

/** One row of logits read against the two answers. */
export interface Readout {
  readonly argmax: number;
  readonly outcome: Outcome;
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  /** log p(source answer) - log p(target answer). */
  readonly logitDifference: number | null;
  /** Of the answers' first tokens. */
  readonly rankOfTarget: number;
  readonly rankOfSource: number | null;
}

/** log p of an answer's tokens after the first, given all before; 0 for answers of one token. */
export interface RestLogprobs {
  readonly target: number;
  readonly source: number;
}

const NO_REST: RestLogprobs = { target: 0, source: 0 };

/**
 * Reads a row of logits, `[vocab]`, of the prompt's last position.
 *
 * @param rest with `likelihood` scoring, what the answers' later tokens add
 * @param total `logSumExp(logits)`, where it is known
 */
export function readLogits(
  logits: Float32Array,
  answers: Answers,
  scoring: Scoring = "next-token",
  rest: RestLogprobs = NO_REST,
  total = logSumExp(logits),
): Readout {
  const targetId = answers.target.ids[0]!;
  const sourceId = answers.source?.ids[0] ?? null;
  const best = argmax(logits);
  const targetLogprob = logits[targetId]! - total + rest.target;
  const sourceLogprob = sourceId === null ? null : logits[sourceId]! - total + rest.source;
  return {
    argmax: best,
    outcome:
      scoring === "next-token"
        ? outcomeOf(best, targetId, sourceId)
        : likelierOf(best, answers, targetLogprob, sourceLogprob),
    targetLogprob,
    sourceLogprob,
    // From logits, not from log-probabilities: the logarithm's rounding would come twice.
    logitDifference:
      sourceId === null ? null : logits[sourceId]! - logits[targetId]! + (rest.source - rest.target),
    rankOfTarget: rankOf(logits, targetId),
    rankOfSource: sourceId === null ? null : rankOf(logits, sourceId),
  };
}

/** The likelier whole answer; neither where the most likely next token begins none of the two. */
function likelierOf(best: number, answers: Answers, target: number, source: number | null): Outcome {
  const begins = best === answers.target.ids[0] || best === answers.source?.ids[0];
  if (!begins) return "neither";
  return source !== null && source > target ? "source" : "target";
}

/** Answers that a run gives: the text of its tokens. */
export function answerOf(ids: readonly number[], textOf: (id: number) => string): Answer {
  return { ids, text: ids.map(textOf).join("") };
}
