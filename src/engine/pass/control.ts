/** What accompanies every pass: the signal that cancels it and the meter that counts its work. */
import { SwapError } from "../../shared/errors.ts";

/** Counts the work of passes. */
export interface Meter {
  /** Rows x positions over all block runs, the unit in which passes are compared (docs/architecture.md, cost). */
  blockTokens: number;
  /** Rows x positions of which a block made keys and values only. */
  keyValueTokens: number;
}

/** A meter at zero. */
export function newMeter(): Meter {
  return { blockTokens: 0, keyValueTokens: 0 };
}

/** Handed down through every pass. */
export interface RunControl {
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

/** A control that is never cancelled; for self-tests and tests. */
export function uncancelled(): RunControl {
  return { signal: new AbortController().signal, meter: newMeter() };
}

/**
 * Throws `cancelled` when the run was cancelled. Called between block runs, the finest grain there is: onnxruntime's
 * `run` cannot be stopped.
 */
export function throwIfCancelled(control: RunControl): void {
  if (control.signal.aborted) throw new SwapError("cancelled", "The run was cancelled.");
}
