/**
 * The staircase: one upward pass for many patched rows. The row "patched at k" joins the batch at block k as a copy of
 * the clean row with its states replaced, so that each block runs once per batch, not once per row (engine.md 11).
 */
import type { Matrix } from "../../shared/matrix.ts";
import { norm } from "../../shared/matrix.ts";
import type { DecoderModel, KeyValue, States } from "../model/decoder.ts";
import type { CleanRun } from "./clean-run.ts";
import type { RunControl } from "./control.ts";
import { throwIfCancelled } from "./control.ts";

/** One patched run of the prompt. */
export interface PatchedRow {
  /** 0-based block whose input is replaced; `blocks` replaces the output of the last block. */
  readonly k: number;
  /** Replaced positions, 0-based. */
  readonly positions: readonly number[];
  /**
   * The states to put in, given the ones they replace.
   *
   * @param replaced `[positions, width]`, the unpatched states at `positions`
   * @returns `[positions, width]`
   */
  readonly vectors: (replaced: Matrix) => Matrix;
}

/** What came out of one patched row. */
export interface RowOutput {
  /** Raw logits of the prompt's last position, `[vocab]`. */
  readonly logits: Float32Array;
  /** L2 norm of (put in - replaced) over all replaced positions as one vector. */
  readonly deltaNorm: number;
}

/** Outputs of a batch: the clean row, which went through the same shapes, and the patched rows in their order. */
export interface BatchOutput {
  readonly clean: RowOutput;
  readonly rows: readonly RowOutput[];
}

/**
 * Runs a batch of patched rows of one prompt.
 *
 * Only positions from the first replaced one on run when the back end shares prefixes; the states before it are the
 * clean run's, since attention is causal. Row 0 of the batch is the unpatched run: patched rows branch off it, and an
 * identity patch is equal to it to the last bit.
 *
 * @param rows at least one, ordered by k (ascending)
 */
export async function runPatchedRows(
  decoder: DecoderModel,
  clean: CleanRun,
  rows: readonly PatchedRow[],
  control: RunControl,
): Promise<BatchOutput> {
  const { blocks, width } = decoder.info;
  const { ids } = clean;
  const start = sharedPrefix(clean, rows);
  const firstK = rows[0]!.k;
  let states: States = {
    data: clean.hidden[firstK]!.slice(start * width),
    rows: 1,
    positions: ids.length - start,
    width,
  };
  const deltaNorms: number[] = [];
  for (let k = firstK; ; k++) {
    const joining = rows.filter((row) => row.k === k);
    if (joining.length > 0) states = join(states, joining, start, deltaNorms);
    if (k === blocks) break;
    throwIfCancelled(control);
    const past = start > 0 ? firstPositions(clean.keyValues![k]!, start) : undefined;
    const output = await decoder.block(k, states, { ids, start, ...(past ? { past } : {}) });
    control.meter.blockTokens += states.rows * states.positions;
    states = output.states;
  }
  throwIfCancelled(control);
  const logits = await decoder.logits(lastPositions(states));
  const outputs = Array.from({ length: states.rows }, (_, i) => ({
    logits: logits.data.subarray(i * logits.width, (i + 1) * logits.width),
    deltaNorm: i === 0 ? 0 : deltaNorms[i - 1]!,
  }));
  return { clean: outputs[0]!, rows: outputs.slice(1) };
}

/** Number of leading positions that no row of the batch touches and that need not run again. */
function sharedPrefix(clean: CleanRun, rows: readonly PatchedRow[]): number {
  if (!clean.keyValues) return 0;
  return Math.min(clean.ids.length - 1, ...rows.flatMap((row) => row.positions));
}

/** Appends a patched copy of row 0 for each joining row. */
function join(states: States, joining: readonly PatchedRow[], start: number, deltaNorms: number[]): States {
  const { positions, width } = states;
  const size = positions * width;
  const data = new Float32Array((states.rows + joining.length) * size);
  data.set(states.data);
  joining.forEach((row, i) => {
    const copy = data.subarray((states.rows + i) * size, (states.rows + i + 1) * size);
    copy.set(states.data.subarray(0, size));
    deltaNorms.push(replace(copy, row, start, width));
  });
  return { data, rows: states.rows + joining.length, positions, width };
}

/** Puts a row's states into `copy` (`[positions, width]` from position `start` on); returns the norm of the change. */
function replace(copy: Float32Array, row: PatchedRow, start: number, width: number): number {
  const at = (position: number): Float32Array =>
    copy.subarray((position - start) * width, (position - start + 1) * width);
  const replaced = new Float32Array(row.positions.length * width);
  row.positions.forEach((position, i) => {
    replaced.set(at(position), i * width);
  });
  const put = row.vectors({ data: replaced, rows: row.positions.length, width }).data;
  row.positions.forEach((position, i) => {
    at(position).set(put.subarray(i * width, (i + 1) * width));
  });
  return norm(put.map((value, i) => value - replaced[i]!));
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
  return { key: cut(all.key), value: cut(all.value), heads, positions: count, headWidth };
}

/** States of the last position of every row, `[rows, width]`. */
function lastPositions({ data, rows, positions, width }: States): Matrix {
  const out = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const offset = ((i + 1) * positions - 1) * width;
    out.set(data.subarray(offset, offset + width), i * width);
  }
  return { data: out, rows, width };
}
