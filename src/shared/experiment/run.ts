/** A result: what was asked, how far it has come, rows and answers. Store, sessions, panel and command line hold this one shape. */
import type { Condition } from "../condition/condition.ts";
import type { Answers, LayerRange, Prompt } from "./experiment.ts";
import type { Flip } from "./outcome.ts";
import type {
  Continuation,
  ContinuationRow,
  ContinuationScope,
  ControlName,
  GridColumn,
  LensRow,
  SweepRow,
  TopToken,
} from "./result.ts";
import type { RunState } from "./standing.ts";

/** What the model goes on to say, unpatched and for the k that were asked for. */
export interface Continuations {
  readonly scope: ContinuationScope;
  /** Most tokens that were asked for. */
  readonly tokens: number;
  readonly baseline: Continuation;
  /** Ordered by k, then seed. */
  readonly rows: readonly ContinuationRow[];
}

/** The rows of a sweep or of a control beside it. */
export interface Rows {
  readonly state: RunState;
  /** Ordered by k, then seed; each at most once. */
  readonly rows: readonly SweepRow[];
  readonly flip: Flip | null;
}

/** A control beside a sweep. */
export interface Control extends Rows {
  readonly name: ControlName;
  readonly condition: Condition;
  /** The prompt that its states come from; null for controls that read none. */
  readonly source: Prompt | null;
}

/** What came of one condition over a range of k. */
export interface Sweep extends Rows {
  readonly layers: LayerRange;
  readonly baseline: readonly TopToken[];
  readonly answers: Answers | null;
  /** k = 0..blocks; null when it was not asked for, or the run had not come to it. */
  readonly lens: readonly LensRow[] | null;
  /** Null until they are asked for. */
  readonly continuations: Continuations | null;
  readonly runMs: number | null;
}

/** A sweep and what ran beside it. */
export interface SweepAndControls extends Sweep {
  /** Null until they are run. */
  readonly controls: readonly Control[] | null;
}

/** The same, once it has named its answers. */
export interface AnsweredSweep extends SweepAndControls {
  readonly answers: Answers;
}

/** One cell of a grid, run by itself. */
export interface HeldRow {
  readonly position: number;
  readonly row: SweepRow;
}

/** What came of the swap at every token and every k. */
export interface Grid {
  readonly state: RunState;
  readonly layers: LayerRange;
  /** `columns[p]` is position p over all k of `layers`, `[positions]`; null where not run. */
  readonly columns: readonly (GridColumn | null)[];
  /** Positions that were asked for, ascending; absent: all. */
  readonly asked?: readonly number[];
  /** Decoded text of token ids in the columns. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What every sweep has, and nothing else that its carrier keeps beside it. */
export function sweepFields(sweep: Sweep): Sweep {
  const { state, layers, rows, flip, baseline, answers, lens, continuations, runMs } = sweep;
  return { state, layers, rows, flip, baseline, answers, lens, continuations, runMs };
}
