/**
 * What the extension host and the side panel say to each other. The host owns results and sends complete snapshots,
 * never deltas: a message lost while the view was hidden costs nothing. The webview sends intents
 * (panel-intent.ts) and keeps only scroll, hover and fold.
 */
import type { ConditionKind } from "../condition/condition.ts";
import type { ConditionChoice } from "../condition/condition-choice.ts";
import type { ErrorData } from "../errors.ts";
import type { Answers, LayerRange, Scoring } from "../experiment/experiment.ts";
import type { Many } from "../experiment/many.ts";
import type { Note } from "../experiment/notes.ts";
import type { ControlName } from "../experiment/result.ts";
import type { Grid, HeldRow, Rows, Sweep } from "../experiment/run.ts";
import type { Standing } from "../experiment/standing.ts";
import type { PromptForm } from "../prompt/prompt-form.ts";
import type { Token } from "../prompt/tokens.ts";
import type { Part } from "../words/parts.ts";
import type { VerdictHead } from "../words/verdict-head.ts";
import type { PanelRun } from "./panel-runs.ts";

/** A few words, with a sentence of explanation. */
export interface PanelTag {
  readonly label: string;
  readonly description: string;
}

/** The model as the panel names it. */
export interface PanelModel {
  readonly name: string;
  /** Numeric mode; empty while no model is open. */
  readonly numeric: string;
  /** Number of blocks; 0 while unknown. */
  readonly blocks: number;
  /** A short tag such as `demonstration model`, with its sentence of explanation; null for ordinary models. */
  readonly tag: PanelTag | null;
  /** What runs it, where that is not the native runtime. */
  readonly runtime: PanelTag | null;
  /** The tokenizer that is taken in place of the model's own; absent: its own. */
  readonly tokenizer?: PanelTag;
  readonly status: "closed" | "opening" | "ready" | "failed";
  /** Why it could not be opened; absent while nothing is wrong, and in stored results. */
  readonly failure?: ErrorData | null;
}

/** How a prompt is written in its document, as far as that is not what the model reads. */
export interface PanelWriting {
  readonly form: PromptForm | null;
  /** The text that the model reads; null where the editor shows the same. */
  readonly text: string | null;
  /** Its placeholders, and what stands for each: null where it is read as written. */
  readonly placeholders: readonly { readonly name: string; readonly value: string | null }[];
}

/** A tokenised prompt as chips. */
export interface PanelPrompt {
  /** Where the prompt stands, for people: `capitals.prompt.txt:3`. */
  readonly label: string;
  readonly tokens: readonly Token[];
  /** Chosen positions: replaced (target) or copied (source). */
  readonly positions: readonly number[];
  /** Those of them that the run reads, where it does not read all: aligned last, a source of several tokens gives one state. */
  readonly read?: readonly number[];
  /** Positions that the editor's selection covers right now: pointed at, not chosen. */
  readonly selected?: readonly number[];
  /** Absent where the prompt is simply the text that the editor shows, or stands in no document. */
  readonly writing?: PanelWriting;
}

/** What the next run does, as chosen. */
export interface PanelCondition {
  readonly choice: ConditionChoice;
  /** File of the vectors, for people; null while none is chosen. */
  readonly vectorsLabel: string | null;
  /** Whether the target prompt starts with a beginning-of-sequence token. */
  readonly hasBos: boolean;
  /** Whether the model can skip attention; null while unknown. */
  readonly skipsAttention: boolean | null;
}

/** The two sides' answers as the user named them; empty: found by running. */
export interface PanelAnswers {
  readonly target: string;
  readonly source: string;
  /** Null: by default, whole where a named answer has several tokens. */
  readonly scoring: Scoring | null;
  /** Tokens of an answer that is found by running, with `likelihood`. */
  readonly tokens: number;
}

/** Facts without which a result cannot be read. */
export interface PanelFacts {
  readonly numeric: string;
  /** "k = 0-based layer whose input is replaced". */
  readonly convention: string;
  /** For example `BOS: added by the tokenizer, replaced too`. */
  readonly bos: string;
}

/** One control beside a sweep. */
export interface PanelControl extends Rows {
  readonly name: ControlName;
  /** What it is for, and for an unrelated source which. */
  readonly sentence: string;
  /** What its rows show; empty while it runs. */
  readonly verdict: readonly Part[];
}

/** Attention of the unpatched target prompt's last token, `[blocks][positions]`, mean over heads. */
export interface PanelAttention {
  /** Null when the model's file gives none. */
  readonly weights: readonly (readonly number[])[] | null;
  /** Why there are none. */
  readonly note: string;
}

/** A sweep, complete or still streaming. */
export interface PanelSweep extends Sweep {
  readonly kind: ConditionKind;
  /** Empty for conditions without seeds. */
  readonly seeds: readonly number[];
  readonly scoring: Scoring;
  readonly facts: PanelFacts;
  /** Null until they are run. */
  readonly controls: readonly PanelControl[] | null;
  /** What the rows show, as a headline; empty while it runs. */
  readonly headline: VerdictHead;
  /** One sentence on what the rows show; empty while it runs. */
  readonly verdict: readonly Part[];
  /** What could be overlooked in it. */
  readonly notes: readonly Note[];
  readonly standing: Standing;
}

/** A grid, complete or still streaming. */
export interface PanelGrid extends Grid {
  /** Its own answers, which a later choice of others leaves as they are; null before its first column. */
  readonly answers: Answers | null;
  /** Text of the state that it puts over each token: ` Italy`. */
  readonly put: string;
  /** Tokens that were chosen when it ran: its own ★. */
  readonly positions: readonly number[];
  /** The cell that was run by itself last, with all its answers; null until one was. */
  readonly held: HeldRow | null;
  /** The token whose row is the sweep beside it: the same state put over the same token; null where no row is. */
  readonly sweepPosition: number | null;
  /** What could be overlooked in it, beyond what the sweep's notes say. */
  readonly notes: readonly Note[];
  readonly standing: Standing;
}

/** Work in progress. */
export interface PanelProgress {
  readonly label: string;
  readonly done: number;
  /** 0 when the end is not known. */
  readonly total: number;
  readonly cancellable: boolean;
  /** Milliseconds that are left of a run that takes its time; absent while that is not known. */
  readonly leftMs?: number;
  /** What runs after it, in this order; absent where nothing waits. */
  readonly waiting?: readonly PanelWaiting[];
}

/** Work that waits for its turn. */
export interface PanelWaiting {
  readonly id: number;
  /** `Sweep, capitals.txt:3`. */
  readonly name: string;
}

/** A swap on many prompts. */
export interface PanelMany extends Many {
  /** The row whose prompt is shown below; null where none of them is. */
  readonly shown: number | null;
  readonly isRunning: boolean;
}

/** Milliseconds that the next runs are expected to take; null where that is not known yet. */
export interface PanelExpected {
  readonly sweepMs: number | null;
  readonly gridMs: number | null;
}

/** A command's keys as the manifest writes them: `ctrl+k shift+c`, and on a Mac `cmd+k shift+c`. */
export interface CommandKeys {
  readonly key: string;
  readonly mac: string;
}

/** Commands that the panel names together with their keys. */
export type KeyedCommand = "copyState" | "swapStateHere" | "runCondition" | "runGrid" | "runAgain";

/** The whole panel. Every message carries all of it. */
export interface PanelState {
  readonly model: PanelModel;
  readonly source: PanelPrompt | null;
  readonly target: PanelPrompt | null;
  /** The state that was just copied, before anything ran with it: its text and where it stands; absent else. */
  readonly copied?: { readonly text: string; readonly label: string };
  /** The editor shows another file, which has no result, and this is where the shown result's prompt stands; absent else. */
  readonly elsewhere?: { readonly file: string; readonly label: string };
  /** What is put where: `state of '␣Italy' @2 → '␣France' @21, before layer k`; empty when nothing is chosen. */
  readonly sentence: readonly Part[];
  readonly condition: PanelCondition;
  readonly answers: PanelAnswers;
  /** Range of k that the next run takes. */
  readonly layers: LayerRange;
  /** Null until it is asked for. */
  readonly attention: PanelAttention | null;
  readonly sweep: PanelSweep | null;
  /** All runs of the prompt, the shown one among them, newest first; none of a stored result. */
  readonly runs: readonly PanelRun[];
  /** Name of the run that was removed last, while that can be undone. */
  readonly removed: string | null;
  readonly grid: PanelGrid | null;
  /** The k whose answers are shown, stepped through by commands too; null before a result. */
  readonly k: number | null;
  /** The locked cell of the grid. */
  readonly cell: { readonly position: number; readonly k: number } | null;
  readonly progress: PanelProgress | null;
  /** Absent where no swap on many prompts was run. */
  readonly many?: PanelMany;
  /** Absent in stored results. */
  readonly expected?: PanelExpected;
  readonly error: ErrorData | null;
  /** True when the shown result was stored beforehand and no model has run yet. */
  readonly stored: boolean;
  /** True in a workspace that is not trusted: only the embedded model runs. */
  readonly restricted?: boolean;
  /** Keys to name beside commands; absent when the user wants none. */
  readonly keys?: Readonly<Partial<Record<KeyedCommand, CommandKeys>>>;
}

/** Host to webview. */
export interface PanelMessage {
  readonly type: "state";
  readonly state: PanelState;
}
