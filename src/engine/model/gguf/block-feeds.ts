/** Feeds of a block beside its states: what depends on positions, and the past. */
import { isLongPast } from "../cost.ts";
import type { BlockContext, States } from "../decoder.ts";
import { paddedRows, withMoreRows } from "../runtime/row-padding.ts";
import type { Feeds, Tensor } from "../runtime/runtime.ts";
import { bool, empty, float32, int64 } from "../runtime/runtime.ts";
import { LONGEST_JOINED_PAST } from "./attention-core-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { windowOf } from "./hyperparameters.ts";
import type { PositionInputs } from "./position-inputs.ts";
import type { Rotation } from "./rope.ts";

/** All feeds but the states, for `batch` rows, which are at least as many as the states have. */
export interface BlockFeeds {
  readonly batch: number;
  /** Positions at the end that come out. */
  readonly wanted: number;
  readonly feeds: Feeds;
}

/** Feeds of block k of {@link addBlock}. */
export function blockFeeds(
  shape: Hyperparameters,
  positionInputs: PositionInputs,
  rotation: Rotation,
  productRows: number,
  k: number,
  { rows, positions }: Omit<States, "data">,
  context: BlockContext,
): BlockFeeds {
  const { start, past } = context;
  if (start !== (past?.positions ?? 0))
    throw new Error(`states start at ${start} but the past does not end there`);
  const wanted = Math.min(positions, context.wanted ?? positions);
  const batch = paddedRows(rows, positions, wanted, productRows);
  const pastRows = past?.rows ?? 1;
  const pastBatch = pastRows > 1 ? batch : 1;
  const places = [shape.keyValueHeads, start];
  const pastOf = (data: Float32Array | undefined, width: number): Tensor => {
    const dims = [pastBatch, ...places, width];
    return data ? float32(withMoreRows(data, pastRows, pastBatch - pastRows), dims) : empty("float32", dims);
  };
  return {
    batch,
    wanted,
    feeds: {
      ...positionInputs.feeds(start, positions, wanted, windowOf(shape, k), rotation),
      gate: context.skipAttention ? closed : open,
      apart: bool([readsApart(context, rows, positions)], [1]),
      // Spread to one number of a head they are spread to all.
      past_shape: int64([batch, ...places, 1], [4]),
      past_key: pastOf(past?.key, shape.headWidth),
      past_value: pastOf(past?.value, shape.valueWidth),
    },
  };
}

/** Whether the rows read their past where it lies. */
function readsApart({ past, recordKeyValue }: BlockContext, rows: number, positions: number): boolean {
  if (!past || recordKeyValue === true) return false;
  return rows > 1 && past.rows === 1 && isLongPast(past.positions, positions, LONGEST_JOINED_PAST);
}

/** Values of a block's `gate`: attention's output times one, or times zero. */
const open = float32(Float32Array.of(1), [1]);
const closed = float32(Float32Array.of(0), [1]);
