/** The hidden states of an unpatched run, and ways to read them: what conditions and passes have in common. */
import type { Matrix } from "./matrix.ts";
import type { KeyValue } from "./model/decoder.ts";

/** All hidden states of an unpatched run. */
export interface UnpatchedRun {
  readonly ids: readonly number[];
  readonly width: number;
  /** `hidden[k]` = input of block k, `[positions, width]`; `hidden[blocks]` = output of the last block before the final norm. */
  readonly hidden: readonly Float32Array[];
  /** Keys and values of each block for all positions; null when the back end cannot share a position prefix. */
  readonly keyValues: readonly KeyValue[] | null;
}

/** A view of the input of block k (0-based; `blocks` = last output) at one position, `[width]`. */
export function stateAt(run: UnpatchedRun, k: number, position: number): Float32Array {
  return run.hidden[k]!.subarray(position * run.width, (position + 1) * run.width);
}

/** Inputs of block k at some positions, `[positions, width]`, copied. */
export function statesAt(run: UnpatchedRun, k: number, positions: readonly number[]): Matrix {
  const data = new Float32Array(positions.length * run.width);
  positions.forEach((position, i) => {
    data.set(stateAt(run, k, position), i * run.width);
  });
  return { data, rows: positions.length, width: run.width };
}

/** Mean of a run's inputs of block k over some positions, `[width]`; summed in double precision. */
export function meanState(run: UnpatchedRun, k: number, positions: readonly number[]): Float32Array {
  if (positions.length === 1) return stateAt(run, k, positions[0]!);
  const sum = new Float64Array(run.width);
  for (const position of positions) stateAt(run, k, position).forEach((value, i) => (sum[i]! += value));
  return Float32Array.from(sum, (value) => value / positions.length);
}
