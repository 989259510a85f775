/**
 * The staircase: one upward pass for many patched rows. The row "patched at k" joins the batch at block k as a copy of
 * the clean row with its states replaced, so that each block runs once per batch, not once per row (engine.md 11).
 */
import type { Matrix } from "../../shared/matrix.ts";
import { norm, row } from "../../shared/matrix.ts";
import type { DecoderModel, KeyValue, States } from "../model/decoder.ts";
import type { CleanRun } from "./clean-run.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";
import { frozenStretch, runFrozenRows } from "./frozen-rows.ts";
import { runWithoutAttention } from "./without-attention.ts";

/** One patched run of the prompt. */
export interface PatchedRow {
  /** 0-based block whose input is replaced; `blocks` replaces the output of the last block. */
  readonly k: number;
  /** The seed that made it; null for conditions without. */
  readonly seed: number | null;
  /** Replaced positions, 0-based, ascending; empty for skip attention. */
  readonly positions: readonly number[];
  /**
   * The states to put in, given the ones they replace.
   *
   * @param replaced `[positions, width]`, the unpatched states at `positions`
   * @returns `[positions, width]`
   */
  readonly vectors: (replaced: Matrix) => Matrix;
  /** Puts the same states in again at the inputs of all later blocks (freeze). */
  readonly holds: boolean;
  /** Runs blocks from k on without their attention sublayer. All rows of a batch or none. */
  readonly skipsAttention: boolean;
}

/** States of a batch: the clean row, which went through the same shapes, then the patched rows in their order. */
export interface BatchStates {
  /** Outputs of the last block at the read positions, `[(1 + rows) * read, width]`. */
  readonly states: Matrix;
  /** L2 norm of (put in - replaced) of each patched row, over all replaced positions as one vector. */
  readonly deltaNorms: readonly number[];
}

/** What came out of one row. */
export interface RowOutput {
  /** Raw logits of the prompt's last position, `[vocab]`. */
  readonly logits: Float32Array;
  readonly deltaNorm: number;
}

/** Outputs of a batch: the clean row and the patched rows in their order. */
export interface BatchOutput {
  readonly clean: RowOutput;
  readonly rows: readonly RowOutput[];
}

/**
 * Runs a batch of patched rows of one prompt and reads the last position's logits.
 *
 * @param rows at least one, ordered by k (ascending)
 */
export async function runPatchedRows(
  decoder: DecoderModel,
  clean: CleanRun,
  rows: readonly PatchedRow[],
  control: RunControl,
): Promise<BatchOutput> {
  const batch = await runRowStates(decoder, clean, rows, [clean.ids.length - 1], control);
  throwIfCancelled(control);
  const logits = await decoder.logits(batch.states);
  const outputs = Array.from({ length: logits.rows }, (_, i) => ({
    logits: row(logits, i),
    deltaNorm: i === 0 ? 0 : batch.deltaNorms[i - 1]!,
  }));
  return { clean: outputs[0]!, rows: outputs.slice(1) };
}

/**
 * Runs a batch of patched rows of one prompt up to the output of the last block.
 *
 * Only positions from the first replaced one on run when the back end shares prefixes; the states before it are the
 * clean run's, since attention is causal. Row 0 of the batch is the unpatched run: patched rows branch off it, and an
 * identity patch is equal to it to the last bit.
 *
 * @param clean the unpatched run; may go on behind the patched prompt with tokens of an answer
 * @param rows at least one, ordered by k (ascending)
 * @param read positions whose states are wanted, ascending, none before the first replaced one
 */
export async function runRowStates(
  decoder: DecoderModel,
  clean: CleanRun,
  rows: readonly PatchedRow[],
  read: readonly number[],
  control: RunControl,
): Promise<BatchStates> {
  if (rows[0]!.skipsAttention) return runWithoutAttention(decoder, clean, rows, read, control);
  const stretch = frozenStretch(clean, rows, read);
  if (stretch) return runFrozenRows(decoder, clean, rows, stretch, read, control);
  const { blocks, width } = decoder.info;
  const { ids } = clean;
  const start = Math.min(read[0]!, sharedPrefix(clean, rows));
  const firstK = rows[0]!.k;
  let states: States = {
    data: clean.hidden[firstK]!.slice(start * width),
    rows: 1,
    positions: ids.length - start,
    width,
  };
  const joined: Joined[] = [];
  for (let k = firstK; ; k++) {
    if (k < blocks) holdStates(states, joined, start);
    const joining = rows.filter((row) => row.k === k);
    if (joining.length > 0) states = join(states, joining, start, joined);
    if (k === blocks) break;
    throwIfCancelled(control);
    const past = start > 0 ? firstPositions(clean.keyValues![k]!, start) : undefined;
    const output = await decoder.block(k, states, { ids, start, ...(past ? { past } : {}) });
    control.meter.blockTokens += states.rows * states.positions;
    states = output.states;
  }
  return { states: statesRead(states, read, start), deltaNorms: joined.map(({ deltaNorm }) => deltaNorm) };
}

/** A row that is in the batch. */
interface Joined {
  readonly row: PatchedRow;
  readonly putIn: Matrix;
  readonly deltaNorm: number;
}

/** Number of leading positions that no row of the batch touches and that need not run again. */
function sharedPrefix(clean: CleanRun, rows: readonly PatchedRow[]): number {
  if (!clean.keyValues) return 0;
  return Math.min(clean.ids.length - 1, ...rows.flatMap((row) => row.positions));
}

/** Appends a patched copy of row 0 for each joining row. */
function join(states: States, joining: readonly PatchedRow[], start: number, joined: Joined[]): States {
  const { positions, width } = states;
  const size = positions * width;
  const data = new Float32Array((states.rows + joining.length) * size);
  data.set(states.data);
  const grown = { data, rows: states.rows + joining.length, positions, width };
  joining.forEach((row, i) => {
    const copy = rowOf(grown, states.rows + i);
    copy.data.set(states.data.subarray(0, size));
    const replaced = pick(copy, row.positions, start);
    const putIn = row.vectors(replaced);
    putStates(copy, row.positions, putIn, start);
    joined.push({ row, putIn, deltaNorm: distance(putIn.data, replaced.data) });
  });
  return grown;
}

/** Puts the states of rows that hold them in again. */
function holdStates(states: States, joined: readonly Joined[], start: number): void {
  for (const [i, { row: patched, putIn }] of joined.entries()) {
    if (patched.holds) putStates(rowOf(states, i + 1), patched.positions, putIn, start);
  }
}

/** A view of one row, `[positions, width]`. */
function rowOf({ data, positions, width }: States, index: number): Matrix {
  const size = positions * width;
  return { data: data.subarray(index * size, (index + 1) * size), rows: positions, width };
}

/** Copies of the states at some positions; row 0 of `states` is position `start`. */
function pick(states: Matrix, positions: readonly number[], start: number): Matrix {
  const { width } = states;
  const data = new Float32Array(positions.length * width);
  positions.forEach((position, i) => {
    data.set(row(states, position - start), i * width);
  });
  return { data, rows: positions.length, width };
}

function putStates(states: Matrix, positions: readonly number[], putIn: Matrix, start: number): void {
  positions.forEach((position, i) => {
    row(states, position - start).set(row(putIn, i));
  });
}

/** L2 norm of a - b. */
function distance(a: Float32Array, b: Float32Array): number {
  return norm(a.map((value, i) => value - b[i]!));
}

/** The first `count` positions of a block's keys and values, `[1, heads, count, headWidth]`. */
function firstPositions(all: KeyValue, count: number): KeyValue {
  const { heads, headWidth } = all;
  const cut = (from: Float32Array): Float32Array => {
    const out = new Float32Array(heads * count * headWidth);
    for (let head = 0; head < heads; head++) {
      const offset = head * all.positions * headWidth;
      out.set(from.subarray(offset, offset + count * headWidth), head * count * headWidth);
    }
    return out;
  };
  return { key: cut(all.key), value: cut(all.value), rows: 1, heads, positions: count, headWidth };
}

/** States of every row at the read positions, `[rows * read, width]`. */
function statesRead(states: States, read: readonly number[], start: number): Matrix {
  const { rows, width } = states;
  const data = new Float32Array(rows * read.length * width);
  for (let i = 0; i < rows; i++) {
    data.set(pick(rowOf(states, i), read, start).data, i * read.length * width);
  }
  return { data, rows: rows * read.length, width };
}
