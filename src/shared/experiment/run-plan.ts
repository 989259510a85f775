/** What a run is going to compute, as data: its passes with their rows, block-tokens and bytes, in the order in which they run. */

/** What a pass runs: an unpatched prompt, patched rows, rows with an answer behind the prompt, or the head alone. */
export type PassKind = "target" | "source" | "rows" | "answer" | "lens";

/** One pass. */
export interface PlannedPass {
  readonly kind: PassKind;
  /** For people: `k 0, 2, 4`, `position 3`. */
  readonly what: string;
  /** Rows at its end; they join on the way up. */
  readonly rows: number;
  /** Positions that each row runs. */
  readonly positions: number;
  /** Positions before them, whose keys and values are read instead. */
  readonly past: number;
  /** Blocks that it climbs, `from` included, `to` not. */
  readonly from: number;
  readonly to: number;
  /** Rows x positions, summed over its blocks (docs/architecture.md, cost). */
  readonly blockTokens: number;
  /** The same of those that leave keys and values only. */
  readonly keyValueTokens: number;
  /** States that go through the final norm and the head. */
  readonly headRows: number;
  /** Estimated bytes held at once beside weights and kept runs. */
  readonly bytes: number;
}

/** What is read of the model's file where blocks are opened when they run. */
export interface PlannedReads {
  /** Times that passes climb through blocks. */
  readonly climbs: number;
  readonly bytes: number;
}

/** A whole run. */
export interface RunPlan {
  readonly passes: readonly PlannedPass[];
  readonly blockTokens: number;
  readonly keyValueTokens: number;
  readonly headRows: number;
  /** Of the pass that holds the most. */
  readonly bytes: number;
  /** What no pass may hold more of, unless a single row does. */
  readonly budgetBytes: number;
  /** States, keys and values of unpatched runs, kept for the next action. */
  readonly keptBytes: number;
  /** Block-tokens of the same as whole passes, one for each row and nothing shared. */
  readonly wholeBlockTokens: number;
  /** Null where all blocks are in memory. */
  readonly reads: PlannedReads | null;
  /** What only running can tell, in sentences. */
  readonly unplanned: readonly string[];
}
