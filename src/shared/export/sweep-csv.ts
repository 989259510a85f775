/** A sweep as CSV: one line for each row. The command line and the editor write the same. */
import { csvText } from "../text/csv.ts";
import type { SweepRow } from "../experiment/result.ts";

/** Columns that every sweep has come first, in the order of version 0.1; `seed` only where rows have one. */
export function sweepCsv(rows: readonly SweepRow[]): string {
  const seeded = rows.some((row) => row.seed !== undefined);
  const header = [
    ...["k", "outcome", "answer", "answer_id", "answer_logprob", "target_logprob", "source_logprob"],
    ...["logit_difference", "rank_of_target", "delta_norm", "kl_to_baseline", "recovery"],
    ...(seeded ? ["seed"] : []),
  ];
  const lines = rows.map((row) => {
    // Rows list their most likely tokens, best first, and always have one.
    const best = row.top[0]!;
    return [
      ...[row.k, row.outcome, best.text, best.id, best.logprob, row.targetLogprob, row.sourceLogprob],
      ...[row.logitDifference, row.rankOfTarget, row.deltaNorm, row.klToBaseline, row.recovery],
      ...(seeded ? [row.seed ?? null] : []),
    ];
  });
  return csvText(header, lines);
}
