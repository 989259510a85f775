/** The rows of a running batch on the host: where each branches off the unpatched run, what it holds, and what is read of it. */
import type { Matrix } from "../matrix.ts";
import { norm, row as rowAt } from "../matrix.ts";
import type { BlockContext, DecoderModel, States } from "../model/decoder.ts";
import type { UnpatchedRun } from "../states.ts";
import { statesAt } from "../states.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";

/** A row that is in the batch. */
interface Joined {
  readonly row: PatchedRow;
  readonly putIn: Matrix;
  readonly deltaNorm: number;
}

/** The states of a batch while it climbs, wherever they are. */
export interface RunningBatch {
  /** Of the states. */
  readonly extent: Pick<States, "rows" | "positions">;
  /** L2 norm of (put in - replaced) of each row, in the order in which they joined. */
  readonly deltaNorms: readonly number[];
  /** Adds a row: a copy of the unpatched states at its k with its own put in. */
  join(row: PatchedRow): void;
  /** Puts the states of rows that hold them in again. */
  hold(): void;
  /** Takes the outputs of block k, of all running positions or of those at the end, in place of its inputs. */
  run(decoder: DecoderModel, k: number, context: BlockContext): Promise<void>;
  /** States at some positions of the unpatched prompt, then of each row, `[(1 + rows) * read, width]`. */
  read(read: readonly number[]): Promise<Matrix>;
  /** Gives back what is not on the host. */
  release(): void;
}

/** Owner of a batch's states on the host. */
export class Batch implements RunningBatch {
  readonly #unpatched: UnpatchedRun;
  /** Number of rows in front of the patched ones: the unpatched row that goes along, or none. */
  readonly #ahead: number;
  readonly #joined: Joined[] = [];
  /** Input of the next block. */
  #k: number;
  /** Position of the states' first position. */
  #start: number;
  #states: States;

  /**
   * @param start position of the first state that runs
   * @param reference block from whose input on an unpatched row goes along; null: none, rows branch off the unpatched run
   */
  constructor(unpatched: UnpatchedRun, start: number, reference: number | null) {
    const { width, ids } = unpatched;
    const data = reference === null ? new Float32Array(0) : unpatched.hidden[reference]!.slice(start * width);
    this.#unpatched = unpatched;
    this.#ahead = reference === null ? 0 : 1;
    this.#k = reference ?? 0;
    this.#start = start;
    this.#states = { data, rows: this.#ahead, positions: ids.length - start, width };
  }

  get extent(): States {
    return this.#states;
  }

  get deltaNorms(): readonly number[] {
    return this.#joined.map(({ deltaNorm }) => deltaNorm);
  }

  join(row: PatchedRow): void {
    this.#k = row.k;
    const { positions, width, rows, data } = this.#states;
    const size = positions * width;
    const grown = new Float32Array((rows + 1) * size);
    grown.set(data);
    const copy = { data: grown.subarray(rows * size), rows: positions, width };
    copy.data.set(this.#unpatchedRow());
    this.#states = { data: grown, rows: rows + 1, positions, width };
    const replaced = this.#replaced(row);
    const putIn = row.vectors(replaced);
    this.#put(copy, row, putIn);
    this.#joined.push({ row, putIn, deltaNorm: distance(putIn.data, replaced.data) });
  }

  hold(): void {
    this.#joined.forEach(({ row, putIn }, i) => {
      if (row.holds) this.#put(this.#rowOf(this.#ahead + i), row, putIn);
    });
  }

  async run(decoder: DecoderModel, k: number, context: BlockContext): Promise<void> {
    const { states } = await decoder.block(k, this.#states, context);
    this.#k++;
    this.#start += this.#states.positions - states.positions;
    this.#states = states;
  }

  read(read: readonly number[]): Promise<Matrix> {
    const { rows, width } = this.#states;
    const own = rows - this.#ahead;
    const size = read.length * width;
    const data = new Float32Array((1 + own) * size);
    if (this.#ahead === 0) data.set(statesAt(this.#unpatched, this.#unpatched.hidden.length - 1, read).data);
    for (let i = 0; i < rows; i++) {
      const states = this.#rowOf(i);
      read.forEach((position, r) => {
        data.set(rowAt(states, position - this.#start), (1 - this.#ahead + i) * size + r * width);
      });
    }
    return Promise.resolve({ data, rows: (1 + own) * read.length, width });
  }

  release(): void {
    // The host's collector does.
  }

  /** Unpatched input of the current block at the running positions. */
  #unpatchedRow(): Float32Array {
    const { positions, width } = this.#states;
    return this.#ahead === 1
      ? this.#rowOf(0).data
      : this.#unpatched.hidden[this.#k]!.subarray(this.#start * width, (this.#start + positions) * width);
  }

  /** Unpatched states at a row's positions; positions that no longer run are the unpatched run's. */
  #replaced({ positions }: PatchedRow): Matrix {
    const replaced = statesAt(this.#unpatched, this.#k, positions);
    if (this.#ahead === 0) return replaced;
    const reference = this.#rowOf(0);
    positions.forEach((position, i) => {
      if (position >= this.#start) rowAt(replaced, i).set(rowAt(reference, position - this.#start));
    });
    return replaced;
  }

  /** Puts states in; positions that no longer run see nothing of it. */
  #put(states: Matrix, { positions }: PatchedRow, putIn: Matrix): void {
    positions.forEach((position, i) => {
      if (position >= this.#start) rowAt(states, position - this.#start).set(rowAt(putIn, i));
    });
  }

  /** A view of one row, `[positions, width]`. */
  #rowOf(index: number): Matrix {
    const { data, positions, width } = this.#states;
    const size = positions * width;
    return { data: data.subarray(index * size, (index + 1) * size), rows: positions, width };
  }
}

/** L2 norm of a - b. */
export function distance(a: Float32Array, b: Float32Array): number {
  return norm(a.map((value, i) => value - b[i]!));
}
