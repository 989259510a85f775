/** What running a model costs, as far as passes are cut by it. Tuning, not facts: a back end that knows none takes the usual. */

/** Estimated bytes that one block holds while it runs; what a batch is bounded by. */
export interface WorkingMemory {
  /** For each position of each row that runs. */
  readonly perToken: number;
  /** For each pair of such a position and one that it may look at. */
  readonly perScore: number;
  /** Keys and values of one position. */
  readonly keyValue: number;
  /** For each position of a copied prefix, in each row. */
  readonly perPast: number;
  /** Longest prefix that is copied for each row. */
  readonly copiedPast: number;
}

/** How passes are cut for a model. */
export interface RunCost {
  readonly working: WorkingMemory;
  /**
   * Longest shared prefix, in positions, up to which a row's states are the same to the last bit whatever rows run beside
   * it and whether or not the prefix is shared; -1: they never are. Beyond, where {@link isLongPast}, each batch takes the
   * unpatched prompt along as its own reference.
   */
  readonly batchInvariantUpTo: number;
  /** Whether `block` takes `wanted`. */
  readonly trimsOutput: boolean;
}

/** Width of a head where nothing says it: the commonest. */
const USUAL_HEAD_WIDTH = 64;

/** What may be known of a model's attention. */
export interface KnownHeads {
  readonly heads?: number | null;
  /** Width of the keys of one position, all heads together. */
  readonly keyWidth?: number | null;
}

/**
 * The cost of a model by its residual width, where a back end knows no better: graphs differ, and say little. States, norms
 * and projections 12 times the width, a gated feed-forward sublayer of 4 times the width 4 times; of a prefix, keys and
 * values repeated for all heads, joined with the rows' own, and in some forms queries and projections too: 8 times the
 * width. Rows are taken to round differently in other batches, so that each takes its own reference along.
 */
export function usualCost(width: number, { heads, keyWidth }: KnownHeads = {}): RunCost {
  return {
    working: {
      perToken: 4 * 28 * width,
      perScore: 2 * 4 * (heads ?? width / USUAL_HEAD_WIDTH),
      keyValue: 2 * 4 * (keyWidth ?? width),
      perPast: 4 * 8 * width,
      copiedPast: Infinity,
    },
    batchInvariantUpTo: -1,
    trimsOutput: false,
  };
}

/** How many times as long as what runs behind it a prefix must be for its copies to outweigh the rows' own work. */
const LONG_PAST_RATIO = 16;

/** Whether a prefix of `past` positions is long beside a limit and beside the `positions` that run behind it. */
export function isLongPast(past: number, positions: number, limit: number): boolean {
  return past > limit && past >= LONG_PAST_RATIO * positions;
}
