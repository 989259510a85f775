/** A result as the panel gets it: with facts, verdict and standing. One way for what is in the store and what was saved. */
import type { Condition } from "../condition/condition.ts";
import { replacesBos, sourcePositionsOf } from "../condition/condition.ts";
import { controlSentence } from "../experiment/controls.ts";
import type { AnswerRequest, Answers } from "../experiment/experiment.ts";
import type { Note } from "../experiment/notes.ts";
import type { Control, Grid, HeldRow, SweepAndControls } from "../experiment/run.ts";
import { sweepFields } from "../experiment/run.ts";
import type { Standing } from "../experiment/standing.ts";
import type { Tokenization } from "../prompt/tokens.ts";
import { bosText, conventionText } from "../words/facts.ts";
import type { Part } from "../words/parts.ts";
import { standingText } from "../words/standing.ts";
import { verdictHead } from "../words/verdict-head.ts";
import { verdict, verdictFacts } from "../words/verdict.ts";
import type { PanelControl, PanelFacts, PanelGrid, PanelSweep } from "./panel.ts";
import { joinedTokens } from "../text/token-bytes.ts";

/** A sweep with what it was made from. */
interface MadeSweep extends SweepAndControls {
  readonly condition: Condition;
  /** Null until it was sent. */
  readonly request: AnswerRequest | null;
}

/** A grid with what it was made from. */
export interface MadeGrid extends Grid {
  readonly answers: Answers | null;
  readonly held?: HeldRow;
  readonly sourcePositions: readonly number[];
  readonly sourceLayer: number | null;
  readonly strength: number;
  readonly targetPositions: readonly number[];
}

/** Where a sweep ran. */
export interface RanWith {
  readonly model: { readonly numeric: string; readonly blocks: number };
  readonly target: { readonly startsWithBos: boolean; readonly tokenization: Pick<Tokenization, "bos"> };
  readonly convention: string;
}

/** The sweep, whether it still stands, and what could be overlooked in it. */
export function panelSweep(
  sweep: MadeSweep,
  ran: RanWith,
  standing: Standing,
  notes: readonly Note[],
): PanelSweep {
  const { condition, request, controls, state, rows } = sweep;
  const { blocks } = ran.model;
  return {
    kind: condition.kind,
    seeds: "seeds" in condition ? condition.seeds : [],
    scoring: request?.scoring ?? "next-token",
    facts: panelFacts(condition, ran),
    ...sweepFields(sweep),
    standing,
    controls: controls?.map((control) => panelControl(control, sweep, blocks)) ?? null,
    headline: state === "complete" ? verdictHead(rows, verdictFacts(sweep, blocks)) : { head: [], runs: [] },
    verdict: state === "complete" ? verdict(rows, verdictFacts(sweep, blocks)) : [],
    notes,
  };
}

/** Facts without which a result cannot be read. */
export function panelFacts(condition: Condition, { model, target, convention }: RanWith): PanelFacts {
  const bos = bosText(target.startsWithBos, target.tokenization.bos.added, replacesBos(condition));
  return { numeric: model.numeric, convention: conventionText(convention), bos };
}

/**
 * The grid, whether it still stands, and what could be overlooked in it beyond the sweep's notes.
 *
 * @param sweepPosition as `rowOfSweep` says
 */
export function panelGrid(
  grid: MadeGrid,
  source: Pick<Tokenization, "tokens">,
  sweepPosition: number | null,
  standing: Standing,
  notes: readonly Note[],
): PanelGrid {
  const { layers, columns, texts, state, answers, sourcePositions, targetPositions } = grid;
  return {
    ...(grid.asked && { asked: grid.asked }),
    layers,
    columns,
    texts,
    state,
    answers,
    put: joinedTokens(sourcePositions.map((position) => source.tokens[position]?.text ?? "")),
    positions: targetPositions,
    held: grid.held ?? null,
    sweepPosition,
    standing,
    notes,
  };
}

/** The one token that a sweep of the same two prompts puts the grid's state over; null where it does something else. */
export function rowOfSweep(
  { sourcePositions, sourceLayer, strength }: MadeGrid,
  condition: Condition,
): number | null {
  if (condition.kind !== "swap") return null;
  const [pair, another] = condition.pairs;
  const isSame =
    String(pair?.source) === String(sourcePositions) &&
    condition.sourceLayer === sourceLayer &&
    condition.strength === strength;
  return pair && !another && isSame ? pair.target : null;
}

function panelControl(control: Control, sweep: MadeSweep, blocks: number): PanelControl {
  const { name, condition, source, rows, flip, state } = control;
  const put = source && sourcePositionsOf(condition).map((position) => source.tokens[position] ?? "");
  const sentence = controlSentence(name, put?.join("") ?? null, source?.text ?? "");
  return { name, rows, flip, state, sentence, verdict: controlVerdict(control, sweep, blocks) };
}

function controlVerdict({ condition, rows, state }: Control, sweep: MadeSweep, blocks: number): Part[] {
  switch (state) {
    case "running":
      return [];
    case "partial":
      return standingText({ kind: "partial", reason: "ended" });
    case "complete":
      return verdict(rows, verdictFacts({ ...sweep, condition }, blocks));
  }
}
