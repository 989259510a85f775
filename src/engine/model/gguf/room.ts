/** How a decoder's weights share a limit of memory with the rest of the engine: all of them at once, or some at a time. */
import { SwapError } from "../../../shared/errors.ts";
import { sizeText } from "../../../shared/text/format.ts";
import { ENGINE_BYTES } from "../memory.ts";
import type { DecoderStages } from "./decoder-stages.ts";
import { weightBytes } from "./decoder-stages.ts";

/** Batches and kept runs take up to so much beside weights; of a small limit at most a quarter is set aside for them. */
const RUN_BYTES = 400e6;

/** Least bytes that the engine needs: with blocks on demand one stage open, and the next one laid out. */
export function leastBytes(stages: DecoderStages): number {
  const weights = 2 * largestOf(stages);
  return ENGINE_BYTES + Math.min(weights + RUN_BYTES, (weights * 4) / 3, weightBytes(stages));
}

/**
 * Most bytes of open stages within a limit for the whole engine; null: all are open at once.
 *
 * @throws SwapError `not-enough-memory` for a limit below {@link leastBytes}
 */
export function roomForStages(file: string, stages: DecoderStages, memory: number): number | null {
  const left = memory - ENGINE_BYTES;
  if (weightBytes(stages) <= left) return null;
  const least = leastBytes(stages);
  if (memory < least) {
    const [all, needed, given] = [ENGINE_BYTES + weightBytes(stages), least, memory].map(sizeText);
    throw new SwapError(
      "not-enough-memory",
      `${file} takes about ${all} of memory, or ${needed} with its blocks read as they run; it may take ${given}.`,
      "Give it more memory, or choose a smaller file of the model, for example a 4-bit one.",
    );
  }
  return left - Math.min(RUN_BYTES, left / 4) - largestOf(stages);
}

/** Bytes of the largest stage, with what may be open beside it. */
function largestOf({ blocks, head, keyValues }: DecoderStages): number {
  return Math.max(head.bytes, ...blocks.map(({ bytes }, k) => bytes + keyValues[k]!.bytes));
}
