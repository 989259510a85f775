/**
 * A session: one result with everything that reproduces it, as it is saved, opened without a model, run again and
 * compared. Plain data; the file's text is made by `serialize.ts` and read by `parse.ts`.
 */
import type { Alignment, SwapPair } from "../condition/parts.ts";
import type { Condition } from "../condition/condition.ts";
import { replacedPositions, takesSource } from "../condition/condition.ts";
import type { ConditionChoice } from "../condition/condition-choice.ts";
import type {
  AnswerRequest,
  Answers,
  Experiment,
  GridExperiment,
  LayerRange,
  NamedAnswers,
  Scoring,
} from "../experiment/experiment.ts";
import { promptOf } from "../experiment/experiment.ts";
import type { ModelFacts } from "../experiment/result.ts";
import type { Control, Grid, SweepAndControls } from "../experiment/run.ts";
import type { RunState } from "../experiment/standing.ts";
import { rowShapes } from "../experiment/row-shape.ts";
import type { PlacedSpan } from "../condition/span-alignment.ts";
import type { Tokenization } from "../prompt/tokens.ts";

/** What a session file says that it is. */
export const SESSION_FORMAT = "state-swap/session";

/** Version of the format that this product writes; it reads all versions up to this one. */
export const SESSION_VERSION = 1;

/** Whether a result is whole. `partial`: kept from a run that had not ended; only finished rows are there. */
export type SessionState = Exclude<RunState, "running">;

/** The model, without where it stood on the machine that ran it. */
export interface SessionModel extends ModelFacts {
  /** For people. */
  readonly name: string;
  /** Name of its file, without folders. */
  readonly file: string;
  /** Whether it is the demonstration model, which is never evidence. */
  readonly embedded: boolean;
}

/** A prompt as the model read it. */
export interface SessionPrompt {
  /** Where it stood, for people: `capitals.txt:3`. */
  readonly label: string;
  /** The prompt's own text, as it stood there. */
  readonly text: string;
  /** UTF-16 offset of that text in what the model reads; 0 without a chat template; null when the template changed it. */
  readonly shift: number | null;
  /** Whether the text was put in the model's chat template. */
  readonly chatTemplate: boolean;
  /** Whether position 0 is the model's beginning-of-sequence token, whoever put it there. */
  readonly startsWithBos: boolean;
  /** Of all that the model reads: exact ids, tokens with their places, BOS policy. */
  readonly tokenization: Tokenization;
}

/** What was chosen in the prompts. Results depend on conditions only; this is what one goes on working with. */
export interface SessionChosen {
  /** Chosen target tokens; none for all but the last. */
  readonly targets: readonly PlacedSpan[];
  /** Chosen source tokens; null without a source. */
  readonly source: PlacedSpan | null;
  /** The word that was put in place of the target's to make the source; null for others. */
  readonly word: string | null;
  readonly align: Alignment | null;
  readonly pairs: readonly SwapPair[];
}

/** What a run was to do, as chosen. */
export interface SessionSetup {
  readonly choice: ConditionChoice;
  /** File of the vectors, for people, without folders; null without one. */
  readonly vectorsLabel: string | null;
  /** Answers as typed; an empty text was found by running. */
  readonly answers: {
    readonly target: string;
    readonly source: string;
    readonly scoring: Scoring;
    /** Tokens of an answer that is found by running, with `likelihood`. */
    readonly tokens: number;
  };
}

/** A control beside a sweep. */
export interface SessionControl extends Control {
  readonly state: SessionState;
}

/** A sweep and what it was asked. Its prompts are the session's; `sweepExperiment` puts them together. */
export interface SessionSweep extends SweepAndControls {
  readonly condition: Condition;
  /** The request as it was sent, to the token. */
  readonly request: AnswerRequest;
  /** How many of the most likely tokens each row lists. */
  readonly top: number;
  /** Whether the lens was asked for. */
  readonly wantsLens: boolean;
  readonly state: SessionState;
  /** Rows that the run gives when it is complete: `rowShapes(condition, layers).length`. */
  readonly expectedRows: number;
  readonly controls: readonly SessionControl[] | null;
}

/** A grid and what it was asked: always of the swap. Its prompts are the session's. */
export interface SessionGrid extends Grid {
  readonly sourcePositions: readonly number[];
  readonly sourceLayer: number | null;
  readonly strength: number;
  readonly targetPositions: readonly number[];
  /** The request as it was sent, to the token. */
  readonly request: NamedAnswers;
  readonly state: SessionState;
  readonly answers: Answers | null;
}

/** Attention of the unpatched target prompt's last token. */
export interface SessionAttention {
  /** `[blocks][positions]`, mean over heads; null when the model's file gives none. */
  readonly weights: readonly (readonly number[])[] | null;
  /** Why there are none. */
  readonly note: string;
}

/** One saved result. All parts are of the same two prompts and the same model. */
export interface Session {
  /** Version of the product that ran it. */
  readonly product: string;
  /** ISO 8601, UTC: `2026-01-31T12:00:00.000Z`. */
  readonly savedAt: string;
  /** For people; may be empty. */
  readonly label: string;
  /** What k means: `CONVENTION`. */
  readonly convention: string;
  readonly model: SessionModel;
  readonly target: SessionPrompt;
  /** Null for conditions that read no other run. */
  readonly source: SessionPrompt | null;
  readonly chosen: SessionChosen;
  readonly setup: SessionSetup;
  readonly sweep: SessionSweep | null;
  readonly grid: SessionGrid | null;
  readonly attention: SessionAttention | null;
  /** What was looked at. */
  readonly view: {
    /** The k that was stepped to; null until then. */
    readonly k: number | null;
    /** The locked cell of the grid. */
    readonly cell: { readonly position: number; readonly k: number } | null;
  };
}

/** The stored sweep as the engine takes it; null without one. */
export function sweepExperiment({ sweep, target, source }: Session): Experiment | null {
  if (!sweep) return null;
  const { condition, layers, request, top, wantsLens } = sweep;
  return {
    target: promptOf(target.tokenization),
    source: takesSource(condition.kind) && source ? promptOf(source.tokenization) : null,
    condition,
    layers,
    answers: request,
    top,
    lens: wantsLens,
  };
}

/** The stored grid as the engine takes it; null without one. */
export function gridExperiment({ grid, target, source }: Session): GridExperiment | null {
  if (!grid || !source) return null;
  const { sourcePositions, sourceLayer, strength, targetPositions, asked, layers, request } = grid;
  return {
    target: promptOf(target.tokenization),
    source: promptOf(source.tokenization),
    sourcePositions,
    sourceLayer,
    strength,
    targetPositions,
    ...(asked && { positions: asked }),
    layers,
    answers: request,
  };
}

/** One stored control as the engine takes it: the sweep's prompt, k and answers, another condition. */
export function controlExperiment(
  { target }: Session,
  sweep: SessionSweep,
  control: SessionControl,
): Experiment {
  const { scoring, tokens } = sweep.request;
  return {
    target: promptOf(target.tokenization),
    source: control.source,
    condition: control.condition,
    layers: sweep.layers,
    answers: sweep.answers ? { ...sweep.answers, scoring, tokens } : sweep.request,
    top: sweep.top,
    lens: false,
  };
}

/** Rows that a condition gives over a range of k. */
export function expectedRows(condition: Condition, layers: LayerRange): number {
  return rowShapes(condition, layers).length;
}

/** Whether any part of a session was kept from a run that had not ended. */
export function isPartial({ sweep, grid }: Session): boolean {
  return (
    sweep?.state === "partial" ||
    grid?.state === "partial" ||
    (sweep?.controls?.some((control) => control.state === "partial") ?? false)
  );
}

/** Positions of the target prompt that the session's condition replaces; those chosen where it has no sweep. */
export function replacedIn({ sweep, grid, chosen }: Session): number[] {
  if (sweep) return replacedPositions(sweep.condition);
  if (grid && grid.targetPositions.length > 0) return [...grid.targetPositions];
  return chosen.targets.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

/** A file's name without its folders, whatever the system. */
export function fileName(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .filter((part) => part !== "")
      .at(-1) ?? path
  );
}
