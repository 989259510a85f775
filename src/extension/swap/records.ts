/** What the host keeps about prompts: read prompts, copied states, swaps with their results. Plain, never changed in place. */
import type { ErrorData } from "../../shared/errors.ts";
import type { Alignment, Answer, LayerRange, SwapPair } from "../../shared/experiment.ts";
import type { Flip } from "../../shared/outcome.ts";
import type { GridColumn, SweepRow, TopToken } from "../../shared/result.ts";
import type { PlacedSpan } from "../../shared/span-alignment.ts";
import type { BosPolicy, Tokenization } from "../../shared/tokens.ts";

/** What a prompt's tokens depend on beside its text. */
export interface Reading {
  /** The model, by path and file. */
  readonly modelKey: string;
  readonly bos: BosPolicy;
  readonly useChatTemplate: boolean;
}

/** A prompt as a model read it. */
export interface ReadPrompt {
  /** The known prompt that it was read from; null for a text of the user's own. */
  readonly promptId: number | null;
  /** For people: `capitals.txt:3`. */
  readonly label: string;
  /** The prompt's own text. */
  readonly text: string;
  /** UTF-16 offset of that text in what the model reads; 0 without a chat template; null when the template changed it. */
  readonly shift: number | null;
  /** Of all that the model reads. */
  readonly tokenization: Tokenization;
  readonly reading: Reading;
}

/** A state to put in: tokens of a read prompt. */
export interface Source {
  readonly read: ReadPrompt;
  readonly span: PlacedSpan;
  /** The word that was put in place of the target's to make this source; null for others. */
  readonly word: string | null;
}

/** Rows of a run, complete or still coming. */
export interface SweepRun {
  /** New for every run, so that a late row of an older run finds nothing to change. */
  readonly run: number;
  readonly pairs: readonly SwapPair[];
  readonly layers: LayerRange;
  /** Ordered by k. */
  readonly rows: readonly SweepRow[];
  readonly baseline: readonly TopToken[];
  readonly answers: { readonly target: Answer; readonly source: Answer | null } | null;
  readonly flip: Flip | null;
  readonly state: "running" | "complete" | "failed";
  /** Why it failed; `cancelled` when the user or a newer run ended it. */
  readonly failure: ErrorData | null;
  readonly runMs: number | null;
}

/** Columns of a grid, complete or still coming; null where not run yet. */
export interface GridRun {
  readonly run: number;
  readonly sourcePositions: readonly number[];
  readonly layers: LayerRange;
  readonly columns: readonly (GridColumn | null)[];
  readonly texts: Readonly<Record<string, string>>;
  readonly answers: SweepRun["answers"];
  readonly state: SweepRun["state"];
  readonly failure: ErrorData | null;
}

/** A swap on one prompt: what is put where, and what came of it. */
export interface Swap {
  readonly id: number;
  readonly target: ReadPrompt;
  readonly targets: readonly PlacedSpan[];
  readonly source: Source;
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
  readonly sweep: SweepRun | null;
  readonly grid: GridRun | null;
  /** The k that the user stepped to; null until then. */
  readonly k: number | null;
  /** The cell of the grid that the user locked. */
  readonly cell: { readonly position: number; readonly k: number } | null;
}

/** Work in progress. */
export interface Work {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** The k whose answers are shown: the stepped-to one, else the flip, else the first row there is. */
export function shownK(swap: Swap): number | null {
  const { sweep, grid } = swap;
  if (swap.k !== null) return swap.k;
  return sweep?.flip?.k ?? sweep?.rows[0]?.k ?? grid?.layers.from ?? null;
}

/** Same positions put at the same places. */
export function samePairs(a: readonly SwapPair[], b: readonly SwapPair[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
