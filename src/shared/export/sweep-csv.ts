/** A sweep as CSV: one line for each row. The command line and the editor write the same. */
import { csvText } from "../text/csv.ts";
import type { MetricField } from "../experiment/metrics.ts";
import { METRICS } from "../experiment/metrics.ts";
import type { SweepRow } from "../experiment/result.ts";

/** Metrics that version 0.1 had, in its order; those of later versions follow. */
const FIRST_METRICS: readonly MetricField[] = [
  "targetLogprob",
  "sourceLogprob",
  "logitDifference",
  "rankOfTarget",
  "deltaNorm",
];

/** Columns that every sweep has come first; `seed`, and metrics that older results lack, only where rows have them. */
export function sweepCsv(rows: readonly SweepRow[]): string {
  const seeded = rows.some((row) => row.seed !== undefined);
  const isThere = (metric: MetricField): boolean =>
    METRICS[metric].column !== null && (rows.length === 0 || rows.some((row) => row[metric] !== undefined));
  const metrics = [...new Set([...FIRST_METRICS, ...(Object.keys(METRICS) as MetricField[])])].filter(
    isThere,
  );
  const header = [
    ...["k", "outcome", "answer", "answer_id", "answer_logprob"],
    ...metrics.map((metric) => METRICS[metric].column!),
    ...(seeded ? ["seed"] : []),
  ];
  const lines = rows.map((row) => {
    // Rows list their most likely tokens, best first, and always have one.
    const best = row.top[0]!;
    return [
      ...[row.k, row.outcome, best.text, best.id, best.logprob],
      ...metrics.map((metric) => row[metric] ?? null),
      ...(seeded ? [row.seed ?? null] : []),
    ];
  });
  return csvText(header, lines);
}
