/** A line over k with its band over seeds, for the panel's curve and the exported one. Pure. */
import type { SweepRow } from "../experiment/result.ts";

/** A line's value at one k over its seeds. */
export interface BandPoint {
  readonly k: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Points of a line by k, broken where a k is missing.
 *
 * @param rows ordered by k
 * @param valueOf the line's value in a row; null where it has none
 */
export function bandSegments(
  rows: readonly SweepRow[],
  valueOf: (row: SweepRow) => number | null,
): readonly (readonly BandPoint[])[] {
  const byK = new Map<number, number[]>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value !== null) byK.set(row.k, [...(byK.get(row.k) ?? []), value]);
  }
  const segments: BandPoint[][] = [];
  for (const [k, values] of byK) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const point = { k, mean, least: Math.min(...values), most: Math.max(...values) };
    const last = segments.at(-1);
    if (last?.at(-1)?.k === k - 1) last.push(point);
    else segments.push([point]);
  }
  return segments;
}

/** Whether a segment has a band: several seeds with different values. */
export function hasBand(points: readonly BandPoint[]): boolean {
  return points.some((point) => point.least !== point.most);
}
