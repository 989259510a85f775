/** What accompanies every pass: the signal that cancels it and the meter that counts its work. */
import { SwapError } from "../../shared/errors.ts";

/** Counts rows x positions over all block runs, the unit in which passes are compared. */
export interface Meter {
  blockTokens: number;
}

/** Handed down through every pass. */
export interface RunControl {
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

/** A control that is never cancelled; for self-tests and tests. */
export function uncancelled(): RunControl {
  return { signal: new AbortController().signal, meter: { blockTokens: 0 } };
}

/**
 * Throws `cancelled` when the run was cancelled. Called between block runs, the finest grain there is: onnxruntime's
 * `run` cannot be stopped.
 */
export function throwIfCancelled(control: RunControl): void {
  if (control.signal.aborted) throw new SwapError("cancelled", "The run was cancelled.");
}
