/**
 * A session's results in the forms of the command line's JSON. What a session does not keep is null: where the model
 * stood, how long it took to open, and how much was run.
 */
import { modelFacts } from "../experiment/model-facts.ts";
import type { ResultHead } from "../experiment/result.ts";
import { sessionGridNotes, sessionSweepNotes } from "../session/session-notes.ts";
import type { Session, SessionState } from "../session/session.ts";
import { gridExperiment, sweepExperiment } from "../session/session.ts";
import { jsonText } from "../text/json-text.ts";
import { gridForm, sweepForm } from "./result-form.ts";

/** The sweep as `state-swap sweep --json` writes it; null without a sweep that has named its answers. */
export function sweepJson(session: Session): string | null {
  const { sweep, attention } = session;
  const experiment = sweepExperiment(session);
  if (!sweep?.answers || !experiment) return null;
  const { answers, runMs, state } = sweep;
  const around = { notes: sessionSweepNotes(session), timing: { openMs: null, runMs, blockTokens: null } };
  const weights = attention?.weights ?? null;
  return jsonText(sweepForm(head(session, state), experiment, { ...sweep, answers }, weights, around));
}

/** The grid as `state-swap grid --json` writes it; null without a grid, or with one that has not run everywhere. */
export function gridJson(session: Session): string | null {
  const { grid } = session;
  const experiment = gridExperiment(session);
  const columns = grid?.columns.filter((column) => column !== null) ?? [];
  if (!grid?.answers || !experiment || columns.length < grid.columns.length) return null;
  const { answers, texts, state } = grid;
  const baseline = session.sweep?.baseline ?? [];
  const timing = { openMs: null, runMs: null, blockTokens: null };
  const around = { notes: sessionGridNotes(session), timing };
  const whole = { baseline, answers, columns, texts };
  return jsonText(gridForm(head(session, state), experiment, whole, around));
}

function head({ product, convention, model }: Session, state: SessionState): ResultHead {
  return {
    version: product,
    // Only where rows are missing: a whole result has the command line's fields and no others.
    ...(state === "partial" && { state }),
    convention,
    model: { path: model.file, ...modelFacts(model, model) },
  };
}
