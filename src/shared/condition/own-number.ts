/** Numbers that one condition takes and others do not: declared once, read by schema, command line, panel and sentences. */
import * as v from "valibot";

/**
 * A number that a condition takes beside those that many take. It stands under its key in the condition, in what is chosen,
 * and in the panel; on the command line it is an option of that name.
 */
export interface OwnNumber {
  /** Lower case. Conditions that share a key share the number. */
  readonly key: string;
  /** Bounds, both included. */
  readonly least: number;
  readonly most: number;
  /** Taken when nothing is chosen. */
  readonly initial: number;
  /** What it counts, as a sign behind it, such as `°`; may be empty. */
  readonly unit: string;
  /** What it is, in few words: for the command line. */
  readonly help: string;
  /** Its name for people. */
  readonly name: () => string;
  /** A value within a sentence, such as `at 90°`. */
  readonly said: (value: number) => string;
}

/** Chosen values by key. */
export type OwnValues = Readonly<Partial<Record<string, number>>>;

/** The chosen value, or the initial one. */
export function valueIn(values: OwnValues | undefined, { key, initial }: OwnNumber): number {
  return values?.[key] ?? initial;
}

/** A number within its bounds. */
export function numberSchema({ least, most }: OwnNumber): v.GenericSchema<number> {
  return v.pipe(v.number(), v.minValue(least), v.maxValue(most));
}
