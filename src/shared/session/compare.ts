/**
 * Compares two sessions of one experiment, as a run again is compared with what was stored: what differs in their inputs,
 * and which values differ beyond a tolerance, cell by cell.
 */
import { valueDifferences } from "./compare-values.ts";
import { inputDifferences } from "./compare-inputs.ts";
import type { Session } from "./session.ts";

/**
 * Largest difference of log-probabilities and of logit differences that counts as the same. fp32 sums in another order
 * differ by about 1e-5 in logits; runs with other threads or on another machine stay below 1e-3.
 */
export const DEFAULT_TOLERANCE = 1e-3;

/** Something that two sessions were made from, and that differs. */
export interface InputDifference {
  /** For people: `model file (SHA-256)`, `token ids of the target`, `condition of the sweep`, `product version`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Whether the same numbers are expected nevertheless: versions, names, and a policy that gave the same tokens. */
  readonly harmless: boolean;
}

/** What a value measures; `missing` for rows and cells that only one of the two has. */
export type Measure =
  "outcome" | "answer" | "log p(target)" | "log p(source)" | "logit difference" | "missing";

/** Where a value stands. */
export interface CellPlace {
  readonly part: "sweep" | "identity" | "random" | "unrelated" | "grid";
  readonly k: number;
  /** For conditions with seeds; null otherwise. */
  readonly seed: number | null;
  /** For the grid; null otherwise. */
  readonly position: number | null;
}

/** One value that differs. */
export interface CellDifference extends CellPlace {
  readonly measure: Measure;
  /** Outcomes as words, answers as token text, numbers in full, rows as `there`; `none` where there is none. */
  readonly before: string;
  readonly after: string;
  /** |after - before| of two numbers; null for others. */
  readonly size: number | null;
}

/** What a comparison found. */
export interface Comparison {
  readonly tolerance: number;
  /** Whether both ask the same of the same model: no input differs but harmless ones. */
  readonly isSameExperiment: boolean;
  readonly inputs: readonly InputDifference[];
  /** How many rows and cells of the grid both have; 0 when the target's token ids differ. */
  readonly compared: number;
  /** Ordered by part (sweep, controls, grid), position, k, seed. */
  readonly cells: readonly CellDifference[];
  /** Largest finite difference of two numbers, beyond the tolerance or not; 0 when there is none. */
  readonly largest: number;
}

/**
 * Outcomes and answers (the most likely token) must be equal; log p(target), log p(source) and the logit difference within
 * the tolerance.
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
