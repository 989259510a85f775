/** What comes out of a batch of patched rows. */
import type { Matrix } from "../matrix.ts";
import type { Climber } from "./climb.ts";

/** States of a batch: the unpatched prompt, as this batch would give it to the last bit, then the patched rows in their order. */
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

/** Outputs of a batch: the unpatched row and the patched rows in their order. */
export interface BatchOutput {
  readonly unpatched: RowOutput;
  readonly rows: readonly RowOutput[];
}

/** A batch of patched rows while it climbs. */
export interface RowClimb extends Climber {
  /** States behind the last block, at the positions that are read; once, after the climb. */
  finish(): Promise<BatchStates>;
  /** Gives back what is not on the host. */
  release(): void;
}
