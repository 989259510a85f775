/** The work that is timed: sweeps and the grid of the paper's demo pair, and the same as whole passes, cell by cell. */
import type { Condition } from "../../src/shared/condition/condition.ts";
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import { argmax } from "../../src/engine/matrix.ts";
import type { OpenedModel } from "../../src/engine/open.ts";
import { batchesOf } from "../../src/engine/pass/batches.ts";
import type { UnpatchedRun } from "../../src/engine/states.ts";
import { statesAt } from "../../src/engine/states.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import type { Meter, RunControl } from "../../src/engine/pass/control.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { promptGround } from "../../src/engine/pass/batch-layout.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { naiveRun } from "../support/properties/naive-oracle.ts";

/** The paper's demo pair. */
const TARGET = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";
const SOURCE = "The country Italy";

/** Prompts and runs of the demo pair, as a sweep needs them. */
export interface Demo {
  readonly model: OpenedModel;
  readonly target: readonly number[];
  readonly source: readonly number[];
  readonly swap: Condition;
  readonly allButLast: readonly number[];
}

/** Tokenises the pair. */
export function demoOf(model: OpenedModel): Demo {
  const target = model.tokenizer.tokenize(TARGET, "auto");
  const source = model.tokenizer.tokenize(SOURCE, "auto");
  const at = (tokens: readonly { text: string }[], text: string): number =>
    tokens.findIndex((token) => token.text === text);
  return {
    model,
    target: target.ids,
    source: source.ids,
    swap: swapAt(at(target.tokens, " France"), at(source.tokens, " Italy")),
    allButLast: target.ids.slice(0, -1).map((_, position) => position),
  };
}

/** Unpatched runs that a sweep can be given. */
export interface KeptRuns {
  readonly unpatched: UnpatchedRun;
  readonly source: UnpatchedRun;
}

/** The two unpatched runs; the source's only as far as it is read. */
export async function unpatchedRuns({ model, target, source }: Demo, control: RunControl): Promise<KeptRuns> {
  const unpatched = await runUnpatched(model.decoder, target, control);
  return { unpatched, source: await runUnpatched(model.decoder, source, control) };
}

/** A sweep, over all k by default, with or without kept runs; the argmax of each row, and its work. */
export async function sweep(
  demo: Demo,
  condition: Condition,
  kept: KeptRuns | null,
  layers = layersOf(condition, demo.model.decoder.info.blocks),
): Promise<{ argmax: number[]; meter: Meter }> {
  const { decoder } = demo.model;
  const control = uncancelled();
  const runs = kept ?? (await unpatchedRuns(demo, control));
  const answers: number[] = [];
  const ground = promptGround({ ids: demo.target }, decoder.info);
  for (const batch of batchesOf(planRows(condition, layers, runs), ground, decoder.info)) {
    const { rows } = await runPatchedRows(decoder, runs.unpatched, batch, control);
    batch.forEach(({ k }, i) => (answers[k - layers.from] = argmax(rows[i]!.logits)));
  }
  return { argmax: answers, meter: control.meter };
}

/**
 * The grid that TransformerLens' `get_act_patch_resid_pre` computes: each position takes the state of the same position of a
 * prompt of the same length, at every k. As much work as the product's grid, which puts one state everywhere; `[position][k]`.
 */
export async function grid(demo: Demo, kept: KeptRuns): Promise<{ argmax: number[][]; meter: Meter }> {
  const { decoder } = demo.model;
  const control = uncancelled();
  const columns: number[][] = [];
  const ground = promptGround({ ids: demo.target }, decoder.info);
  const layers = { from: 0, to: decoder.info.blocks - 1 };
  for (let position = 0; position < demo.target.length; position++) {
    const rows = planRows(swapAt(position, position), layers, kept);
    const column: number[] = [];
    for (const batch of batchesOf(rows, ground, decoder.info)) {
      const output = await runPatchedRows(decoder, kept.unpatched, batch, control);
      batch.forEach(({ k }, i) => (column[k] = argmax(output.rows[i]!.logits)));
    }
    columns.push(column);
  }
  return { argmax: columns, meter: control.meter };
}

/** A swap of one token. */
export function swapAt(target: number, source: number): Condition {
  return { kind: "swap", align: null, pairs: [{ target, source: [source] }], sourceLayer: null, strength: 1 };
}

/** The unpatched runs of a grid. */
export async function gridRuns(demo: Demo, kept: KeptRuns): Promise<KeptRuns> {
  const ids = demo.model.tokenizer.tokenize(TARGET.replace("France", "Italy"), "auto").ids;
  if (ids.length !== demo.target.length) throw new Error("the grid's source is not as long as its target");
  return { unpatched: kept.unpatched, source: await runUnpatched(demo.model.decoder, ids, uncancelled()) };
}

/**
 * The same sweep as whole passes, one for each k and nothing else: what is put in comes from the kept runs, so that the
 * passes are not charged for it.
 */
export async function wholePasses(demo: Demo, condition: Condition, kept: KeptRuns): Promise<number[]> {
  const { decoder } = demo.model;
  const answers: number[] = [];
  for (const row of planRows(condition, layersOf(condition, decoder.info.blocks), kept)) {
    const { k, positions, holds } = row;
    const vectors = row.vectors(statesAt(kept.unpatched, k, positions));
    const run = row.skipsAttention
      ? await naiveRun(decoder, demo.target, undefined, { skipAttentionFrom: k })
      : await naiveRun(decoder, demo.target, { k, positions, vectors, holds });
    answers.push(argmax(run.logits));
  }
  return answers;
}

function layersOf({ kind }: Condition, blocks: number): LayerRange {
  return { from: kind === "freeze" ? 1 : 0, to: blocks - 1 };
}
