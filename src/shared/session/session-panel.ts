/** A session as the side panel's own code shows it: no model, no engine, nothing to run. */
import { tokenizerTag } from "../words/model.ts";
import { runtimeTag } from "../words/runtime.ts";
import * as l10n from "@vscode/l10n";
import { EMBEDDED_TAG } from "../words/facts.ts";
import { chosenScoring } from "../experiment/answer-choice.ts";
import { sourcePositionsOf } from "../condition/condition.ts";
import type { Part } from "../words/parts.ts";
import { part } from "../words/parts.ts";
import { rangeText } from "../text/ranges.ts";
import { verdict, verdictFacts } from "../words/verdict.ts";
import type { PanelGrid, PanelModel, PanelPrompt, PanelState, PanelSweep } from "../protocol/panel.ts";
import { panelGrid, panelSweep, rowOfSweep } from "../protocol/panel-result.ts";
import type { Standing } from "../experiment/standing.ts";
import { FRESH } from "../experiment/standing.ts";
import { standingText } from "../words/standing.ts";
import { conditionSentence, gridSentence, namedPrompt } from "../words/condition.ts";
import { newNotes } from "../experiment/notes.ts";
import { sessionGridNotes, sessionSweepNotes } from "./session-notes.ts";
import { positionsOf } from "../prompt/spans.ts";
import type { Session, SessionGrid, SessionModel, SessionSweep } from "./session.ts";
import { replacedIn } from "./session.ts";

/**
 * The panel of a session. A result that was kept from a run that had not ended is incomplete, and says in `standing` how
 * much of it there is; one that has nothing finished is left out.
 */
export function sessionPanel(session: Session): PanelState {
  const { model, target, source, setup, sweep, grid, attention } = session;
  return {
    model: panelModel(model),
    source: source && {
      label: source.label,
      tokens: source.tokenization.tokens,
      ...copiedIn(session),
    },
    target: { label: target.label, tokens: target.tokenization.tokens, positions: replacedIn(session) },
    sentence: sentenceOf(session),
    condition: {
      choice: setup.choice,
      vectorsLabel: setup.vectorsLabel,
      hasBos: target.startsWithBos,
      skipsAttention: null,
    },
    answers: {
      ...setup.answers,
      scoring: chosenScoring(setup.answers.scoring, sweep?.request ?? null),
    },
    layers: sweep?.layers ?? grid?.layers ?? { from: 0, to: model.blocks - 1 },
    attention,
    sweep: sweep && sweep.rows.length > 0 ? shownSweep(session, sweep) : null,
    runs: [],
    removed: null,
    grid: grid?.columns.some((column) => column !== null) ? shownGrid(session, grid) : null,
    k: shownK(session),
    cell: session.view.cell,
    progress: null,
    error: null,
    stored: false,
  };
}

/** The panel of the demo as it is stored: its prompts stand in no file, whatever files of theirs the user has. */
export function asDemo(panel: PanelState): PanelState {
  const label = l10n.t("demo");
  const { source, target } = panel;
  return { ...panel, source: source && { ...source, label }, target: target && { ...target, label } };
}

/** What a session shows, in one line: the sweep's verdict, else the grid's size; how much there is of an incomplete one. */
export function sessionVerdict({ model, sweep, grid }: Session): Part[] {
  if (sweep) {
    const standing = sweepStanding(sweep);
    return standing.kind === "fresh"
      ? verdict(sweep.rows, verdictFacts(sweep, model.blocks))
      : standingText(standing);
  }
  if (!grid) return [part(l10n.t("No result."))];
  const { from, to } = grid.layers;
  const size = l10n.t("Grid of {0} tokens, k {1}.", grid.columns.length, rangeText(from, to));
  const standing = gridStanding(grid);
  return standing.kind === "fresh" ? [part(size)] : standingText(standing);
}

function panelModel({ name, numeric, blocks, embedded, runtime, tokenizer }: SessionModel): PanelModel {
  const tag = runtime ? runtimeTag({ name: runtime, asked: runtime, fault: null, parity: null }) : null;
  return {
    name,
    numeric,
    blocks,
    tag: embedded ? EMBEDDED_TAG : null,
    runtime: tag,
    ...(tokenizer !== undefined && { tokenizer: tokenizerTag(tokenizer) }),
    status: "closed",
  };
}

function shownSweep(session: Session, sweep: SessionSweep): PanelSweep {
  return panelSweep(sweep, session, sweepStanding(sweep), sessionSweepNotes(session));
}

function shownGrid(session: Session, grid: SessionGrid): PanelGrid {
  const notes = newNotes(sessionGridNotes(session), sessionSweepNotes(session));
  const { source, sweep } = session;
  const read = source?.tokenization ?? { tokens: [] };
  const row = sweep && rowOfSweep(grid, sweep.condition);
  return panelGrid(grid, read, row, gridStanding(grid), notes);
}

function sweepStanding({ state, rows, expectedRows }: SessionSweep): Standing {
  if (state === "complete") return FRESH;
  return { kind: "partial", reason: "rows-kept", done: rows.length, total: expectedRows };
}

function gridStanding({ state, columns, asked }: SessionGrid): Standing {
  if (state === "complete") return FRESH;
  const done = columns.filter((column) => column !== null).length;
  return { kind: "partial", reason: "tokens-kept", done, total: asked?.length ?? columns.length };
}

/** Positions of the source prompt that were copied, and those of them that were read where they are fewer. */
function copiedIn(session: Session): Pick<PanelPrompt, "positions" | "read"> {
  const read = readIn(session);
  const { source } = session.chosen;
  const chosen = source ? positionsOf(source) : [];
  const isPart = read.length < chosen.length && read.every((position) => chosen.includes(position));
  return isPart ? { positions: chosen, read } : { positions: read };
}

/** Positions of the source prompt that were read; those chosen where nothing was. */
function readIn({ sweep, grid, chosen }: Session): number[] {
  const read = sweep ? sourcePositionsOf(sweep.condition) : [];
  if (read.length > 0) return read;
  if (grid) return [...grid.sourcePositions];
  return chosen.source ? positionsOf(chosen.source) : [];
}

/** What was done; empty where nothing was. */
function sentenceOf({ model, sweep, grid, target, source }: Session): Part[] {
  const { blocks } = model;
  const from = source && namedPrompt(source);
  if (sweep) {
    return conditionSentence({
      condition: sweep.condition,
      target: namedPrompt(target),
      source: from,
      blocks,
    });
  }
  return grid && from ? gridSentence(grid, from, blocks) : [];
}

/** The stepped-to k where it has a row; else the flip, else the first row. */
function shownK({ view, sweep, grid }: Session): number | null {
  const layers = sweep?.layers ?? grid?.layers;
  if (view.k !== null && layers && layers.from <= view.k && view.k <= layers.to) return view.k;
  return sweep?.flip?.k ?? sweep?.rows[0]?.k ?? grid?.layers.from ?? null;
}
