/** Results as the command line's contract fixes them (guide `cli.md`): a change needs a new schema version. */
import type { Answer, Condition, Prompt } from "./experiment.ts";
import type { Flip, Outcome } from "./outcome.ts";

export const SWEEP_SCHEMA = "state-swap/sweep@1";
export const GRID_SCHEMA = "state-swap/grid@1";
export const TOKENS_SCHEMA = "state-swap/tokens@1";

/** One candidate for the next token. `logprob` is the natural log of the softmax over the whole vocabulary. */
export interface TopToken {
  readonly id: number;
  readonly text: string;
  readonly logit: number;
  readonly logprob: number;
}

/** Outcome of the checks at load (design.md section 3). A check that could not be made is null, with the reason in `note`. */
export interface SelfTest {
  readonly passed: boolean;
  /** Split model against the whole graph (or the plain reference for GGUF), max |Δlogit| or relative state error. */
  readonly maxAbsDiff: number | null;
  /** Identity patch against the unpatched row, max |Δlogit|; must be 0. */
  readonly identity: number | null;
  /** Logit lens at the last block against the model's logits, max |Δlogit|. */
  readonly lens: number | null;
  /** What `maxAbsDiff` was measured against, or why it was not. */
  readonly note: string;
}

/** What a result says of its model. */
export interface ModelSummary {
  readonly path: string;
  readonly sha256: string;
  readonly architecture: string;
  readonly blocks: number;
  readonly width: number;
  readonly vocab: number;
  /** Numeric mode, for example `fp32`, `fp16 weights, fp32 sums`, `q4_1 exact`. */
  readonly numeric: string;
  /** How the residual stream was found, for example `residual cuts, 4 boundaries by cache inputs`. */
  readonly cut: string;
  readonly selfTest: SelfTest;
}

/** A prompt in a result; `positions` are the replaced (target) or read (source) tokens. */
export interface PromptResult extends Prompt {
  readonly positions: readonly number[];
}

/** One patched run: what the model answers when the input of block k is replaced. */
export interface SweepRow {
  readonly k: number;
  readonly outcome: Outcome;
  readonly top: readonly TopToken[];
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  /** Logit of the source answer minus logit of the target answer; null when there is no source answer. */
  readonly logitDifference: number | null;
  /** 1 = the target answer is the most likely token. */
  readonly rankOfTarget: number;
  readonly rankOfSource: number | null;
  /** L2 norm of (put in - replaced), over all replaced positions as one vector. */
  readonly deltaNorm: number;
  readonly seed?: number;
}

/** Wall-clock milliseconds; `blockTokens` = rows x positions, summed over all block runs. */
export interface Timing {
  readonly openMs: number;
  readonly runMs: number;
  readonly blockTokens: number;
}

interface ResultHead {
  readonly version: string;
  readonly convention: string;
  readonly model: ModelSummary;
  readonly target: PromptResult;
  readonly source: PromptResult | null;
  readonly baseline: { readonly top: readonly TopToken[] };
  readonly answers: { readonly target: Answer; readonly source: Answer | null };
  readonly timing: Timing;
}

/** JSON of `sweep`; `rows` are ordered by k. */
export interface SweepResult extends ResultHead {
  readonly schema: typeof SWEEP_SCHEMA;
  readonly condition: Condition;
  readonly rows: readonly SweepRow[];
  readonly flip: Flip | null;
}

/** JSON of `grid`: `argmax[i][p]` is the answer's token id for k = layers.from + i, position p. */
export interface GridResult extends ResultHead {
  readonly schema: typeof GRID_SCHEMA;
  readonly condition: { readonly kind: "swap"; readonly sourcePositions: readonly number[] };
  readonly layers: { readonly from: number; readonly to: number };
  readonly argmax: readonly (readonly number[])[];
  readonly outcome: readonly (readonly Outcome[])[];
  readonly logitDifference: readonly (readonly (number | null)[])[];
  readonly targetLogprob: readonly (readonly number[])[];
  readonly sourceLogprob: readonly (readonly (number | null)[])[];
  readonly rankOfTarget: readonly (readonly number[])[];
  /** Decoded text of every id that occurs in `argmax`. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One position of a grid over all k of its range, as it streams out. Arrays are indexed by k - layers.from. */
export interface GridColumn {
  readonly position: number;
  readonly argmax: readonly number[];
  readonly outcome: readonly Outcome[];
  readonly logitDifference: readonly (number | null)[];
  readonly targetLogprob: readonly number[];
  readonly sourceLogprob: readonly (number | null)[];
  readonly rankOfTarget: readonly number[];
}
