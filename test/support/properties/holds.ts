/**
 * How properties are tried: half of the trials are the same each time, the others new each time. The number that made them is
 * printed; `STATE_SWAP_PROPERTY_SEED` makes them again, and `STATE_SWAP_PROPERTY_FACTOR` multiplies them (`npm run test:properties`).
 */
import fc from "fast-check";

const SAME_SEED = 17;
const { STATE_SWAP_PROPERTY_SEED, STATE_SWAP_PROPERTY_FACTOR = "1" } = process.env;
const newSeed = Number(STATE_SWAP_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const factor = Number(STATE_SWAP_PROPERTY_FACTOR);

console.log(`New trials of properties: STATE_SWAP_PROPERTY_SEED=${newSeed}`);

/**
 * Tries a property on so many random values; one for which it does not hold is made smaller, and the error tells it.
 *
 * @param runs at least 2
 */
export async function holds<T>(
  values: fc.Arbitrary<T>,
  runs: number,
  property: (value: T) => Promise<void>,
): Promise<void> {
  const same = Math.floor(runs / 2);
  const tried = fc.asyncProperty(values, property);
  await fc.assert(tried, { seed: SAME_SEED, numRuns: same });
  await fc.assert(tried, { seed: newSeed, numRuns: Math.ceil(runs * factor) - same });
}
