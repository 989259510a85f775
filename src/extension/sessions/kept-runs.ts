/** The runs beside a kept result: each is a session of its own, written once however often its neighbours change. */
import { newestFirst } from "../../shared/experiment/kept-runs.ts";
import { parseSession } from "../../shared/session/parse.ts";
import { serializeSession } from "../../shared/session/serialize.ts";
import type { Session } from "../../shared/session/session.ts";
import type { Host } from "../host.ts";
import type { GridRun, Intervention, KeptRun, RanModel, SweepRun } from "../interventions/records.ts";
import { runsKept } from "../interventions/runs.ts";
import type { KeptPlace, KeptRuns } from "./kept-result.ts";
import { sessionOf } from "./session-of.ts";

/** What a run's text was made from, beside the run itself. */
interface Written {
  readonly grid: GridRun | null;
  readonly isHashed: boolean;
  readonly text: string | null;
}

/** Texts of runs, as long as those are there. */
export type RunTexts = WeakMap<SweepRun, Written>;

/** The runs of an intervention beside the shown one; null where there are none, and nothing is pinned. */
export function keptRuns(
  host: Pick<Host, "ranModels">,
  intervention: Intervention,
  texts: RunTexts,
  placeOf: (run: SweepRun) => KeptPlace | null,
): KeptRuns | null {
  const { sweep: shown } = intervention;
  const others = runsKept(intervention).filter(({ sweep }) => sweep !== shown);
  const isPinned = shown?.pinned === true;
  if (others.length === 0 && !isPinned) return null;
  return {
    others: others.flatMap((kept) => {
      const text = textOf(host, intervention, kept, texts);
      if (text === null) return [];
      return [{ isPinned: kept.sweep.pinned === true, source: placeOf(kept.sweep), session: text }];
    }),
    newer: others.filter(({ sweep }) => shown !== null && sweep.run > shown.run).length,
    isPinned,
  };
}

/**
 * An intervention with the runs that were kept beside it. Numbers are given in the order in which the runs ran.
 *
 * @param shown makes the shown one
 * @param other makes one beside it, of its session
 * @param onDamaged is told of what cannot be read; it is left out
 */
export function withKeptRuns(
  { others, newer, isPinned }: KeptRuns,
  shown: () => Intervention,
  other: (session: Session, source: KeptPlace | null) => Intervention,
  onDamaged: (error: unknown) => void,
): Intervention {
  const made = (kept: KeptRuns["others"]): KeptRun[] =>
    kept.toReversed().flatMap((one) => {
      try {
        const { sweep, grid, k } = other(parseSession(one.session), one.source);
        return sweep ? [{ sweep: { ...sweep, ...pinnedAs(one.isPinned) }, grid, k }] : [];
      } catch (error) {
        onDamaged(error);
        return [];
      }
    });
  const older = made(others.slice(newer));
  const intervention = shown();
  const runs = [...older, ...made(others.slice(0, newer))];
  const sweep = intervention.sweep && { ...intervention.sweep, ...pinnedAs(isPinned) };
  const order = newestFirst(runs.map((run) => run.sweep));
  return { ...intervention, sweep, runs: order.map((run) => runs.find((one) => one.sweep === run)!) };
}

function pinnedAs(pinned: boolean): Pick<SweepRun, "pinned"> {
  return pinned ? { pinned } : {};
}

/** Null for a run that has nothing to keep. A grid that is shown stands with the shown run. */
function textOf(
  { ranModels }: Pick<Host, "ranModels">,
  intervention: Intervention,
  { sweep, grid: own, k }: KeptRun,
  texts: RunTexts,
): string | null {
  const grid = own === intervention.grid ? null : own;
  const isHashed = sweep.model !== null && ranModels.of(sweep.model).sha256 !== null;
  const before = texts.get(sweep);
  if (before?.grid === grid && before.isHashed === isHashed) return before.text;
  const named = (model: RanModel): Session["model"] => ranModels.of(model);
  const alone = { ...intervention, sweep, grid, k, attention: null, cell: null };
  const session = sessionOf(alone, named, new Date());
  const text = session?.sweep ? serializeSession(session) : null;
  texts.set(sweep, { grid, isHashed, text });
  return text;
}
