/**
 * How a batch of rows of one prompt runs: which positions, on which shared prefix. One place decides
 * it for the run and for the plan that is printed before it.
 */
import type { Prompt } from "../../shared/experiment/experiment.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import type { WorkingMemory } from "../model/cost.ts";
import { isLongPast } from "../model/cost.ts";
import type { DecoderInfo } from "../model/decoder.ts";

/** Consecutive positions, `from` included, `to` not. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The course of a batch. `suffix`: positions from `start` on run, those before it are the unpatched run's keys and values.
 * `frozen`: the stretch leaves keys and values only, and the positions behind it run. `without-attention`: positions do
 * not see each other, so only the read ones run.
 */
export type Course =
  | { readonly kind: "suffix"; readonly start: number }
  | { readonly kind: "frozen"; readonly stretch: Stretch }
  | { readonly kind: "without-attention" };

/** What rows run on. */
export interface RowGround {
  /** Tokens of the prompt, and of what stands behind it. */
  readonly tokens: number;
  /** Positions whose states are wanted at the end, ascending. */
  readonly read: readonly number[];
  /** Whether the unpatched run's keys and values are at hand. */
  readonly hasKeyValues: boolean;
}

/** The ground of a sweep: the prompt, read at its last position. */
export function promptGround({ ids }: Pick<Prompt, "ids">, info: DecoderInfo): RowGround {
  return { tokens: ids.length, read: [ids.length - 1], hasKeyValues: info.can.sharePrefix === true };
}

/**
 * The course of rows that run together.
 *
 * @param rows at least one
 */
export function courseOf(rows: readonly RowShape[], ground: RowGround): Course {
  if (rows[0]!.skipsAttention) return { kind: "without-attention" };
  const stretch = frozenStretch(rows, ground);
  if (stretch) return { kind: "frozen", stretch };
  const { tokens, read, hasKeyValues } = ground;
  const first = Math.min(tokens - 1, read[0]!, ...rows.flatMap(({ positions }) => positions));
  return { kind: "suffix", start: hasKeyValues ? first : 0 };
}

/** The stretch that all rows freeze; null where rows must run whole. */
function frozenStretch(rows: readonly RowShape[], { read, hasKeyValues }: RowGround): Stretch | null {
  const { positions } = rows[0]!;
  const from = positions[0];
  if (!hasKeyValues || from === undefined || !rows.every((row) => row.holds)) return null;
  const to = from + positions.length;
  const isStretch = positions.every((position, i) => position === from + i);
  const isSame = rows.every((row) => row.positions.length === positions.length && row.positions[0] === from);
  return isStretch && isSame && to <= read[0]! ? { from, to } : null;
}

/** Positions that each row of a course runs, and those before them whose keys and values it reads. */
export function extentOf(course: Course, { tokens, read }: RowGround): { positions: number; past: number } {
  switch (course.kind) {
    case "suffix":
      return { positions: tokens - course.start, past: course.start };
    case "frozen":
      return { positions: tokens - course.stretch.to, past: course.stretch.to };
    case "without-attention":
      return { positions: read.length, past: 0 };
  }
}

/** Whether an unpatched row goes along with a batch, so that an identity patch is equal to it to the last bit. */
export function takesReference(
  course: Course,
  { tokens }: Pick<RowGround, "tokens">,
  { cost }: DecoderInfo,
): boolean {
  const { batchInvariantUpTo } = cost;
  if (course.kind !== "suffix") return false;
  return batchInvariantUpTo < 0 || isLongPast(course.start, tokens - course.start, batchInvariantUpTo);
}

/** Positions of each row of a course that run as keys and values only. */
export function heldPositions(course: Course): number {
  return course.kind === "frozen" ? course.stretch.to - course.stretch.from : 0;
}

/** Bytes that one block holds for so many rows, by the back end's own estimate. */
export function workingBytes(
  { perToken, perScore, perPast, copiedPast }: WorkingMemory,
  rows: number,
  { positions, past }: { readonly positions: number; readonly past: number },
): number {
  const copied = isLongPast(past, positions, copiedPast) ? 0 : past * perPast;
  return rows * (positions * perToken + positions * (past + positions) * perScore + copied);
}
