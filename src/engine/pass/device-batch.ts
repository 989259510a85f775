/**
 * The rows of a running batch whose states stay on the device: nothing is read of them before the last block. What is put in is
 * therefore made from the unpatched run, and goes up alone; a row joins as a copy of the unpatched row that goes along.
 */
import type { Matrix } from "../matrix.ts";
import { row as rowAt } from "../matrix.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import type { BlockContext, DecoderDevice, DecoderModel, States } from "../model/decoder.ts";
import type { DeviceStates, Put } from "../model/device-states.ts";
import type { UnpatchedRun } from "../states.ts";
import { statesAt } from "../states.ts";
import type { RunningBatch } from "./batch.ts";
import { distance } from "./batch.ts";

/** A row that is in the batch. */
interface Joined {
  readonly row: PatchedRow;
  readonly putIn: Matrix;
  readonly deltaNorm: number;
}

/** Owner of a batch's states on the device; its first row is the unpatched one. */
export class DeviceBatch implements RunningBatch {
  readonly #unpatched: UnpatchedRun;
  readonly #device: DecoderDevice;
  readonly #joined: Joined[] = [];
  /** Position of the states' first position. */
  #start: number;
  #states: States | DeviceStates;
  /** For the states of all joined rows, also of those that are not among them yet. */
  #puts: Put[] = [];

  /**
   * @param start position of the first state that runs
   * @param reference block from whose input on the unpatched row goes along
   */
  constructor(unpatched: UnpatchedRun, start: number, reference: number, device: DecoderDevice) {
    const { width, ids } = unpatched;
    const data = unpatched.hidden[reference]!.subarray(start * width);
    this.#unpatched = unpatched;
    this.#device = device;
    this.#start = start;
    this.#states = { data, rows: 1, positions: ids.length - start, width };
  }

  get extent(): Pick<States, "rows" | "positions"> {
    return { rows: 1 + this.#joined.length, positions: this.#states.positions };
  }

  get deltaNorms(): readonly number[] {
    return this.#joined.map(({ deltaNorm }) => deltaNorm);
  }

  join(row: PatchedRow): void {
    const replaced = statesAt(this.#unpatched, row.k, row.positions);
    const putIn = row.vectors(replaced);
    this.#joined.push({ row, putIn, deltaNorm: distance(putIn.data, replaced.data) });
    // What is put in over itself is the unpatched row's own, which may differ from the unpatched run's in its last bits.
    this.#put(this.#joined.length, row, putIn, (i) => isEqual(rowAt(putIn, i), rowAt(replaced, i)));
  }

  hold(): void {
    this.#joined.forEach(({ row, putIn }, i) => {
      if (row.holds) this.#put(1 + i, row, putIn, () => false);
    });
  }

  async run(_: DecoderModel, k: number, context: BlockContext): Promise<void> {
    const inputs = await this.#arranged();
    const outputs = await this.#device.block(k, inputs, context);
    this.#start += inputs.positions - outputs.positions;
    this.#replace(outputs);
  }

  async read(read: readonly number[]): Promise<Matrix> {
    const states = await this.#arranged();
    const positions = read.map((position) => position - this.#start);
    const data = await this.#device.states.read(states, positions);
    return { data, rows: states.rows * read.length, width: states.width };
  }

  release(): void {
    if ("tensor" in this.#states) this.#states.tensor.release();
  }

  /** The states with all rows that joined, and with all put in. */
  async #arranged(): Promise<DeviceStates> {
    const { states } = this.#device;
    const { rows } = this.#states;
    const all = 1 + this.#joined.length;
    if (!("tensor" in this.#states) || rows < all) {
      const indices = Array.from({ length: all }, (_, i) => (i < rows ? i : 0));
      this.#replace(await states.take(this.#states, indices));
    }
    if (this.#puts.length > 0) this.#replace(await states.put(this.#states as DeviceStates, this.#puts));
    this.#puts = [];
    return this.#states as DeviceStates;
  }

  #replace(states: DeviceStates): void {
    this.release();
    this.#states = states;
  }

  /** Positions that no longer run see nothing of it. */
  #put(index: number, { positions }: PatchedRow, putIn: Matrix, isOwn: (i: number) => boolean): void {
    positions.forEach((position, i) => {
      if (position < this.#start || isOwn(i)) return;
      this.#puts.push({ row: index, position: position - this.#start, vector: rowAt(putIn, i) });
    });
  }
}

function isEqual(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => value === b[i]);
}
