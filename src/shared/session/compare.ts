/**
 * Compares two sessions of one experiment, as a run again is compared with what was stored: what differs in their inputs,
 * and which values differ beyond a tolerance, cell by cell.
 */
import { valueDifferences } from "./compare-values.ts";
import { inputDifferences } from "./compare-inputs.ts";
import type { Session } from "./session.ts";
import type { Comparison } from "./comparison.ts";

/**
 * Largest difference of log-probabilities and of logit differences that counts as the same. fp32 sums in another order
 * differ by about 1e-5 in logits; runs with other threads or on another machine stay below 1e-3.
 */
export const DEFAULT_TOLERANCE = 1e-3;

/**
 * Outcomes and answers (the most likely token) must be equal; metrics in nats or logits that both have within the
 * tolerance.
 *
 * @param tolerance absolute, in nats or logits
 */
export function compareSessions(
  before: Session,
  after: Session,
  tolerance: number = DEFAULT_TOLERANCE,
): Comparison {
  const inputs = inputDifferences(before, after);
  const values = valueDifferences(before, after, tolerance);
  return { tolerance, isSameExperiment: inputs.every(({ harmless }) => harmless), inputs, ...values };
}
