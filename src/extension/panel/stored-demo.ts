/** The stored result of the demo: what the panel shows on its first opening, before any model has run. */
import * as v from "valibot";
import { replySchemas } from "../../shared/protocol.ts";
import { verdict } from "../../shared/outcome.ts";
import type { Outcome } from "../../shared/outcome.ts";
import type { PanelGrid, PanelPrompt, PanelState } from "../../shared/panel.ts";
import type { GridColumn } from "../../shared/result.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../../shared/result.ts";
import type { Token } from "../../shared/tokens.ts";
import { visibleText } from "../../shared/tokens.ts";
import { embeddedTag, modelName } from "../engine/model-choice.ts";
import { answerOf } from "../marks/answer-name.ts";

const prompt = v.object({
  text: v.nullable(v.string()),
  ids: v.array(v.number()),
  tokens: v.array(v.string()),
  positions: v.array(v.number()),
});
const { baseline: top, answers, rows, flip } = replySchemas.sweep.entries;
const matrix = <T extends v.GenericSchema>(item: T): v.ArraySchema<v.ArraySchema<T, undefined>, undefined> =>
  v.array(v.array(item));

const sweepSchema = v.object({
  schema: v.literal(SWEEP_SCHEMA),
  model: v.object({ path: v.string(), blocks: v.number(), numeric: v.string() }),
  target: prompt,
  source: prompt,
  baseline: v.object({ top }),
  answers,
  rows,
  flip,
});
const gridSchema = v.object({
  schema: v.literal(GRID_SCHEMA),
  layers: v.object({ from: v.number(), to: v.number() }),
  argmax: matrix(v.number()),
  outcome: matrix(v.picklist(["target", "source", "neither"])),
  logitDifference: matrix(v.nullable(v.number())),
  targetLogprob: matrix(v.number()),
  sourceLogprob: matrix(v.nullable(v.number())),
  rankOfTarget: matrix(v.number()),
  texts: v.record(v.string(), v.string()),
});
const fileSchema = v.object({ sweep: sweepSchema, grid: v.nullable(gridSchema) });

type StoredSweep = v.InferOutput<typeof sweepSchema>;
type StoredGrid = v.InferOutput<typeof gridSchema>;

/**
 * The panel's state from the stored file `{ sweep, grid }`, both as the command line writes them with `--format json`;
 * null when the file does not hold that.
 */
export function storedDemo(json: unknown): PanelState | null {
  const parsed = v.safeParse(fileSchema, json);
  if (!parsed.success) return null;
  const { sweep, grid } = parsed.output;
  const first = sweep.rows[0];
  const last = sweep.rows.at(-1);
  if (!first || !last) return null;
  const layers = { from: first.k, to: last.k };
  return {
    model: {
      name: modelName(sweep.model.path),
      numeric: sweep.model.numeric,
      blocks: sweep.model.blocks,
      tag: embeddedTag,
      status: "closed",
    },
    source: panelPrompt(sweep.source, "capitals.txt:1"),
    target: panelPrompt(sweep.target, "capitals.txt:3"),
    sentence: sentenceOf(sweep),
    layers: { from: 0, to: sweep.model.blocks - 1 },
    sweep: {
      layers,
      rows: sweep.rows,
      baseline: sweep.baseline.top,
      answers: sweep.answers,
      flip: sweep.flip,
      verdict: verdict(
        sweep.rows.map((row) => ({ k: row.k, outcome: row.outcome, answer: answerOf(row) })),
        sweep.model.blocks,
      ),
      complete: true,
      stale: null,
      runMs: null,
    },
    grid: grid && panelGrid(grid),
    k: sweep.flip?.k ?? first.k,
    cell: null,
    progress: null,
    error: null,
    stored: true,
  };
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
