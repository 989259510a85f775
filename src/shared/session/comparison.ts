/** What a comparison of two sessions finds, as data. */
import type { MetricField } from "../experiment/metrics.ts";
import type { ControlName } from "../experiment/result.ts";

/** Something that two sessions were made from, and that differs. */
export interface InputDifference {
  /** For people: `model file (SHA-256)`, `token ids of the target`, `condition of the sweep`, `product version`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Whether the same numbers are expected nevertheless: versions, names, and a policy that gave the same tokens. */
  readonly harmless: boolean;
}

/** What a value measures, a metric by its field; `missing` for rows and cells that only one of the two has. */
export type Measure = "outcome" | "answer" | "missing" | MetricField;

/** Where a value stands. */
export interface CellPlace {
  readonly part: "sweep" | ControlName | "grid";
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
