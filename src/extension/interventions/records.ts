/** What the host keeps about prompts: read prompts, copied states, interventions with their results. Plain, never changed in place. */
import type { ErrorData } from "../../shared/errors.ts";
import type { Alignment, SwapPair, VectorsEntry } from "../../shared/condition/parts.ts";
import type { Condition } from "../../shared/condition/condition.ts";
import type { ConditionChoice } from "../../shared/condition/condition-choice.ts";
import { INITIAL_CHOICE } from "../../shared/condition/condition-choice.ts";
import type { AnswerRequest, Answers, Scoring } from "../../shared/experiment/experiment.ts";
import type { ManyRowState } from "../../shared/experiment/many.ts";
import type { TopToken } from "../../shared/experiment/result.ts";
import type { Grid, HeldRow, SweepAndControls } from "../../shared/experiment/run.ts";
import type { ModelInfo, Params } from "../../shared/protocol/engine.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

/** A state to put in: tokens of a read prompt. */
export interface Source {
  readonly read: ReadPrompt;
  readonly span: PlacedSpan;
  /** The word that was put in place of the target's to make this source; null for others. */
  readonly word: string | null;
}

/** States of the user's own, from a file. */
export interface VectorsFile {
  /** The file's name, for people. */
  readonly label: string;
  readonly entries: readonly VectorsEntry[];
}

/** The two sides' answers as the user names them, and how they count; an empty text is found by running. */
export interface AnswerChoice {
  readonly target: string;
  readonly source: string;
  /** Null: by default, which depends on how many tokens the named answers have (`answerRequest`). */
  readonly scoring: Scoring | null;
  /** Tokens of an answer that is found by running, with `likelihood`. */
  readonly tokens: number;
}

/** What a run is to do, as chosen; tokens and prompts apart. */
export interface Setup {
  readonly choice: ConditionChoice;
  readonly vectors: VectorsFile | null;
  readonly answers: AnswerChoice;
}

/** A swap as in the paper, with answers that are found by running. */
export const INITIAL_SETUP: Setup = {
  choice: INITIAL_CHOICE,
  vectors: null,
  answers: { target: "", source: "", scoring: null, tokens: 1 },
};

/** Everything that a run was made from. */
export interface RunInputs {
  readonly target: ReadPrompt;
  /** Null for conditions that read no other run. */
  readonly source: Source | null;
  readonly setup: Setup;
  readonly condition: Condition;
}

/** The model that a run was made with; the same object for all runs of one opening. */
export type RanModel = Pick<
  ModelInfo,
  "path" | "architecture" | "blocks" | "width" | "vocab" | "numeric" | "cut" | "selfTest"
> & {
  /** Missing in older sessions. */
  readonly runtime?: Pick<ModelInfo["runtime"], "name">;
  /** Only where it was not the model's own. */
  readonly tokenizer?: string;
};

/** Rows of a run, complete or still coming. */
export interface SweepRun extends SweepAndControls {
  /** New for every run, so that a late row of an older run finds nothing to change. */
  readonly run: number;
  readonly inputs: RunInputs;
  /** Null until it is open. */
  readonly model: RanModel | null;
  /** What was asked about answers, to the token; null until it was sent. */
  readonly request: AnswerRequest | null;
  /** How many rows there will be; 0 while unknown. */
  readonly total: number;
  /** Why it is partial; `cancelled` when the user ended it. */
  readonly failure: ErrorData | null;
  /** Rows that the work so far stands for, as its progress counts them; absent before. */
  readonly done?: number;
  /** It stays until it is removed. */
  readonly pinned?: boolean;
  /** Number of the run that was shown when this one began; absent where none was, and of stored ones. */
  readonly before?: number;
}

/** A run of the prompt that is not the shown one, with what stood beside it. */
export interface KeptRun {
  readonly sweep: SweepRun;
  /** The grid of its swap; null without one, and of other conditions. */
  readonly grid: GridRun | null;
  /** The k that was stepped to. */
  readonly k: number | null;
}

/** Columns of a grid, complete or still coming. */
export interface GridRun extends Grid {
  readonly run: number;
  readonly target: ReadPrompt;
  readonly source: Source;
  readonly setup: Setup;
  /** Null until it is open. */
  readonly model: RanModel | null;
  /** What was asked, to the token; null until it was sent. */
  readonly request: Pick<Params<"grid">, "targetPositions" | "answers"> | null;
  readonly sourcePositions: readonly number[];
  /** Empty until the run is complete. */
  readonly baseline: readonly TopToken[];
  readonly answers: Answers | null;
  readonly failure: ErrorData | null;
  /** The whole row of the cell that was run by itself last; absent until then. */
  readonly held?: HeldRow;
}

/** Attention of an unpatched prompt's last token. */
export interface AttentionRun {
  readonly target: ReadPrompt;
  /** `[blocks][positions]`, mean over heads; null when the model's file gives none. */
  readonly weights: readonly (readonly number[])[] | null;
  /** Why there are none. */
  readonly note: string;
}

/** An intervention on one prompt: what is done to which states, and what came of it. */
export interface Intervention {
  readonly id: number;
  readonly target: ReadPrompt;
  /** Chosen tokens; none for all but the last. */
  readonly targets: readonly PlacedSpan[];
  /** For a swap; kept under other conditions, so that changing back loses nothing. */
  readonly source: Source | null;
  readonly align: Alignment | null;
  /** Which state goes where in a swap; none without a source or targets. */
  readonly pairs: readonly SwapPair[];
  /** For the next run. */
  readonly setup: Setup;
  /** The shown run. */
  readonly sweep: SweepRun | null;
  /** The other runs of the prompt. */
  readonly runs: readonly KeptRun[];
  /** The run that was removed last, while that can be undone. */
  readonly removed: KeptRun | null;
  readonly grid: GridRun | null;
  readonly attention: AttentionRun | null;
  /** The k that the user stepped to; null until then. */
  readonly k: number | null;
  /** The cell of the grid that the user locked. */
  readonly cell: { readonly position: number; readonly k: number } | null;
}

/** One of many prompts that a swap is run on. */
export interface ManyEntry {
  readonly id: number;
  readonly label: string;
  /** Null where the document writes the prompt in another form. */
  readonly promptId: number | null;
  /** The prompt. */
  readonly text: string;
  /** As it was made; null where the prompt's token was not found. */
  readonly made: Intervention | null;
  readonly state: ManyRowState;
  readonly failure: ErrorData | null;
  /** As the table's run left it, whatever ran on the prompt since; null until it is whole. */
  readonly sweep: SweepRun | null;
}

/** A swap on many prompts. */
export interface ManyRun {
  readonly run: number;
  readonly entries: readonly ManyEntry[];
}

/** Work in progress. */
export interface Work {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Milliseconds that it was expected to take; null where nothing was known. */
  readonly expectedMs: number | null;
}

/** Work that waits for its turn. */
export interface Waiting {
  readonly id: number;
  /** For people: `Sweep, capitals.txt:3`. */
  readonly name: string;
  /** Interventions that it is of. */
  readonly on: readonly number[];
}

/** Same positions put at the same places. */
export function samePairs(a: readonly SwapPair[], b: readonly SwapPair[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
