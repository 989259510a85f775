/** Results as the command line prints them (docs/cli.md): a change needs a new schema version. */
import type { RuntimeName } from "./runtime.ts";
import type * as v from "valibot";
import type { Frozen } from "../frozen.ts";
import type { Condition } from "../condition/condition.ts";
import type { Answers, Prompt, Scoring } from "./experiment.ts";
import type { Note } from "./notes.ts";
import type { Flip, Outcome } from "./outcome.ts";
import type {
  continuationRowSchema,
  continuationSchema,
  continuationScopeSchema,
  gridColumnSchema,
  lensRowSchema,
  rowSchema,
  selfTestSchema,
  topTokenSchema,
} from "./result-schema.ts";

export const SWEEP_SCHEMA = "state-swap/sweep@1";
export const GRID_SCHEMA = "state-swap/grid@1";
export const TOKENS_SCHEMA = "state-swap/tokens@1";

/** One candidate for the next token. */
export type TopToken = Frozen<v.InferOutput<typeof topTokenSchema>>;

/** Outcome of the checks at load. */
export type SelfTest = Frozen<v.InferOutput<typeof selfTestSchema>>;

/** What a model's answers depend on, each as lower-case hexadecimal SHA-256 (form: `engine/model/identity.ts`). */
export interface ModelIdentity {
  /** Everything that makes its numbers: graph or metadata, all files of weights, what is read of `config.json`. */
  readonly weights: string;
  readonly tokenizer: string;
  /** Null without a chat template. */
  readonly template: string | null;
}

/** What is known of a model's files. */
export interface KnownHashes {
  /** Of the model file alone, lower-case hex; null where it was not known yet when the session was kept. */
  readonly sha256: string | null;
  /** Missing where it was not known yet, and in sessions of versions that did not keep it. */
  readonly identity?: ModelIdentity;
}

/** What results and sessions keep of the model that ran (`model-facts.ts` makes it). */
export interface ModelFacts extends KnownHashes {
  readonly architecture: string;
  readonly blocks: number;
  readonly width: number;
  readonly vocab: number;
  /** Numeric mode, for example `fp32`, `fp16 weights, fp32 sums`, `q4_1 exact`. */
  readonly numeric: string;
  /** How the residual stream was found, for example `residual cuts, 4 boundaries by cache inputs`. */
  readonly cut: string;
  /** What ran it. Missing in sessions of versions that did not keep it. */
  readonly runtime?: RuntimeName;
  /** The `tokenizer.json` that was taken in place of the model's own. Missing: its own. */
  readonly tokenizer?: string;
  readonly selfTest: SelfTest;
}

/** What a result says of its model. */
export interface ModelSummary extends ModelFacts {
  readonly path: string;
}

/** A prompt in a result; `positions` are the replaced (target) or read (source) tokens. */
export interface PromptResult extends Prompt {
  readonly positions: readonly number[];
}

/** One patched run: what the model answers when the input of block k is replaced. */
export type SweepRow = Frozen<v.InferOutput<typeof rowSchema>>;

/** Logit lens of the unpatched prompt's last position at the input of block k. */
export type LensRow = Frozen<v.InferOutput<typeof lensRowSchema>>;

/** Tokens generated greedily after a prompt. */
export type Continuation = Frozen<v.InferOutput<typeof continuationSchema>>;

/** What a condition covers while tokens are generated. */
export type ContinuationScope = v.InferOutput<typeof continuationScopeSchema>;

/** The continuation after one patched run. */
export type ContinuationRow = Frozen<v.InferOutput<typeof continuationRowSchema>>;

/** Names of the controls (docs/controls.md); `controls.ts` says each in words. */
export const CONTROL_NAMES = ["identity", "random", "unrelated"] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];

/** A control run of a sweep: same prompt, positions, k and answers, another condition. */
export interface ControlResult {
  readonly name: ControlName;
  readonly condition: Condition;
  readonly source: PromptResult | null;
  readonly rows: readonly SweepRow[];
  readonly flip: Flip | null;
}

/** Wall-clock milliseconds; `blockTokens` = rows x positions, summed over all block runs. Null: a session does not keep it. */
export interface Timing {
  readonly openMs: number | null;
  readonly runMs: number | null;
  readonly blockTokens: number | null;
}

/** A note as data and in words. */
export interface NoteResult {
  readonly code: Note["code"];
  readonly message: string;
}

/** Who made a result, and of which model. */
export interface ResultHead {
  readonly version: string;
  /** Only where rows are missing. */
  readonly state?: "partial";
  readonly convention: string;
  readonly model: ModelSummary;
}

interface AnyResult extends ResultHead {
  readonly target: PromptResult;
  readonly source: PromptResult | null;
  readonly baseline: { readonly top: readonly TopToken[] };
  /** What could be overlooked in the experiment; absent without any. */
  readonly notes?: readonly NoteResult[];
  readonly timing: Timing;
}

/** JSON of `sweep`; `rows` are ordered by k, then seed. */
export interface SweepResult extends AnyResult {
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
export interface GridResult extends AnyResult {
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
  /** Missing where a session of a version that did not keep it is written again. */
  readonly klToBaseline?: readonly (readonly number[])[];
  /** Decoded text of every id that occurs in `argmax`. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One position of a grid over all k of its range. */
export type GridColumn = Frozen<v.InferOutput<typeof gridColumnSchema>>;
