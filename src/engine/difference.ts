/** How far two lists of numbers are apart. A NaN anywhere comes out as NaN: no finite number behind it may hide it. */

/**
 * Largest `|a[i] - b[i]|`; 0 for empty lists, infinite when the lengths differ.
 *
 * NaN when any entry is NaN, and when both have the same infinity in one place: whoever compares the result with a
 * tolerance must ask `difference <= tolerance`, which NaN fails.
 */
export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  // Math.max keeps a NaN, on either side; a comparison would lose it at the next finite number.
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** `maxAbsDifference` as a share of the largest `|expected[i]|`; equal lists differ by 0, zeros too. */
export function maxRelativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const difference = maxAbsDifference(actual, expected);
  if (difference === 0) return 0;
  return difference / maxAbsDifference(expected, new Float32Array(expected.length));
}
