/** Strength: put in a state in part, on the straight line between the replaced state and the new one. */
import type { Matrix } from "../matrix.ts";

/**
 * (1 - strength) * replaced + strength * put in. At 0 and 1 the one or the other itself, to the last bit.
 *
 * @param replaced and `putIn`: `[positions, width]`
 * @param strength 0..1
 * @returns `[positions, width]`
 */
export function interpolatedStates(replaced: Matrix, putIn: Matrix, strength: number): Matrix {
  if (strength === 1) return putIn;
  if (strength === 0) return replaced;
  const data = putIn.data.map((value, i) => (1 - strength) * replaced.data[i]! + strength * value);
  return { ...putIn, data };
}
