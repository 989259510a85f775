/** Schemas of the numbers in messages and files. */
import * as v from "valibot";

/** A whole number from 0 up. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const INFINITIES = { "-Infinity": -Infinity, Infinity } as const;

/** A number. JSON has no infinities, and log 0 is one: its texts write them as words. */
export const real = v.union([
  v.number(),
  v.pipe(
    v.picklist(["-Infinity", "Infinity"]),
    v.transform((word) => INFINITIES[word]),
  ),
]);
