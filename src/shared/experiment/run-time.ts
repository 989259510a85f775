/** How long a run takes on this machine: a plan's work, and the pace at which a model was seen to do such work. */
import type { PlannedPass, RunPlan } from "./run-plan.ts";

/** What the weight of a pass depends on. */
export interface ModelSize {
  readonly width: number;
  readonly vocab: number;
}

/** What was seen so far, older runs fading: so much work in so many milliseconds. */
export interface Pace {
  readonly work: number;
  readonly ms: number;
}

/**
 * Positions that one run of a block costs beside its own: its weights are read however few positions run. Fitted on
 * SmolLM2-135M (4-bit weights, native runtime): grids over 5, 10 and 23 tokens took 0.67 to 0.95 of what was expected, on
 * one thread and two.
 */
const FIXED_POSITIONS = 24;

/** Of a block's products, in widths²: attention's four and a gated feed-forward sublayer of about 8/3 widths. */
const BLOCK_PRODUCTS = 12;
/** Keys and values alone. */
const KEY_VALUE_PRODUCTS = 2;

/** How much an older run counts when another was measured. */
const FADING = 0.5;

/**
 * A plan's work in block-tokens: one position through one block is 1, a state through the head as much as its products weigh
 * beside a block's. Scores and values of attention grow with the positions that are looked at.
 */
export function workOf({ passes }: Pick<RunPlan, "passes">, model: ModelSize): number {
  return passes.reduce((sum, pass) => sum + passWork(pass, model), 0);
}

function passWork(pass: PlannedPass, { width, vocab }: ModelSize): number {
  const { blockTokens, keyValueTokens, headRows, positions, past, from, to } = pass;
  const looksAt = past + positions / 2;
  const attention = (2 * looksAt) / (BLOCK_PRODUCTS * width);
  return (
    blockTokens * (1 + attention) +
    keyValueTokens * (KEY_VALUE_PRODUCTS / BLOCK_PRODUCTS) +
    headRows * (vocab / (BLOCK_PRODUCTS * width)) +
    (to - from) * FIXED_POSITIONS
  );
}

/** The pace after one more run; a run that did nothing tells nothing. */
export function paceAfter(before: Pace | null, work: number, ms: number): Pace | null {
  if (work <= 0 || ms <= 0) return before;
  const faded = before ?? { work: 0, ms: 0 };
  return { work: FADING * faded.work + work, ms: FADING * faded.ms + ms };
}

/** Milliseconds that so much work takes; null before the model's first run. */
export function expectedMs(pace: Pace | null, work: number): number | null {
  return pace && work * (pace.ms / pace.work);
}

/** A run that goes on. */
export interface RunningTime {
  readonly elapsedMs: number;
  /** What was expected before it began; null where nothing was. */
  readonly expectedMs: number | null;
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
}

/** The share of a run that must be over before its own speed says more than what was expected. */
const TELLING_SHARE = 0.1;

/** Milliseconds that a run still takes, by its own speed once that tells; null while nothing does. */
export function leftMs({ elapsedMs, expectedMs: expected, done, total }: RunningTime): number | null {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  if (share >= TELLING_SHARE) return (elapsedMs * (1 - share)) / share;
  return expected === null ? null : Math.max(0, expected - elapsedMs);
}

/** From how many milliseconds on a run is asked about before it starts, and says what is left of it. */
export const LONG_RUN_MS = 20_000;
