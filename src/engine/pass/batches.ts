/** Cuts the rows of a sweep into batches: the first k alone, since it names the source answer, then batches of bounded size. */

/** Rows x positions that run at once: large enough for fast products, small enough for memory and a steady stream. */
const TOKENS_PER_BATCH = 512;

/**
 * Groups rows into batches in the order in which they run.
 *
 * @param rows ordered as they shall stream out
 * @param positions positions that each row runs
 */
export function batchesOf<T>(rows: readonly T[], positions: number): T[][] {
  const size = Math.max(2, Math.min(64, Math.floor(TOKENS_PER_BATCH / positions)));
  const batches: T[][] = rows.length > 0 ? [[rows[0]!]] : [];
  for (let i = 1; i < rows.length; i += size) batches.push(rows.slice(i, i + size));
  return batches;
}
