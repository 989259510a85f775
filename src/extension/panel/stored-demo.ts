/** The stored result of the demo: what the panel shows on its first opening, before any model has run. */
import * as v from "valibot";
import { INITIAL_CHOICE } from "../../shared/condition-choice.ts";
import { CONVENTION } from "../../shared/experiment.ts";
import { verdict } from "../../shared/outcome.ts";
import type { Outcome } from "../../shared/outcome.ts";
import type {
  PanelContinuations,
  PanelControl,
  PanelGrid,
  PanelPrompt,
  PanelState,
  PanelSweep,
} from "../../shared/panel.ts";
import type { GridColumn } from "../../shared/result.ts";
import type { Token } from "../../shared/tokens.ts";
import { visibleText } from "../../shared/tokens.ts";
import { embeddedTag, modelName } from "../engine/model-choice.ts";
import { outcomeRow } from "../marks/after-text.ts";
import { bosText } from "../swap/facts.ts";
import { INITIAL_SETUP } from "../swap/records.ts";
import { controlSentence } from "./panel-sweep.ts";
import type { StoredGrid, StoredSweep } from "./stored-schema.ts";
import { storedSchema } from "./stored-schema.ts";

/**
 * The panel's state from the stored file `{ sweep, grid }`, both as the command line writes them with `--format json`;
 * null when the file does not hold that.
 */
export function storedDemo(json: unknown): PanelState | null {
  const parsed = v.safeParse(storedSchema, json);
  if (!parsed.success) return null;
  const { sweep, grid } = parsed.output;
  const first = sweep.rows[0];
  const last = sweep.rows.at(-1);
  if (!first || !last) return null;
  const { path, numeric, blocks } = sweep.model;
  return {
    model: { name: modelName(path), numeric, blocks, tag: embeddedTag, status: "closed" },
    source: panelPrompt(sweep.source, "capitals.txt:1"),
    target: panelPrompt(sweep.target, "capitals.txt:3"),
    sentence: sentenceOf(sweep),
    condition: {
      choice: INITIAL_CHOICE,
      vectorsLabel: null,
      hasBos: sweep.target.bos.added,
      skipsAttention: null,
    },
    answers: INITIAL_SETUP.answers,
    layers: { from: 0, to: blocks - 1 },
    attention: sweep.attention ? { weights: sweep.attention, note: "" } : null,
    sweep: panelSweep(sweep, { from: first.k, to: last.k }),
    grid: grid && panelGrid(grid),
    k: sweep.flip?.k ?? first.k,
    cell: null,
    progress: null,
    error: null,
    stored: true,
  };
}

function panelSweep(sweep: StoredSweep, layers: PanelSweep["layers"]): PanelSweep {
  const { model, target, answers, rows, flip, lens } = sweep;
  const bos = bosText(target.bos.added, target.bos.added, target.positions.includes(0));
  return {
    ...{ kind: "swap", seeds: [], scoring: answers.scoring, layers, rows, flip, lens },
    answers: { target: answers.target, source: answers.source },
    baseline: sweep.baseline.top,
    facts: { numeric: model.numeric, convention: CONVENTION, bos },
    verdict: verdict(rows.map(outcomeRow), model.blocks, "swap"),
    complete: true,
    stale: null,
    runMs: null,
    continuations: sweep.continuations ? panelContinuations(sweep.continuations) : null,
    controls: sweep.controls?.map((control) => panelControl(control, model.blocks)) ?? null,
  };
}

/** As many tokens as the longest text has were asked for, unless the model ended all of them before. */
function panelContinuations(stored: NonNullable<StoredSweep["continuations"]>): PanelContinuations {
  const lengths = [stored.baseline, ...stored.rows].map(({ ids }) => ids.length);
  return { ...stored, tokens: Math.max(...lengths) };
}

function panelControl(
  { name, condition, source, rows, flip }: NonNullable<StoredSweep["controls"]>[number],
  blocks: number,
): PanelControl {
  const put = source?.positions.map((position) => source.tokens[position] ?? "").join("") ?? null;
  const sentence = controlSentence(name, put, source?.text ?? "");
  const said = verdict(rows.map(outcomeRow), blocks, condition.kind);
  return { name, sentence, rows, flip, verdict: said, complete: true };
}

function sentenceOf({ source, target }: StoredSweep): string {
  const place = ({ tokens, positions }: StoredSweep["target"]): string =>
    `'${positions.map((position) => visibleText(tokens[position] ?? "")).join("")}' @${positions.join(", ")}`;
  return `state of ${place(source)} → ${place(target)}, before block k`;
}

function panelPrompt({ tokens, ids, positions }: StoredSweep["target"], label: string): PanelPrompt {
  let start = 0;
  const placed = tokens.map((text, index): Token => {
    const token = { index, id: ids[index] ?? 0, text, start, end: start + text.length, special: false };
    start = token.end;
    return token;
  });
  return { label, tokens: placed, positions };
}

function panelGrid(grid: StoredGrid): PanelGrid {
  const positions = grid.argmax[0]?.length ?? 0;
  const at = <T>(values: readonly (readonly T[])[], position: number): T[] =>
    values.map((row) => row[position]!);
  const columns = Array.from({ length: positions }, (_, position): GridColumn => ({
    position,
    argmax: at(grid.argmax, position),
    outcome: at<Outcome>(grid.outcome, position),
    logitDifference: at(grid.logitDifference, position),
    targetLogprob: at(grid.targetLogprob, position),
    sourceLogprob: at(grid.sourceLogprob, position),
    rankOfTarget: at(grid.rankOfTarget, position),
  }));
  return { layers: grid.layers, columns, texts: grid.texts, complete: true, stale: null };
}
