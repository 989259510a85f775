/** What a run reads of the file where blocks are opened when they run: its climbs, in the order in which they run. */
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import type { PlannedReads } from "../../shared/experiment/run-plan.ts";
import type { BlockReads, DecoderInfo, PlannedClimb } from "../model/decoder.ts";
import type { RowGround } from "./batch-layout.ts";
import { courseOf } from "./batch-layout.ts";
import { batchesOf } from "./batches.ts";
import { climbsOf } from "./climbs.ts";

/** Climbs of a run, as they add up. */
export class ReadPlan {
  readonly #info: DecoderInfo;
  readonly #climbs: PlannedClimb[] = [];
  #unpatched = false;

  constructor(info: DecoderInfo) {
    this.#info = info;
  }

  /** An unpatched run begins: it climbs with what comes next. */
  begin(): void {
    this.#unpatched = true;
  }

  /** What has begun climbs alone; nothing where nothing has. */
  climbAlone(): void {
    if (this.#unpatched) this.#climbs.push({ from: 0, keyValuesFrom: Infinity, hasHead: false });
    this.#unpatched = false;
  }

  /** Batches of rows of one prompt, each climb read by the head. */
  rows(batches: readonly (readonly RowShape[])[], ground: RowGround): void {
    for (const group of climbsOf(batches, ground, this.#info)) this.#climb(group, ground);
  }

  /** Rows that climb a batch at a time. */
  rowsAlone(rows: readonly RowShape[], ground: RowGround): void {
    for (const batch of batchesOf(rows, ground, this.#info)) this.#climb([batch], ground);
  }

  /** The head alone. */
  head(): void {
    this.#climbs.push({ from: this.#info.blocks, keyValuesFrom: Infinity, hasHead: true });
  }

  reads(from: BlockReads | null | undefined): PlannedReads | null {
    if (!from) return null;
    const climbs = this.#climbs.filter((climb) => climb.from < this.#info.blocks).length;
    return { climbs, bytes: from.bytesToRead(this.#climbs) };
  }

  #climb(group: readonly (readonly RowShape[])[], ground: RowGround): void {
    const frozen = group.filter((batch) => courseOf(batch, ground).kind === "frozen");
    this.#climbs.push({
      from: this.#unpatched ? 0 : Math.min(...group.map((batch) => batch[0]!.k)),
      keyValuesFrom: Math.min(...frozen.map((batch) => batch[0]!.k)),
      hasHead: true,
    });
    this.#unpatched = false;
  }
}
