/** Notes on an experiment: those of every face, on stderr each with the option that helps. */
import { sourcePositionsOf } from "../shared/condition/condition.ts";
import type { Experiment, GridExperiment } from "../shared/experiment/experiment.ts";
import type { Note } from "../shared/experiment/notes.ts";
import { experimentNotes, gridRequest } from "../shared/experiment/notes.ts";
import type { TopToken } from "../shared/experiment/result.ts";
import { noteParts } from "../shared/words/notes.ts";
import { textOf } from "../shared/words/parts.ts";
import { noteHint } from "./hints.ts";
import type { Messages } from "./messages.ts";

/**
 * Notes on a sweep.
 *
 * @param baseline empty before the run; what it shows of the answers is noted last
 */
export function sweepNotes(experiment: Experiment, baseline: readonly TopToken[] = []): Note[] {
  const { target, source, condition, answers } = experiment;
  const sourcePositions = sourcePositionsOf(condition);
  return experimentNotes({ kind: condition.kind, target, source, sourcePositions, answers, baseline });
}

/** Notes on a grid, as `sweepNotes`. */
export function gridNotes(experiment: GridExperiment, baseline: readonly TopToken[] = []): Note[] {
  const { target, source, sourcePositions, answers } = experiment;
  return experimentNotes({
    kind: "swap",
    target,
    source,
    sourcePositions,
    answers: gridRequest(answers),
    baseline,
  });
}

/** Says notes; what leaves a result without meaning is a warning. */
export function sayNotes(notes: readonly Note[], messages: Messages): void {
  for (const note of notes) {
    const text = [textOf(noteParts(note)), noteHint(note)].filter((said) => said !== "").join(" ");
    if (note.code === "same-first-token") messages.warn(text);
    else messages.note(text);
  }
}
