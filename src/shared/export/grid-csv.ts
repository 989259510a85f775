/** A grid as CSV in long form: one line for each position and k. The command line and the editor write the same. */
import { csvText } from "../text/csv.ts";
import type { LayerRange } from "../experiment/experiment.ts";
import type { GridColumn } from "../experiment/result.ts";

/** What the lines are made of. */
export interface GridTable {
  /** Text of each token of the target prompt, by position. */
  readonly tokens: readonly string[];
  readonly layers: LayerRange;
  /** Null where a position has not run: it has no lines. */
  readonly columns: readonly (GridColumn | null)[];
  /** Decoded text of every id among the answers. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Lines by position, then k. */
export function gridCsv({ tokens, layers, columns, texts }: GridTable): string {
  const header = [
    ...["position", "token", "k", "outcome", "answer", "answer_id", "target_logprob", "source_logprob"],
    ...["logit_difference", "rank_of_target", "kl_to_baseline"],
  ];
  const lines = columns.flatMap((column) => {
    if (column === null) return [];
    return column.argmax.map((id, i) => [
      ...[column.position, tokens[column.position] ?? "", layers.from + i, column.outcome[i]!],
      ...[texts[id] ?? "", id, column.targetLogprob[i]!, column.sourceLogprob[i] ?? null],
      ...[column.logitDifference[i] ?? null, column.rankOfTarget[i]!, column.klToBaseline?.[i] ?? null],
    ]);
  });
  return csvText(header, lines);
}
