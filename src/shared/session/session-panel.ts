/** A session as the side panel's own code shows it: no model, no engine, nothing to run. */
import * as l10n from "@vscode/l10n";
import type { Doubt } from "../words/facts.ts";
import { bosText, conventionText, doubtText, EMBEDDED_TAG } from "../words/facts.ts";
import { chosenScoring } from "../experiment/answer-choice.ts";
import type { Condition } from "../condition/condition.ts";
import { replacesBos, sourcePositionsOf } from "../condition/condition.ts";
import { controlSentence } from "../experiment/controls.ts";
import { givesTarget } from "../experiment/outcome.ts";
import type { Part } from "../words/parts.ts";
import { part } from "../words/parts.ts";
import { rangeText } from "../text/ranges.ts";
import type { VerdictFacts } from "../words/verdict.ts";
import { verdict } from "../words/verdict.ts";
import type {
  PanelControl,
  PanelFacts,
  PanelGrid,
  PanelModel,
  PanelState,
  PanelSweep,
} from "../protocol/panel.ts";
import { conditionSentence, gridSentence, namedPrompt } from "../words/condition.ts";
import { newNotes } from "../experiment/notes.ts";
import { sessionGridNotes, sessionSweepNotes } from "./session-notes.ts";
import { positionsOf } from "../prompt/spans.ts";
import type { Session, SessionControl, SessionGrid, SessionModel, SessionSweep } from "./session.ts";
import { replacedIn } from "./session.ts";

/**
 * The panel of a session. A result that was kept from a run that had not ended is incomplete, and says in `doubt` how much
 * of it there is; one that has nothing finished is left out.
 */
export function sessionPanel(session: Session): PanelState {
  const { model, target, source, setup, sweep, grid, attention } = session;
  return {
    model: panelModel(model),
    source: source && {
      label: source.label,
      tokens: source.tokenization.tokens,
      positions: readIn(session),
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
    sweep: sweep && sweep.rows.length > 0 ? panelSweep(session, sweep) : null,
    grid: grid?.columns.some((column) => column !== null) ? panelGrid(session, grid) : null,
    k: shownK(session),
    cell: session.view.cell,
    progress: null,
    error: null,
    stored: false,
  };
}

/** What a session shows, in one line: the sweep's verdict, else the grid's size; how much there is of an incomplete one. */
export function sessionVerdict({ model, sweep, grid }: Session): Part[] {
  if (sweep) {
    const doubt = sweepDoubt(sweep);
    return doubt ? doubtText(doubt) : verdict(sweep.rows, verdictFacts(sweep, model.blocks));
  }
  if (!grid) return [part(l10n.t("No result."))];
  const { from, to } = grid.layers;
  const doubt = gridDoubt(grid);
  if (doubt) return doubtText(doubt);
  return [part(l10n.t("Grid of {0} tokens, k {1}.", grid.columns.length, rangeText(from, to)))];
}

/** What the verdict of a session's sweep is told from. */
export function verdictFacts({ condition, answers, baseline }: SessionSweep, blocks: number): VerdictFacts {
  return { kind: condition.kind, blocks, givesTarget: givesTarget(answers, baseline) };
}

function panelModel({ name, numeric, blocks, embedded }: SessionModel): PanelModel {
  return { name, numeric, blocks, tag: embedded ? EMBEDDED_TAG : null, status: "closed" };
}

function panelSweep(session: Session, sweep: SessionSweep): PanelSweep {
  const { condition, layers, rows, baseline, answers, flip, lens, continuations, controls, runMs } = sweep;
  const { blocks } = session.model;
  const complete = sweep.state === "complete";
  return {
    kind: condition.kind,
    seeds: "seeds" in condition ? condition.seeds : [],
    scoring: sweep.request.scoring,
    facts: factsOf(session, condition),
    lens,
    continuations,
    layers,
    rows,
    baseline,
    answers,
    flip,
    complete,
    runMs,
    controls: controls?.map((control) => panelControl(control, sweep, blocks)) ?? null,
    verdict: complete ? verdict(rows, verdictFacts(sweep, blocks)) : [],
    notes: sessionSweepNotes(session),
    doubt: sweepDoubt(sweep),
  };
}

function factsOf({ model, target, convention }: Session, condition: Condition): PanelFacts {
  const isReplaced = replacesBos(condition);
  const bos = bosText(target.startsWithBos, target.tokenization.bos.added, isReplaced);
  return { numeric: model.numeric, convention: conventionText(convention), bos };
}

function panelControl(
  { name, condition, source, state, rows, flip }: SessionControl,
  sweep: SessionSweep,
  blocks: number,
): PanelControl {
  const complete = state === "complete";
  const put = source && sourcePositionsOf(condition).map((position) => source.tokens[position] ?? "");
  return {
    name,
    rows,
    flip,
    complete,
    sentence: controlSentence(name, put?.join("") ?? null, source?.text ?? ""),
    verdict: complete
      ? verdict(rows, { ...verdictFacts(sweep, blocks), kind: condition.kind })
      : doubtText({ kind: "partial", reason: l10n.t("The run was ended.") }),
  };
}

function panelGrid(session: Session, grid: SessionGrid): PanelGrid {
  const { layers, columns, texts, state } = grid;
  const notes = newNotes(sessionGridNotes(session), sessionSweepNotes(session));
  return { layers, columns, texts, notes, complete: state === "complete", doubt: gridDoubt(grid) };
}

function sweepDoubt({ state, rows, expectedRows }: SessionSweep): Doubt | null {
  if (state === "complete") return null;
  return { kind: "partial", reason: l10n.t("{0} of {1} rows were kept.", rows.length, expectedRows) };
}

function gridDoubt({ state, columns }: SessionGrid): Doubt | null {
  if (state === "complete") return null;
  const done = columns.filter((column) => column !== null).length;
  return { kind: "partial", reason: l10n.t("{0} of {1} tokens were kept.", done, columns.length) };
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
