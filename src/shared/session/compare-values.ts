/** Values of two sessions' rows and cells that differ beyond a tolerance. */
import type { MetricField } from "../experiment/metrics.ts";
import { COMPARED_METRICS } from "../experiment/metrics.ts";
import type { Outcome } from "../experiment/outcome.ts";
import type { GridColumn, SweepRow } from "../experiment/result.ts";
import type { CellDifference, CellPlace } from "./comparison.ts";
import type { Session, SessionGrid } from "./session.ts";

/** Values that were compared. */
export interface ValueDifferences {
  readonly compared: number;
  readonly cells: readonly CellDifference[];
  readonly largest: number;
}

/** What is compared of a row and of a cell. */
interface Values {
  readonly outcome: Outcome;
  readonly answer: { readonly id: number; readonly text: string };
  /** Without those that it does not have: cells have few, rows of older versions lack the newest. */
  readonly metrics: Readonly<Partial<Record<MetricField, number | null>>>;
}

interface Placed {
  readonly place: CellPlace;
  readonly values: Values;
}

/**
 * Differences of all rows and cells of the parts that both sessions have; none when the target's token ids differ.
 *
 * @param tolerance absolute, in nats or logits
 */
export function valueDifferences(before: Session, after: Session, tolerance: number): ValueDifferences {
  const ids = ({ target }: Session): string => target.tokenization.ids.join();
  if (ids(before) !== ids(after)) return { compared: 0, cells: [], largest: 0 };
  const cells: CellDifference[] = [];
  let compared = 0;
  let largest = 0;
  for (const [a, b] of sharedParts(before, after)) {
    const second = new Map(b.map((one) => [JSON.stringify(one.place), one]));
    const first = new Set(a.map(({ place }) => JSON.stringify(place)));
    for (const { place, values } of a) {
      const other = second.get(JSON.stringify(place));
      if (!other) {
        cells.push({ ...place, measure: "missing", before: "there", after: "none", size: null });
        continue;
      }
      compared++;
      for (const difference of differencesOf(values, other.values)) {
        const { size, measure } = difference;
        if (size !== null && Number.isFinite(size)) largest = Math.max(largest, size);
        if (size === null || !(size <= tolerance)) cells.push({ ...place, ...difference, measure });
      }
    }
    for (const { place } of b) {
      if (first.has(JSON.stringify(place))) continue;
      cells.push({ ...place, measure: "missing", before: "none", after: "there", size: null });
    }
  }
  return { compared, cells, largest };
}

/** Rows and cells of each part that both sessions have. */
function sharedParts(before: Session, after: Session): [Placed[], Placed[]][] {
  const parts: [Placed[], Placed[]][] = [];
  if (before.sweep && after.sweep) {
    parts.push([rowsOf(before.sweep.rows, "sweep"), rowsOf(after.sweep.rows, "sweep")]);
    for (const { name, rows } of before.sweep.controls ?? []) {
      const other = after.sweep.controls?.find((control) => control.name === name);
      if (other) parts.push([rowsOf(rows, name), rowsOf(other.rows, name)]);
    }
  }
  if (before.grid && after.grid) parts.push([cellsOf(before.grid), cellsOf(after.grid)]);
  return parts;
}

function rowsOf(rows: readonly SweepRow[], part: CellPlace["part"]): Placed[] {
  return rows.map((row) => {
    const { k, seed, outcome, top } = row;
    const place = { part, k, seed: seed ?? null, position: null };
    return { place, values: { outcome, answer: top[0]!, metrics: row } };
  });
}

function cellsOf({ columns, layers, texts }: SessionGrid): Placed[] {
  return columns.flatMap((column) => (column ? columnCells(column, layers.from, texts) : []));
}

function columnCells(column: GridColumn, from: number, texts: Readonly<Record<string, string>>): Placed[] {
  const series: Readonly<Partial<Record<MetricField, readonly (number | null)[]>>> = column;
  return column.argmax.map((id, i) => ({
    place: { part: "grid", k: from + i, seed: null, position: column.position },
    values: {
      outcome: column.outcome[i]!,
      answer: { id, text: texts[id] ?? "" },
      metrics: Object.fromEntries(COMPARED_METRICS.map((field) => [field, series[field]?.[i]])),
    },
  }));
}

/** All values of a cell that are not equal, within the tolerance or not. */
function differencesOf(
  a: Values,
  b: Values,
): Pick<CellDifference, "measure" | "before" | "after" | "size">[] {
  const found: Pick<CellDifference, "measure" | "before" | "after" | "size">[] = [];
  if (a.outcome !== b.outcome) {
    found.push({ measure: "outcome", before: a.outcome, after: b.outcome, size: null });
  }
  if (a.answer.id !== b.answer.id) {
    found.push({ measure: "answer", before: a.answer.text, after: b.answer.text, size: null });
  }
  for (const measure of COMPARED_METRICS) {
    const [before, after] = [a.metrics[measure], b.metrics[measure]];
    if (before === undefined || after === undefined || before === after) continue;
    const size = before === null || after === null ? null : Math.abs(after - before);
    found.push({ measure, before: String(before ?? "none"), after: String(after ?? "none"), size });
  }
  return found;
}
