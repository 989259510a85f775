/** Runs a stored session as it was asked, to the token: sweep, controls, grid, with the model that is open. */
import * as l10n from "@vscode/l10n";
import { controlWords } from "../../shared/experiment/controls.ts";
import type { Experiment } from "../../shared/experiment/experiment.ts";
import type { Reply } from "../../shared/protocol/engine.ts";
import type {
  Session,
  SessionControl,
  SessionGrid,
  SessionModel,
  SessionSweep,
} from "../../shared/session/session.ts";
import { gridPositions } from "../../shared/experiment/experiment.ts";
import { controlExperiment, gridExperiment, sweepExperiment } from "../../shared/session/session.ts";
import { VERSION } from "../../shared/version.ts";
import type { RunContext } from "../interventions/run-context.ts";
import { throwIfEnded } from "../interventions/run-context.ts";

/**
 * The session run again. Attention and continuations are taken over: nothing compares them.
 *
 * @param model the model that is open
 * @throws SwapError those of the engine; `cancelled`
 */
export async function runSession(
  context: RunContext,
  stored: Session,
  model: SessionModel,
): Promise<Session> {
  const sweep = stored.sweep && (await sweepAgain(context, stored, stored.sweep));
  throwIfEnded(context);
  const grid = stored.grid && (await gridAgain(context, stored, stored.grid));
  const savedAt = new Date().toISOString();
  return { ...stored, product: VERSION, savedAt, model, sweep, grid };
}

async function sweepAgain(context: RunContext, stored: Session, sweep: SessionSweep): Promise<SessionSweep> {
  const reply = await requestSweep(context, l10n.t("Sweep, again"), sweepExperiment(stored)!);
  const { timing, ...found } = reply;
  const expectedRows = found.rows.length;
  const again: SessionSweep = {
    ...sweep,
    ...found,
    state: "complete",
    expectedRows,
    runMs: timing.runMs,
  };
  if (!sweep.controls) return again;
  const controls: SessionControl[] = [];
  for (const control of sweep.controls) {
    throwIfEnded(context);
    const asked = controlExperiment(stored, again, control);
    const ran = await requestSweep(
      context,
      l10n.t("Control, again: {0}", controlWords(control.name).short),
      asked,
    );
    controls.push({ ...control, state: "complete", rows: ran.rows, flip: ran.flip });
  }
  return { ...again, controls };
}

async function requestSweep(
  { supervisor, signal, progress }: RunContext,
  label: string,
  experiment: Experiment,
): Promise<Reply<"sweep">> {
  progress(label, 0, 0);
  return supervisor.request("sweep", experiment, {
    signal,
    onProgress: (told) => {
      if (told.kind === "row") progress(label, told.done, told.total);
    },
  });
}

async function gridAgain(
  { supervisor, signal, progress }: RunContext,
  stored: Session,
  grid: SessionGrid,
): Promise<SessionGrid | null> {
  const experiment = gridExperiment(stored);
  if (!experiment) return null;
  const asked = gridPositions(experiment).length;
  const label = l10n.t("Grid, again, over {0} tokens", asked);
  progress(label, 0, asked);
  const {
    columns: ran,
    texts,
    answers,
  } = await supervisor.request("grid", experiment, {
    signal,
    onProgress: (told) => {
      if (told.kind === "column") progress(label, told.done, told.total);
    },
  });
  const byPosition = new Map(ran.map((column) => [column.position, column]));
  const columns = grid.columns.map((_, position) => byPosition.get(position) ?? null);
  return { ...grid, state: "complete", columns, texts, answers };
}
