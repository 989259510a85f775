/** Notes on what an intervention ran: of its prompts, its answers, and what the unpatched run showed of them. */
import { sourcePositionsOf } from "../../shared/condition/condition.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { Note, NotedPrompt } from "../../shared/experiment/notes.ts";
import { experimentNotes, gridRequest } from "../../shared/experiment/notes.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import type { GridRun, SweepRun } from "./records.ts";

/** Notes on a sweep. */
export function sweepNotes({ inputs, request, baseline }: SweepRun): Note[] {
  const { target, source, condition } = inputs;
  return experimentNotes({
    kind: condition.kind,
    target: notedPrompt(target),
    source: source && notedPrompt(source.read),
    sourcePositions: sourcePositionsOf(condition),
    answers: request,
    baseline,
  });
}

/** Notes on a grid. */
export function gridNotes({ target, source, sourcePositions, request, baseline }: GridRun): Note[] {
  return experimentNotes({
    kind: "swap",
    target: notedPrompt(target),
    source: notedPrompt(source.read),
    sourcePositions,
    answers: request && gridRequest(request.answers),
    baseline,
  });
}

function notedPrompt({ tokenization, reading }: ReadPrompt): NotedPrompt {
  return { ...promptOf(tokenization), chatTemplate: reading.useChatTemplate };
}
