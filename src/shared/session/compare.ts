/**
 * Compares two sessions of one experiment, as a run again is compared with what was stored: what differs in their inputs,
 * and which values differ beyond a tolerance, cell by cell.
 */
import { valueDifferences } from "./compare-values.ts";
import { runtimeTolerance } from "../experiment/runtime.ts";
import { inputDifferences } from "./compare-inputs.ts";
import type { Session } from "./session.ts";
import type { Comparison } from "./comparison.ts";

/**
 * Outcomes and answers (the most likely token) must be equal; metrics in nats or logits that both have within the
 * tolerance.
 *
 * @param tolerance absolute, in nats or logits
 */
export function compareSessions(
  before: Session,
  after: Session,
  tolerance: number = runtimeTolerance(before.model.runtime, after.model.runtime),
): Comparison {
  const inputs = inputDifferences(before, after);
  const values = valueDifferences(before, after, tolerance);
  return { tolerance, isSameExperiment: inputs.every(({ harmless }) => harmless), inputs, ...values };
}
