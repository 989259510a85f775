/** The plan of a run before it runs: made by the functions that cut and steer the passes, so that the two cannot differ. */
import { sourcePositionsOf } from "../../shared/condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../../shared/experiment/experiment.ts";
import { gridPositions } from "../../shared/experiment/experiment.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import { rowShapes } from "../../shared/experiment/row-shape.ts";
import type { PassKind, PlannedPass, RunPlan } from "../../shared/experiment/run-plan.ts";
import type { BlockReads, DecoderInfo } from "../model/decoder.ts";
import { BATCH_BUDGET, batchesOf, rowBytes } from "./batches.ts";
import { readsAhead } from "./climbs.ts";
import { extendedIds } from "./likelihood.ts";
import { gridSwap, namesSource } from "./grid-swap.ts";
import { ReadPlan } from "./planned-reads.ts";
import type { RowGround } from "./batch-layout.ts";
import {
  courseOf,
  extentOf,
  heldPositions,
  promptGround,
  takesReference,
  workingBytes,
} from "./batch-layout.ts";

/** What the engine has at hand. */
export interface PlanSetting {
  readonly info: DecoderInfo;
  /** Whether the unpatched run of a prompt is kept from an earlier action. */
  readonly isKept: (ids: readonly number[]) => boolean;
  /** Of the file, where blocks are opened when they run. */
  readonly reads?: BlockReads | null;
}

/** The plan of a sweep. The experiment must have been checked. */
export function planSweep(experiment: Experiment, setting: PlanSetting): RunPlan {
  const { target, condition, layers, answers, lens } = experiment;
  const { info } = setting;
  const rows = rowShapes(condition, layers);
  const unpatched = unpatchedPrompts(target, readOf(experiment.source, sourcePositionsOf(condition)));
  const passes = [
    ...unpatchedPasses(unpatched, setting),
    ...rowPasses("rows", rows, promptGround(target, info), info, ksText),
  ];
  const plannedReads = new ReadPlan(info);
  if (passes.some(isUnpatchedRun)) plannedReads.begin();
  if (readsAhead(condition)) plannedReads.climbAlone();
  const promptRows = promptGround(target, info);
  if (rows.length > 0) plannedReads.rows(batchesOf(rows, promptRows, info), promptRows);
  const unplanned: string[] = [];
  if (answers.scoring === "likelihood") {
    for (const side of ["target", "source"] as const) {
      const answer = answers[side];
      const ids = answer && extendedIds(target.ids, answer);
      if (!answer) unplanned.push(`The ${side} answer is found by running, which takes passes of its own.`);
      if (!answer || !ids) continue;
      const text = target.text;
      unpatched.push({ kind: side, prompt: { ids, text } });
      const read = answer.ids.slice(1).map((_, i) => target.ids.length + i);
      const ground = { tokens: ids.length, read, hasKeyValues: info.can.sharePrefix === true };
      plannedReads.begin();
      plannedReads.climbAlone();
      if (rows.length > 0) plannedReads.rowsAlone(rows, ground);
      passes.push(unpatchedPass("answer", ids.length, `${side} answer, unpatched`, 0, info));
      passes.push(...rowPasses("answer", rows, ground, info, (batch) => `${side} answer, ${ksText(batch)}`));
    }
  }
  if (lens) plannedReads.head();
  if (lens)
    passes.push({ ...NO_PASS, kind: "lens", what: "input of every block", headRows: info.blocks + 1 });
  return planOf(passes, unpatched, rows.length * info.blocks * target.ids.length, unplanned, {
    ...setting,
    planned: plannedReads,
  });
}

/** The plan of a grid. The experiment must have been checked. */
export function planGrid(experiment: GridExperiment, setting: PlanSetting): RunPlan {
  const { target, source, sourcePositions, sourceLayer, targetPositions, layers } = experiment;
  const { info } = setting;
  const shapesAt = (positions: readonly number[], from: number, to: number): RowShape[] =>
    rowShapes(gridSwap(experiment, positions), { from, to });
  const ground = promptGround(target, info);
  const unpatched = unpatchedPrompts(target, readOf(source, sourcePositions));
  const smallestK = namesSource(experiment) ? shapesAt(targetPositions, layers.from, layers.from) : [];
  const positions = gridPositions(experiment);
  const columns = positions.map((position) => shapesAt([position], layers.from, layers.to));
  const passes = [
    ...unpatchedPasses(unpatched, setting),
    ...rowPasses("rows", smallestK, ground, info, () => "the source's answer"),
    ...columns.flatMap((rows, i) =>
      rowPasses("rows", rows, ground, info, (batch) => `position ${positions[i]!}, ${ksText(batch)}`),
    ),
  ];
  const whole = columns.length * columns[0]!.length * info.blocks * target.ids.length;
  const plannedReads = new ReadPlan(info);
  if (passes.some(isUnpatchedRun)) plannedReads.begin();
  if (sourceLayer !== null) plannedReads.climbAlone();
  const batches = columns.flatMap((rows) => batchesOf(rows, ground, info));
  plannedReads.rows(smallestK.length > 0 ? [smallestK, ...batches] : batches, ground);
  return planOf(passes, unpatched, whole, [], { ...setting, planned: plannedReads });
}

function isUnpatchedRun({ kind, rows }: PlannedPass): boolean {
  return (kind === "target" || kind === "source") && rows > 0;
}

interface UnpatchedPrompt {
  readonly kind: "target" | "source";
  readonly prompt: Pick<Prompt, "ids" | "text">;
}

/** A source runs only as far as it is read. */
function readOf(source: Prompt | null, positions: readonly number[]): Prompt | null {
  if (positions.length === 0) return null;
  return source && { ...source, ids: source.ids.slice(0, 1 + Math.max(...positions)) };
}

function unpatchedPrompts(target: Prompt, source: Prompt | null): UnpatchedPrompt[] {
  return [
    { kind: "target", prompt: target },
    ...(source ? [{ kind: "source" as const, prompt: source }] : []),
  ];
}

/** A prompt that is its own source runs once. */
function unpatchedPasses(prompts: readonly UnpatchedPrompt[], { info, isKept }: PlanSetting): PlannedPass[] {
  const seen = new Set<string>();
  return prompts.map(({ kind, prompt: { ids } }) => {
    const key = ids.join(",");
    const kept = isKept(ids) || seen.has(key);
    seen.add(key);
    const headRows = kind === "target" ? 1 : 0;
    if (kept) return { ...NO_PASS, kind, what: "kept from before", headRows };
    return unpatchedPass(kind, ids.length, "unpatched", headRows, info);
  });
}

function unpatchedPass(
  kind: PassKind,
  tokens: number,
  what: string,
  headRows: number,
  info: DecoderInfo,
): PlannedPass {
  const extent = { positions: tokens, past: 0 };
  return {
    kind,
    what,
    rows: 1,
    ...extent,
    from: 0,
    to: info.blocks,
    blockTokens: info.blocks * tokens,
    keyValueTokens: 0,
    headRows,
    bytes: workingBytes(info.cost.working, 1, extent),
  };
}

const NO_PASS = {
  rows: 0,
  positions: 0,
  past: 0,
  from: 0,
  to: 0,
  blockTokens: 0,
  keyValueTokens: 0,
  headRows: 0,
  bytes: 0,
};

/** One pass for each batch of rows. */
function rowPasses(
  kind: PassKind,
  rows: readonly RowShape[],
  ground: RowGround,
  info: DecoderInfo,
  what: (batch: readonly RowShape[]) => string,
): PlannedPass[] {
  if (rows.length === 0) return [];
  return batchesOf(rows, ground, info).map((batch) => ({
    kind,
    what: what(batch),
    ...batchCost(batch, ground, info),
  }));
}

/** What a batch costs; counted as the meter counts while it runs. */
function batchCost(
  batch: readonly RowShape[],
  ground: RowGround,
  info: DecoderInfo,
): Omit<PlannedPass, "kind" | "what"> {
  const course = courseOf(batch, ground);
  const { positions, past } = extentOf(course, ground);
  const held = heldPositions(course);
  const from = batch[0]!.k;
  const reference = takesReference(course, ground, info) ? [from] : [];
  const ks = [...reference, ...batch.map(({ k }) => k)];
  const climbed = ks.reduce((sum, k) => sum + Math.max(0, info.blocks - k), 0);
  const atLast = ks.filter((k) => k < info.blocks).length;
  const trims = course.kind === "suffix" && info.cost.trimsOutput;
  const unread = trims ? positions - (ground.tokens - ground.read[0]!) : 0;
  return {
    rows: ks.length,
    positions,
    past,
    from,
    to: info.blocks,
    blockTokens: climbed * positions - atLast * unread,
    keyValueTokens: climbed * held + atLast * unread,
    headRows: (1 + batch.length) * ground.read.length,
    bytes: ks.length * rowBytes(info, { positions, past }, held, ground),
  };
}

/** The k of a batch: `k 0–29`, or one by one where some are left out. */
function ksText(batch: readonly RowShape[]): string {
  const ks = [...new Set(batch.map(({ k }) => k))];
  const [first, last] = [ks[0]!, ks.at(-1)!];
  if (ks.length === 1) return `k ${first}`;
  return last - first + 1 === ks.length ? `k ${first}–${last}` : `k ${ks.join(", ")}`;
}

function planOf(
  passes: readonly PlannedPass[],
  unpatched: readonly UnpatchedPrompt[],
  wholeBlockTokens: number,
  unplanned: readonly string[],
  { info, reads, planned }: PlanSetting & { readonly planned: ReadPlan },
): RunPlan {
  const sum = (of: (pass: PlannedPass) => number): number =>
    passes.reduce((total, pass) => total + of(pass), 0);
  const tokens = unpatched.reduce((total, { prompt }) => total + prompt.ids.length, 0);
  const keyValues = info.can.sharePrefix === true ? info.blocks * info.cost.working.keyValue : 0;
  return {
    passes,
    blockTokens: sum((pass) => pass.blockTokens),
    keyValueTokens: sum((pass) => pass.keyValueTokens),
    headRows: sum((pass) => pass.headRows),
    bytes: Math.max(...passes.map((pass) => pass.bytes)),
    budgetBytes: BATCH_BUDGET,
    keptBytes: tokens * (4 * (info.blocks + 1) * info.width + keyValues),
    wholeBlockTokens,
    reads: planned.reads(reads),
    unplanned,
  };
}
