/** A climb: passes that run side by side, block after block, so that a block need be in memory once for all of them. */
import type { DecoderModel } from "../model/decoder.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";

/** A pass, a block at a time. */
export interface Climber {
  /** First block that it runs. */
  readonly from: number;
  /** Runs block k; called for every k from `from` to the last block, in order. */
  step(k: number): Promise<void>;
}

/**
 * Runs passes from their first block to the last one.
 *
 * @param climbers each may read of those before it what they have made up to the same block
 */
export async function climb(
  { info: { blocks } }: DecoderModel,
  climbers: readonly Climber[],
  control: RunControl,
): Promise<void> {
  for (let k = Math.min(blocks, ...climbers.map(({ from }) => from)); k < blocks; k++) {
    for (const climber of climbers) {
      if (climber.from > k) continue;
      throwIfCancelled(control);
      await climber.step(k);
    }
  }
}
