/** Which runs of a prompt are kept, and which is shown once one has broken off. Pure rules, whatever a run is made of. */
import type { RunState } from "./standing.ts";

/** Runs that are kept beside pinned ones; the oldest make room. */
export const MOST_RUNS = 8;

/** Runs that can be pinned at once. */
export const MOST_PINNED = 8;

/** What the rules ask of a run. */
export interface RunRecord {
  /** Newer runs have larger numbers. */
  readonly run: number;
  readonly state: RunState;
  readonly rows: readonly unknown[];
  /** It stays until it is removed, whatever runs again. */
  readonly pinned?: boolean;
}

/** Newest first. */
export function newestFirst<T extends RunRecord>(runs: readonly T[]): T[] {
  return [...runs].sort((a, b) => b.run - a.run);
}

/**
 * The runs that stay once one of them is over: a whole result takes the place of an earlier one of the same question; what
 * broke off takes no place, and is not kept beside a whole result of its question, nor without rows.
 *
 * @param over the run that is over, one of `runs`
 * @param isSame whether two runs ask the same
 * @returns newest first
 */
export function keptAfter<T extends RunRecord>(
  runs: readonly T[],
  over: T,
  isSame: (a: T, b: T) => boolean,
): T[] {
  const others = runs.filter(({ run }) => run !== over.run);
  const same = others.filter((other) => other.pinned !== true && isSame(other, over));
  const isWhole = over.state === "complete";
  const isNews = isWhole || (over.rows.length > 0 && !same.some(({ state }) => state === "complete"));
  const kept = isNews ? [...others.filter((other) => !same.includes(other)), over] : others;
  return bounded(newestFirst(kept.filter(({ state, rows }) => state !== "partial" || rows.length > 0)));
}

/**
 * The run that is shown in place of one that broke off: what was shown before it, else the newest whole one.
 *
 * @returns null where nothing whole is left: then what came of the broken run is what there is
 */
export function standingInstead<T extends RunRecord>(runs: readonly T[], before: number | null): T | null {
  const whole = newestFirst(runs).filter(({ state }) => state === "complete");
  return whole.find(({ run }) => run === before) ?? whole[0] ?? null;
}

function bounded<T extends RunRecord>(runs: readonly T[]): T[] {
  const free = runs.filter(({ pinned }) => pinned !== true).slice(0, MOST_RUNS);
  return runs.filter((run) => run.pinned === true || free.includes(run));
}
