/**
 * Which passes climb side by side. Where all blocks are in memory each pass climbs alone, so that rows stream out early; where
 * blocks are read when they run, as many climb together as their states may take.
 */
import type { Condition } from "../../shared/condition/condition.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import type { DecoderInfo } from "../model/decoder.ts";
import type { RowGround } from "./batch-layout.ts";
import { courseOf, extentOf, heldPositions } from "./batch-layout.ts";
import { BATCH_BUDGET } from "./batches.ts";

/** Most bytes of states of batches that climb together: as many as one batch may hold while it runs. */
const STATES_BUDGET = BATCH_BUDGET;

/** Whether passes climb side by side. */
export function climbsTogether({ onDemand }: DecoderInfo): boolean {
  return Boolean(onDemand);
}

/**
 * Groups batches of one prompt into climbs, in their order.
 *
 * @returns at least one climb for at least one batch
 */
export function climbsOf<T extends readonly RowShape[]>(
  batches: readonly T[],
  ground: RowGround,
  info: DecoderInfo,
): T[][] {
  if (!climbsTogether(info)) return batches.map((batch) => [batch]);
  const climbs: T[][] = [];
  let bytes = Infinity;
  for (const batch of batches) {
    const own = stateBytes(batch, ground, info);
    if (bytes + own > STATES_BUDGET) {
      climbs.push([]);
      bytes = 0;
    }
    climbs.at(-1)!.push(batch);
    bytes += own;
  }
  return climbs;
}

/** States of a batch between two blocks. */
function stateBytes(batch: readonly RowShape[], ground: RowGround, { width }: DecoderInfo): number {
  const course = courseOf(batch, ground);
  return 4 * batch.length * (extentOf(course, ground).positions + heldPositions(course)) * width;
}

/** Whether rows take states of one block that others than it, below it, already need. */
export function readsAhead(condition: Condition): boolean {
  return condition.kind === "swap" && condition.sourceLayer !== null;
}
