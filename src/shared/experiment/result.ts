/** Results as the command line prints them (docs/cli.md): a change needs a new schema version. */
import type { Condition } from "../condition/condition.ts";
import type { Answers, Prompt, Scoring } from "./experiment.ts";
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

/** Outcome of the checks at load (docs/invariants.md). A check that could not be made is null, with the reason in `note`. */
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
  /** log p of the target answer: of its first token, or of all its tokens with `likelihood` scoring. */
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  /**
   * log p(source answer) - log p(target answer); for answers of one token that is logit(source) - logit(target). Null
   * when there is no source answer.
   */
  readonly logitDifference: number | null;
  /** Rank of the answer's first token; 1 = the most likely. */
  readonly rankOfTarget: number;
  readonly rankOfSource: number | null;
  /** KL(baseline || patched) of the next token = sum of p_baseline (log p_baseline - log p_patched), in nats. */
  readonly klToBaseline: number;
  /**
   * Normalised recovery = (d(k) - d(baseline)) / (d(smallest k) - d(baseline)): 0 as unpatched, 1 as at the smallest k
   * of the sweep (with the same seed). d = `logitDifference`, or -`targetLogprob` without a source answer. Null when the
   * two ends are equal.
   */
  readonly recovery: number | null;
  /**
   * L2 norm of (put in - replaced), over all replaced positions as one vector. Freeze: of what changes at block k. Skip
   * attention, which puts nothing in: of the change of block k's output at the last position.
   */
  readonly deltaNorm: number;
  /** Present for conditions with seeds. */
  readonly seed?: number;
}

/**
 * Logit lens of the unpatched prompt's last position: final norm and head on the input of block k. k = blocks is the
 * output of the last block, and equals the model's own logits.
 */
export interface LensRow {
  readonly k: number;
  readonly top: readonly TopToken[];
  /** Of the answers' first tokens. */
  readonly targetLogprob: number;
  readonly sourceLogprob: number | null;
  readonly rankOfTarget: number;
}

/** Tokens generated greedily after a prompt. */
export interface Continuation {
  readonly ids: readonly number[];
  readonly text: string;
  /** `length`: as many as asked for; `end`: the model ended its text. */
  readonly endedBy: "length" | "end";
}

/**
 * What a condition covers while tokens are generated. `prompt`: the pass over the prompt alone, later tokens run
 * unpatched on its keys and values. `every-step`: skip attention, which is a property of blocks, holds at all steps.
 */
export type ContinuationScope = "prompt" | "every-step";

/** The continuation after one patched run. */
export interface ContinuationRow extends Continuation {
  readonly k: number;
  readonly seed: number | null;
}

/** Names of the controls (docs/controls.md). */
export type ControlName = "identity" | "random" | "unrelated";

/** A control run of a sweep: same prompt, positions, k and answers, another condition. */
export interface ControlResult {
  readonly name: ControlName;
  readonly condition: Condition;
  readonly source: PromptResult | null;
  readonly rows: readonly SweepRow[];
  readonly flip: Flip | null;
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
  readonly timing: Timing;
}

/** JSON of `sweep`; `rows` are ordered by k, then seed. */
export interface SweepResult extends ResultHead {
  readonly schema: typeof SWEEP_SCHEMA;
  readonly condition: Condition;
  readonly answers: Answers & { readonly scoring: Scoring };
  readonly rows: readonly SweepRow[];
  readonly flip: Flip | null;
  /** k = 0..blocks. */
  readonly lens?: readonly LensRow[];
  /** `[blocks][positions]`: attention of the last position to each position, mean over heads. */
  readonly attention?: readonly (readonly number[])[];
  readonly continuations?: {
    readonly scope: ContinuationScope;
    readonly baseline: Continuation;
    readonly rows: readonly ContinuationRow[];
  };
  readonly controls?: readonly ControlResult[];
}

/** JSON of `grid`: `argmax[i][p]` is the answer's token id for k = layers.from + i, position p. */
export interface GridResult extends ResultHead {
  readonly schema: typeof GRID_SCHEMA;
  readonly answers: Answers;
  readonly condition: {
    readonly kind: "swap";
    readonly sourcePositions: readonly number[];
    readonly sourceLayer: number | null;
    readonly strength: number;
  };
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
