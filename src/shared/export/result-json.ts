/**
 * A session's results in the forms of the command line's JSON. What a session does not keep is null: where the model
 * stood, how long it took to open, and how much was run.
 */
import { replacedPositions, sourcePositionsOf } from "../condition/condition.ts";
import type { Prompt } from "../experiment/experiment.ts";
import { gridArrays } from "../experiment/grid-arrays.ts";
import { jsonText } from "../text/json-text.ts";
import type { PromptResult } from "../experiment/result.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../experiment/result.ts";
import { notesResult } from "../words/notes.ts";
import { sessionGridNotes, sessionSweepNotes } from "../session/session-notes.ts";
import type { Session, SessionState } from "../session/session.ts";
import { gridExperiment, sweepExperiment } from "../session/session.ts";

/** The sweep as `state-swap sweep --json` writes it; null without a sweep that has named its answers. */
export function sweepJson(session: Session): string | null {
  const { sweep } = session;
  const experiment = sweepExperiment(session);
  if (!sweep?.answers || !experiment) return null;
  const { condition, baseline, answers, rows, flip, lens, continuations, controls, request, runMs } = sweep;
  return jsonText({
    schema: SWEEP_SCHEMA,
    ...head(session, sweep.state),
    target: promptResult(experiment.target, replacedPositions(condition)),
    source: experiment.source && promptResult(experiment.source, sourcePositionsOf(condition)),
    condition,
    baseline: { top: baseline },
    answers: { ...answers, scoring: request.scoring },
    rows,
    flip,
    ...notesResult(sessionSweepNotes(session)),
    ...(lens ? { lens } : {}),
    ...(session.attention?.weights ? { attention: session.attention.weights } : {}),
    ...(continuations
      ? {
          continuations: {
            scope: continuations.scope,
            baseline: continuations.baseline,
            rows: continuations.rows,
          },
        }
      : {}),
    ...(controls
      ? {
          controls: controls.map((control) => ({
            name: control.name,
            condition: control.condition,
            source: control.source && promptResult(control.source, sourcePositionsOf(control.condition)),
            rows: control.rows,
            flip: control.flip,
          })),
        }
      : {}),
    timing: { openMs: null, runMs, blockTokens: null },
  });
}

/** The grid as `state-swap grid --json` writes it; null without a grid, or with one that has not run everywhere. */
export function gridJson(session: Session): string | null {
  const { grid } = session;
  const experiment = gridExperiment(session);
  const columns = grid?.columns.filter((column) => column !== null) ?? [];
  if (!grid?.answers || !experiment || columns.length < grid.columns.length) return null;
  const { sourcePositions, sourceLayer, strength, targetPositions, layers, answers, texts } = grid;
  return jsonText({
    schema: GRID_SCHEMA,
    ...head(session, grid.state),
    target: promptResult(experiment.target, targetPositions),
    source: promptResult(experiment.source, sourcePositions),
    condition: { kind: "swap", sourcePositions, sourceLayer, strength },
    baseline: { top: session.sweep?.baseline ?? [] },
    answers,
    layers,
    ...gridArrays(columns, layers),
    texts,
    ...notesResult(sessionGridNotes(session)),
    timing: { openMs: null, runMs: null, blockTokens: null },
  });
}

function head({ product, convention, model }: Session, state: SessionState): object {
  const { file, sha256, identity, architecture, blocks, width, vocab, numeric, cut, selfTest } = model;
  return {
    version: product,
    // Only where rows are missing: a whole result has the command line's fields and no others.
    ...(state === "partial" ? { state } : {}),
    convention,
    model: {
      path: file,
      sha256,
      ...(identity ? { identity } : {}),
      architecture,
      blocks,
      width,
      vocab,
      numeric,
      cut,
      selfTest,
    },
  };
}

function promptResult({ text, ids, tokens, bos }: Prompt, positions: readonly number[]): PromptResult {
  return { text, ids, tokens, bos, positions };
}
