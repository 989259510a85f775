/** Cuts the rows of a prompt into batches: as large as products like them, within a stated budget of memory. */
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import type { DecoderInfo } from "../model/decoder.ts";
import type { RowGround } from "./batch-layout.ts";
import { courseOf, extentOf, heldPositions, takesReference, workingBytes } from "./batch-layout.ts";

/** Rows x positions that run at once: products gain nothing from more, and a run can be cancelled only between blocks. */
const TOKENS_PER_BATCH = 512;

/** Most bytes that a batch may hold beside the weights and the unpatched runs, by the back end's own estimate: 256 MiB. */
export const BATCH_BUDGET = 256 << 20;

/** How batches are cut. */
export interface BatchLimits {
  readonly tokens: number;
  readonly bytes: number;
}

const LIMITS: BatchLimits = { tokens: TOKENS_PER_BATCH, bytes: BATCH_BUDGET };

/**
 * Groups rows into batches in the order in which they run. Where states do not depend on the batch, several batches take
 * turns over k, so that the first one already shows, at every few blocks, where the answer changes; else each batch takes
 * an unpatched row along from its smallest k, and consecutive k save work.
 *
 * @param rows at least one, ordered by k, then seed
 * @returns at least one batch, each ordered by k; the smallest k of the first one is that of `rows`
 */
export function batchesOf<T extends RowShape>(
  rows: readonly T[],
  ground: RowGround,
  info: DecoderInfo,
  limits: BatchLimits = LIMITS,
): T[][] {
  const size = rowsPerBatch(rows, ground, info, limits);
  if (rows.length <= size) return [[...rows]];
  const groups = groupedByK(rows);
  const perBatch = Math.floor(size / Math.max(...groups.map((group) => group.length)));
  if (takesReference(courseOf(rows, ground), ground, info) || perBatch === 0) return chunks(rows, size);
  const count = Math.ceil(groups.length / perBatch);
  return Array.from({ length: count }, (_, i) => groups.filter((_, g) => g % count === i).flat());
}

/** How many rows run at once. */
function rowsPerBatch(
  rows: readonly RowShape[],
  ground: RowGround,
  info: DecoderInfo,
  limits: BatchLimits,
): number {
  const course = courseOf(rows, ground);
  const extent = extentOf(course, ground);
  const bytes = rowBytes(info, extent, heldPositions(course), ground);
  const most = Math.min(limits.tokens / extent.positions, limits.bytes / bytes);
  // A row that goes along is one of them.
  return Math.max(1, Math.floor(most) - (takesReference(course, ground, info) ? 1 : 0));
}

/** Most bytes of one row at any time: in a block, or as logits in the head (once there, once copied out). */
export function rowBytes(
  info: DecoderInfo,
  extent: { readonly positions: number; readonly past: number },
  held: number,
  { read }: RowGround,
): number {
  const block = workingBytes(info.cost.working, 1, extent) + held * info.cost.working.perToken;
  return Math.max(block, 2 * 4 * info.vocab * read.length);
}

/** Rows of one k together. */
function groupedByK<T extends RowShape>(rows: readonly T[]): T[][] {
  const groups = new Map<number, T[]>();
  for (const row of rows) groups.set(row.k, [...(groups.get(row.k) ?? []), row]);
  return [...groups.values()];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
