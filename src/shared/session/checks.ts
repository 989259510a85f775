/** What must hold in a session's file beyond the form of each field: lists of equal lengths, rows in their range, tokens in their prompts. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../condition/condition.ts";
import { replacedPositions, smallestK, sourcePositionsOf, takesSource } from "../condition/condition.ts";
import type { LayerRange, RowKey } from "../experiment/experiment.ts";
import { rowShapes } from "../experiment/row-shape.ts";
import type { FilePrompt, SessionFile } from "./file-schema.ts";

/** Something that does not hold, and at which field. */
export interface Problem {
  /** With dots: `sweep.rows.3`. */
  readonly path: string;
  readonly message: string;
}

type FileSweep = NonNullable<SessionFile["sweep"]>;
type FileGrid = NonNullable<SessionFile["grid"]>;
type FileControl = NonNullable<FileSweep["controls"]>[number];
type FileRow = FileSweep["rows"][number];

/** The first problem of a file that has the form of a session; null for a sound one. */
export function problemIn(file: SessionFile): Problem | null {
  return problems(file).next().value ?? null;
}

function* problems(file: SessionFile): Generator<Problem, undefined> {
  const { target, source, chosen, sweep, grid, attention, view } = file;
  yield* promptProblems(target, "target");
  if (source) yield* promptProblems(source, "source");
  for (const [i, { from, to }] of chosen.targets.entries()) {
    if (from > to || to >= target.ids.length) yield outside(`chosen.targets.${i}`, "target", target);
  }
  if (chosen.source) {
    const { from, to } = chosen.source;
    if (!source) yield { path: "chosen.source", message: l10n.t("there is no source prompt") };
    else if (from > to || to >= source.ids.length) yield outside("chosen.source", "source", source);
  }
  for (const [i, pair] of chosen.pairs.entries()) {
    if (pair.target >= target.ids.length) yield outside(`chosen.pairs.${i}`, "target", target);
    if (!source || pair.source.some((position) => position >= source.ids.length)) {
      yield {
        path: `chosen.pairs.${i}`,
        message: l10n.t("its source positions are not in the source prompt"),
      };
    }
  }
  if (sweep) yield* sweepProblems(file, sweep);
  if (grid) yield* gridProblems(file, grid);
  if (attention?.weights) yield* attentionProblems(file, attention.weights);
  if (view.cell && (!grid || !isIn(grid.layers, view.cell.k) || view.cell.position >= grid.columns.length)) {
    yield { path: "view.cell", message: l10n.t("there is no such cell in the grid") };
  }
}

function* promptProblems(prompt: FilePrompt, path: string): Generator<Problem, undefined> {
  const { ids, tokens, offsets, special } = prompt;
  if (tokens.length !== ids.length) yield count(`${path}.tokens`, tokens.length, ids.length, l10n.t("ids"));
  if (offsets.length !== ids.length)
    yield count(`${path}.offsets`, offsets.length, ids.length, l10n.t("ids"));
  const end = (prompt.read ?? prompt.text).length;
  const wrong = offsets.findIndex(([from, to]) => from > to || to > end);
  if (wrong >= 0) yield { path: `${path}.offsets.${wrong}`, message: l10n.t("it lies outside the text") };
  if (!isAscending(special) || special.some((position) => position >= ids.length)) {
    yield { path: `${path}.special`, message: l10n.t("ascending positions of the prompt are expected") };
  }
}

function* sweepProblems(file: SessionFile, sweep: FileSweep): Generator<Problem, undefined> {
  const { condition, layers, rows, state, answers, lens, continuations } = sweep;
  yield* conditionProblems(file, condition, file.source?.ids.length ?? null, "sweep.condition");
  yield* layerProblems(file, layers, smallestK(condition.kind), "sweep.layers");
  const keys = rowShapes(condition, layers);
  if (sweep.expectedRows !== keys.length) {
    const message = l10n.t(
      "the condition gives {0} rows over its k, not {1}",
      keys.length,
      sweep.expectedRows,
    );
    yield { path: "sweep.expectedRows", message };
  }
  yield* rowProblems(rows, keys, state, "sweep.rows");
  if (state === "complete" && !answers)
    yield { path: "sweep.answers", message: l10n.t("a complete sweep has answers") };
  if (lens) {
    if (lens.length !== file.model.blocks + 1) {
      yield count("sweep.lens", lens.length, file.model.blocks + 1, l10n.t("layers, and one"));
    }
    const wrong = lens.findIndex(({ k }, i) => k !== i);
    if (wrong >= 0) yield { path: `sweep.lens.${wrong}.k`, message: l10n.t("k = {0} is expected", wrong) };
  }
  if (continuations) yield* keyProblems(continuations.rows, keys, "sweep.continuations.rows");
  const names = (sweep.controls ?? []).map(({ name }) => name);
  const again = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (again >= 0)
    yield { path: `sweep.controls.${again}.name`, message: l10n.t("the control is there twice") };
  for (const [i, control] of (sweep.controls ?? []).entries()) {
    yield* controlProblems(file, control, layers, `sweep.controls.${i}`);
  }
}

function* controlProblems(
  file: SessionFile,
  { condition, source, rows, state }: FileControl,
  layers: LayerRange,
  path: string,
): Generator<Problem, undefined> {
  if (source && source.tokens.length !== source.ids.length) {
    yield count(`${path}.source.tokens`, source.tokens.length, source.ids.length, l10n.t("ids"));
  }
  yield* conditionProblems(file, condition, source?.ids.length ?? null, `${path}.condition`);
  yield* rowProblems(rows, rowShapes(condition, layers), state, `${path}.rows`);
}

/** @param sourceLength tokens of the prompt that a swap reads; null without one */
function* conditionProblems(
  { target, model }: SessionFile,
  condition: Condition,
  sourceLength: number | null,
  path: string,
): Generator<Problem, undefined> {
  if (replacedPositions(condition).some((position) => position >= target.ids.length)) {
    yield outside(path, "target", target);
  }
  if (takesSource(condition.kind)) {
    const highest = sourcePositionsOf(condition).at(-1) ?? 0;
    if (sourceLength === null) yield { path, message: l10n.t("a swap needs a source prompt") };
    else if (highest >= sourceLength) {
      yield {
        path,
        message: l10n.t(
          "position {0} is not in the source prompt, which has {1} tokens",
          highest,
          sourceLength,
        ),
      };
    }
  }
  if ("sourceLayer" in condition && (condition.sourceLayer ?? 0) > model.blocks) {
    yield { path: `${path}.sourceLayer`, message: l10n.t("the model has {0} layers", model.blocks) };
  }
  if ("seeds" in condition && !isAscending(condition.seeds)) {
    yield { path: `${path}.seeds`, message: l10n.t("ascending seeds without repeats are expected") };
  }
  if (!("entries" in condition)) return;
  for (const [i, { positions, vectors }] of condition.entries.entries()) {
    const at = `${path}.entries.${i}.vectors`;
    if (vectors.length !== positions.length)
      yield count(at, vectors.length, positions.length, l10n.t("positions"));
    const wrong = vectors.findIndex((vector) => vector.length !== model.width);
    if (wrong >= 0)
      yield count(`${at}.${wrong}`, vectors[wrong]!.length, model.width, l10n.t("the model's width"));
  }
}

function* rowProblems(
  rows: readonly FileRow[],
  keys: readonly RowKey[],
  state: FileSweep["state"],
  path: string,
): Generator<Problem, undefined> {
  yield* keyProblems(
    rows.map(({ k, seed }) => ({ k, seed: seed ?? null })),
    keys,
    path,
  );
  if (state === "complete" && rows.length !== keys.length)
    yield count(path, rows.length, keys.length, l10n.t("k and seeds"));
}

/** Rows are some of those that the condition gives, in order, each once. */
function* keyProblems(
  rows: readonly RowKey[],
  keys: readonly RowKey[],
  path: string,
): Generator<Problem, undefined> {
  const order = new Map(keys.map((key, i) => [keyText(key), i]));
  let before = -1;
  for (const [i, row] of rows.entries()) {
    const at = order.get(keyText(row));
    if (at === undefined)
      yield { path: `${path}.${i}`, message: l10n.t("{0} is not part of the run", keyText(row)) };
    else if (at <= before)
      yield { path: `${path}.${i}`, message: l10n.t("rows are expected by k, then seed, each once") };
    else before = at;
  }
}

function* gridProblems(file: SessionFile, grid: FileGrid): Generator<Problem, undefined> {
  const { target, source, model } = file;
  const { layers, columns, texts, state, asked } = grid;
  if (!source) yield { path: "grid", message: l10n.t("a grid needs a source prompt") };
  else if (grid.sourcePositions.some((position) => position >= source.ids.length)) {
    yield outside("grid.sourcePositions", "source", source);
  }
  if (grid.targetPositions.some((position) => position >= target.ids.length)) {
    yield outside("grid.targetPositions", "target", target);
  }
  if (asked?.some((position, i) => position >= target.ids.length || position <= (asked[i - 1] ?? -1))) {
    yield {
      path: "grid.asked",
      message: l10n.t("positions of the target prompt are expected, ascending, each once"),
    };
  }
  if ((grid.sourceLayer ?? 0) > model.blocks) {
    yield { path: "grid.sourceLayer", message: l10n.t("the model has {0} layers", model.blocks) };
  }
  yield* layerProblems(file, layers, 0, "grid.layers");
  if (columns.length !== target.ids.length) {
    yield count("grid.columns", columns.length, target.ids.length, l10n.t("target tokens"));
  }
  const ks = layers.to - layers.from + 1;
  for (const [position, column] of columns.entries()) {
    const path = `grid.columns.${position}`;
    if (!column) {
      const isAsked = asked?.includes(position) ?? true;
      if (state === "complete" && isAsked)
        yield { path, message: l10n.t("a complete grid has no missing column") };
      continue;
    }
    const { position: own, ...lists } = column;
    if (own !== position) yield { path: `${path}.position`, message: l10n.t("{0} is expected", position) };
    for (const [name, values] of Object.entries(lists)) {
      if (values.length !== ks) yield count(`${path}.${name}`, values.length, ks, "k");
    }
    const unnamed = column.argmax.find((id) => !Object.hasOwn(texts, id));
    if (unnamed !== undefined)
      yield { path: "grid.texts", message: l10n.t("the text of token {0} is missing", unnamed) };
  }
  if (state === "complete" && !grid.answers)
    yield { path: "grid.answers", message: l10n.t("a complete grid has answers") };
}

function* attentionProblems(
  { model, target }: SessionFile,
  weights: readonly (readonly number[])[],
): Generator<Problem, undefined> {
  const path = "attention.weights";
  if (weights.length !== model.blocks) yield count(path, weights.length, model.blocks, l10n.t("layers"));
  const wrong = weights.findIndex((row) => row.length !== target.ids.length);
  if (wrong >= 0)
    yield count(`${path}.${wrong}`, weights[wrong]!.length, target.ids.length, l10n.t("target tokens"));
}

function* layerProblems(
  { model }: SessionFile,
  { from, to }: LayerRange,
  smallest: number,
  path: string,
): Generator<Problem, undefined> {
  // k = blocks replaces the output of the last block.
  if (smallest <= from && from <= to && to <= model.blocks) return;
  yield {
    path,
    message: l10n.t("a range within {0}–{1} is expected, not {2}–{3}", smallest, model.blocks, from, to),
  };
}

function isIn({ from, to }: LayerRange, k: number): boolean {
  return from <= k && k <= to;
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || values[i - 1]! < value);
}

function keyText({ k, seed }: RowKey): string {
  return seed === null ? `k = ${k}` : l10n.t("k = {0}, seed {1}", k, seed);
}

function outside(path: string, name: "source" | "target", { ids }: Pick<FilePrompt, "ids">): Problem {
  return {
    path,
    message:
      name === "source"
        ? l10n.t("it lies outside the source prompt, which has {0} tokens", ids.length)
        : l10n.t("it lies outside the target prompt, which has {0} tokens", ids.length),
  };
}

function count(path: string, found: number, expected: number, of: string): Problem {
  return { path, message: l10n.t("it has {0} entries, where there are {1} {2}", found, expected, of) };
}
