/** The runs of one prompt: the shown one and those beside it. What begins, ends, is shown, pinned or removed changes them here. */
import { replacedPositions } from "../../shared/condition/condition.ts";
import { keptAfter, MOST_PINNED, newestFirst, standingInstead } from "../../shared/experiment/kept-runs.ts";
import { fileName } from "../../shared/session/session.ts";
import { spansOfPositions } from "../prompt/read-prompt.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { isAtChosenTokens, sameCondition, sameKind } from "./condition-now.ts";
import { sweepRowOf } from "./grid-beside.ts";
import type { GridRun, Intervention, KeptRun, SweepRun } from "./records.ts";

/** What an intervention's runs are made of. */
type Results = Pick<Intervention, "sweep" | "runs" | "grid" | "k">;

/** All runs, the shown one among them, newest first; a grid goes with the swap that it is of. */
export function runsKept({ sweep, runs, grid, k }: Results): KeptRun[] {
  const shown: KeptRun[] = sweep ? [{ sweep, grid: null, k }] : [];
  return sorted(
    [...shown, ...runs].map((kept) => (grid && sweepRowOf(kept, grid) !== null ? { ...kept, grid } : kept)),
  );
}

/** An intervention's run of that number, changed. */
export function changedRun(
  { sweep, runs }: Intervention,
  run: number,
  change: (sweep: SweepRun) => SweepRun,
): Partial<Intervention> {
  if (sweep?.run === run) return { sweep: change(sweep) };
  return {
    runs: runs.map((kept) => (kept.sweep.run === run ? { ...kept, sweep: change(kept.sweep) } : kept)),
  };
}

/** A run begins and is shown; what was shown is kept beside it. */
export function begun(before: Intervention, sweep: SweepRun): Partial<Intervention> {
  return { sweep, runs: runsKept(before), removed: null, k: null };
}

/** A run is over: what stays of all runs, and where it broke off what is shown instead. What is chosen stays chosen. */
export function settled(now: Intervention, run: number): Partial<Intervention> {
  const all = runsKept(now);
  const over = all.find(({ sweep }) => sweep.run === run);
  if (!over) return {};
  const sweeps = keptAfter(
    all.map(({ sweep }) => sweep),
    over.sweep,
    isAskedAgain,
  );
  const kept = all.filter(({ sweep }) => sweeps.includes(sweep));
  if (now.sweep?.run !== run || over.sweep.state === "complete") return others(kept, now.sweep);
  const isLeft = sweeps.includes(over.sweep);
  const instead = standingInstead(sweeps, over.sweep.before ?? null) ?? (isLeft ? null : (sweeps[0] ?? null));
  return instead ? shownAs(now, kept, instead) : others(kept, now.sweep);
}

/** Shows a run, with the choices that it was made from where they are of the prompt as it is. */
export function showing(now: Intervention, run: number): Partial<Intervention> {
  const all = runsKept(now);
  const next = all.find(({ sweep }) => sweep.run === run);
  if (!next || next.sweep === now.sweep) return {};
  return { ...shownAs(now, all, next.sweep), ...choicesOf(now, next.sweep) };
}

/** Pins a run, or lets it go again; nothing happens beyond the most that can be pinned. */
export function pinning(now: Intervention, run: number, pinned: boolean): Partial<Intervention> {
  const count = runsKept(now).filter(({ sweep }) => sweep.pinned === true).length;
  if (pinned && count >= MOST_PINNED) return {};
  return changedRun(now, run, (sweep) => ({ ...sweep, pinned }));
}

/** Takes a run away, unless it is still coming; of a shown one the newest of the others is shown. */
export function removing(now: Intervention, run: number): Partial<Intervention> {
  const all = runsKept(now);
  const gone = all.find(({ sweep }) => sweep.run === run);
  if (!gone || gone.sweep.state === "running") return {};
  const kept = all.filter((one) => one !== gone);
  if (now.sweep?.run !== run) return { ...others(kept, now.sweep), removed: gone };
  const [next] = kept;
  if (!next) return { sweep: null, runs: [], k: null, removed: gone };
  return { ...shownAs(now, kept, next.sweep), ...choicesOf(now, next.sweep), removed: gone };
}

/** Brings the run back that was removed last, and shows it. */
export function restored(now: Intervention): Partial<Intervention> {
  const { removed } = now;
  if (!removed) return {};
  const back = { ...now, runs: [...now.runs, removed] };
  return { ...showing(back, removed.sweep.run), removed: null };
}

/** Runs that stay beside one that takes their place: without those of its question that are not pinned. */
export function withoutSame(runs: readonly KeptRun[], sweep: SweepRun | null): KeptRun[] {
  return runs.filter((kept) => !sweep || kept.sweep.pinned === true || !isAskedAgain(kept.sweep, sweep));
}

function others(kept: readonly KeptRun[], shown: SweepRun | null): Pick<Intervention, "runs"> {
  return { runs: kept.filter(({ sweep }) => sweep.run !== shown?.run) };
}

function shownAs(
  now: Intervention,
  kept: readonly KeptRun[],
  sweep: SweepRun,
): Pick<Intervention, "sweep" | "runs" | "grid" | "k" | "cell"> {
  const own = kept.find((one) => one.sweep.run === sweep.run);
  const grid: GridRun | null = own?.grid ?? now.grid;
  const k = own?.k ?? null;
  return { sweep, ...others(kept, sweep), grid, k, cell: grid === now.grid ? now.cell : null };
}

/** What the next run does is what this one did. */
function choicesOf(now: Intervention, { inputs }: SweepRun): Partial<Intervention> {
  const { target, setup, condition } = inputs;
  if (!isSameRead(target, now.target)) return {};
  const targets = isAtChosenTokens({ setup })
    ? spansOfPositions(now.target, replacedPositions(condition))
    : now.targets;
  const source = inputs.source ?? now.source;
  if (!("pairs" in condition)) return { setup, targets, source };
  return { setup, targets, source, align: condition.align, pairs: condition.pairs };
}

/** The same question to the same model: after an edit of the prompt, at tokens that read the same. */
function isAskedAgain(a: SweepRun, b: SweepRun): boolean {
  const [one, other] = [a.inputs, b.inputs];
  return (
    modelOf(a) === modelOf(b) &&
    String([a.layers.from, a.layers.to]) === String([b.layers.from, b.layers.to]) &&
    asked(a) === asked(b) &&
    isSameSource(one.source?.read ?? null, other.source?.read ?? null) &&
    (isSameRead(one.target, other.target)
      ? sameCondition(one.condition, other.condition)
      : sameKind(one.condition, other.condition) && replaced(a) === replaced(b))
  );
}

/** A stored run knows no more of its file than its name. */
function modelOf({ model }: SweepRun): string {
  return model ? `${fileName(model.path)} ${model.numeric} ${model.blocks}` : "";
}

/** Answers by what identifies them: a stored request has less beside it. */
function asked({ request }: SweepRun): string {
  const { scoring, tokens, target, source } = request ?? {};
  return JSON.stringify([scoring, tokens, target?.ids, source?.ids]);
}

function isSameSource(a: ReadPrompt | null, b: ReadPrompt | null): boolean {
  return a && b ? isSameRead(a, b) : a === b;
}

function isSameRead(a: ReadPrompt, b: ReadPrompt): boolean {
  return a === b || String(a.tokenization.ids) === String(b.tokenization.ids);
}

/** Text of the tokens that a run chose; of a rule such as all but the last nothing, for it is the same rule. */
function replaced({ inputs: { setup, condition, target } }: SweepRun): string {
  if (!isAtChosenTokens({ setup })) return "";
  const { tokens } = target.tokenization;
  return replacedPositions(condition)
    .map((position) => tokens[position]?.text ?? "")
    .join("\n");
}

function sorted(runs: readonly KeptRun[]): KeptRun[] {
  const order = newestFirst(runs.map(({ sweep }) => sweep));
  return order.map((sweep) => runs.find((kept) => kept.sweep === sweep)!);
}
