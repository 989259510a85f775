import type { Tensor } from "../runtime/runtime.ts";
import { float32, int64 } from "../runtime/runtime.ts";
/** Inputs of a block that depend on positions alone: rotary tables, the mask, and which states go on. */
import { causalMask, rotaryTables } from "./position-tables.ts";
import { withMoreRows } from "../runtime/row-padding.ts";

/** Feeds of {@link addBlock} that depend on positions alone. */
export type PositionFeeds = Readonly<
  Record<"offset" | "cos" | "sin" | "wanted" | "queries" | "answers" | "mask", Tensor>
>;

/** Passes of one climb that differ in their positions take turns at each block; no more than these do, for each window. */
const KEPT = 4;

/** Owner of the latest feeds: all blocks of a pass share them. */
export class PositionInputs {
  readonly #frequencies: Float32Array;
  readonly #windows = new Set<number | null>();
  readonly #kept = new Map<string, PositionFeeds>();

  /** @param frequencies rotation frequencies, `[ropeWidth / 2]` */
  constructor(frequencies: Float32Array) {
    this.#frequencies = frequencies;
  }

  /**
   * Feeds for states at positions `start..start+positions-1`.
   *
   * @param wanted how many of them, at the end, go through the whole block
   * @param window how many positions a position of the block sees; null: all
   */
  feeds(start: number, positions: number, wanted: number, window: number | null): PositionFeeds {
    const key = `${start}+${positions}/${wanted}:${window}`;
    this.#windows.add(window);
    const feeds = this.#kept.get(key) ?? this.#make(start, positions, wanted, window);
    this.#kept.delete(key);
    this.#kept.set(key, feeds);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT * this.#windows.size) this.#kept.delete(oldest!);
    return feeds;
  }

  #make(start: number, positions: number, wanted: number, window: number | null): PositionFeeds {
    const keys = start + positions;
    const tables = rotaryTables(this.#frequencies, keys);
    const tableDims = [keys, this.#frequencies.length];
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
