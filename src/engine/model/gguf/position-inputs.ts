/** Inputs of a block that depend on positions alone: rotary tables, the mask, and which states go on. */
import { withMoreRows } from "../runtime/row-padding.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { float32, int64 } from "../runtime/runtime.ts";
import { causalMask, rotaryTables } from "./position-tables.ts";
import type { Rotation } from "./rope.ts";

/** Feeds of {@link addBlock} that depend on positions alone. */
export type PositionFeeds = Readonly<
  Record<"offset" | "cos" | "sin" | "wanted" | "queries" | "answers" | "mask", Tensor>
>;

/** Passes of one climb that differ in their positions take turns at each block; no more than these do, for each kind of blocks. */
const KEPT = 4;

/** Owner of the latest feeds: all blocks of a pass share them. */
export class PositionInputs {
  readonly #kinds = new Set<string>();
  /** A number for each rotation. */
  readonly #rotations = new Map<Rotation, number>();
  readonly #kept = new Map<string, PositionFeeds>();

  /**
   * Feeds for states at positions `start..start+positions-1`.
   *
   * @param wanted how many of them, at the end, go through the whole block
   * @param window how many positions a position of the block sees; null: all
   * @param rotation of the block: the same object for the same one
   */
  feeds(
    start: number,
    positions: number,
    wanted: number,
    window: number | null,
    rotation: Rotation,
  ): PositionFeeds {
    const number = this.#rotations.get(rotation) ?? this.#rotations.size;
    this.#rotations.set(rotation, number);
    const kind = `${window},${number}`;
    this.#kinds.add(kind);
    const key = `${start}+${positions}/${wanted}:${kind}`;
    const feeds = this.#kept.get(key) ?? this.#make(start, positions, wanted, window, rotation);
    this.#kept.delete(key);
    this.#kept.set(key, feeds);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT * this.#kinds.size) this.#kept.delete(oldest!);
    return feeds;
  }

  #make(
    start: number,
    positions: number,
    wanted: number,
    window: number | null,
    rotation: Rotation,
  ): PositionFeeds {
    const keys = start + positions;
    const tables = rotaryTables(rotation, keys);
    const tableDims = [keys, rotation.frequencies.length];
    const first = positions - wanted;
    const mask = causalMask(start + first, wanted, window);
    const places = Array.from({ length: wanted }, (_, i) => i);
    const among = places.map((i) => first + i);
    const alone = wanted === 1;
    const asking = alone ? 2 : wanted;
    return {
      offset: int64([start], [1]),
      cos: float32(tables.cos, tableDims),
      sin: float32(tables.sin, tableDims),
      wanted: int64(among, [wanted]),
      queries: int64(alone ? [first, first] : among, [asking]),
      answers: int64(places, [wanted]),
      mask: float32(alone ? withMoreRows(mask, 1, 1) : mask, [asking, keys]),
    };
  }
}
