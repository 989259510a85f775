/** Notes on what a session holds. */
import { sourcePositionsOf } from "../condition/condition.ts";
import type { Note, NotedPrompt } from "../experiment/notes.ts";
import { experimentNotes, gridRequest } from "../experiment/notes.ts";
import type { Prompt } from "../experiment/experiment.ts";
import type { Session, SessionPrompt } from "./session.ts";
import { gridExperiment, sweepExperiment } from "./session.ts";

/** Notes on its sweep; none without one. */
export function sessionSweepNotes(session: Session): Note[] {
  const experiment = sweepExperiment(session);
  if (!session.sweep || !experiment) return [];
  const { target, source, condition, answers } = experiment;
  return experimentNotes({
    kind: condition.kind,
    target: noted(target, session.target),
    source: source && noted(source, session.source),
    sourcePositions: sourcePositionsOf(condition),
    answers,
    baseline: session.sweep.baseline,
  });
}

/** Notes on its grid; none without one. */
export function sessionGridNotes(session: Session): Note[] {
  const experiment = gridExperiment(session);
  if (!experiment) return [];
  const { target, source, sourcePositions, answers } = experiment;
  return experimentNotes({
    kind: "swap",
    target: noted(target, session.target),
    source: noted(source, session.source),
    sourcePositions,
    answers: gridRequest(answers),
    baseline: session.sweep?.baseline ?? [],
  });
}

function noted(prompt: Prompt, stored: SessionPrompt | null): NotedPrompt {
  return { ...prompt, chatTemplate: stored?.chatTemplate ?? false };
}
