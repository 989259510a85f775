/** The grid: one source state put at every position x every k, one position (a column of k) at a time. */
import type { Answers, GridExperiment, LayerRange } from "../../shared/experiment/experiment.ts";
import { gridPositions } from "../../shared/experiment/experiment.ts";
import { argmax } from "../matrix.ts";
import type { GridReply } from "../../shared/protocol/engine.ts";
import type { GridColumn, SweepRow, TopToken } from "../../shared/experiment/result.ts";
import type { UnpatchedRun } from "../states.ts";
import { planRows } from "../intervene/planned-rows.ts";
import { batchesOf } from "./batches.ts";
import { checkGrid } from "./check.ts";
import { climbsOf, climbsTogether } from "./climbs.ts";
import { climbAll, UnpatchedRuns } from "./unpatched-runs.ts";
import type { BatchOutput } from "./batch-output.ts";
import { lastLogits } from "./unpatched-run.ts";
import type { Readout } from "./outcomes.ts";
import { answerOf, readLogits } from "./outcomes.ts";
import { promptGround } from "./batch-layout.ts";
import { klDivergence, logSumExp, referenceOf, topTokens } from "./readout.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import { logitsOf, startRows } from "./staircase.ts";
import { gridSwap, namesSource } from "./grid-swap.ts";
import { planGrid } from "./run-plan.ts";
import type { RunEnvironment } from "./environment.ts";
import { planSettingOf, withProgress } from "./environment.ts";

/** How many of the unpatched answers a grid lists. */
const BASELINE_TOP = 10;

/**
 * Runs a grid. The source answer, unless named, is what the swap at the experiment's target positions gives at the
 * smallest k; without target positions there is none, and outcomes are `target` or `neither`.
 *
 * @returns columns of the positions that were asked for, ascending; arrays in a column are indexed by k - layers.from
 */
export async function runGrid(experiment: GridExperiment, given: RunEnvironment): Promise<GridReply> {
  const { decoder } = given;
  const { target, source, sourcePositions, sourceLayer, targetPositions, layers } = experiment;
  checkGrid(experiment, decoder.info);
  const environment = withProgress(given, planGrid(experiment, planSettingOf(given)));
  const { control } = environment;
  const startedAt = performance.now();

  const runs = new UnpatchedRuns(environment);
  const unpatched = await runs.of(target.ids);
  const sourceRun = await runs.of(source.ids.slice(0, 1 + Math.max(...sourcePositions)));
  const swapAt = (positions: readonly number[], range: LayerRange): PatchedRow[] =>
    planRows(gridSwap(experiment, positions), range, { unpatched, source: sourceRun });
  if (sourceLayer !== null) await climbAll(environment, runs, []);

  const ground = promptGround(target, decoder.info);
  const positions = gridPositions(experiment);
  const naming = namesSource(experiment)
    ? [swapAt(targetPositions, { from: layers.from, to: layers.from })]
    : [];
  const columnBatches = positions.map((position) =>
    batchesOf(swapAt([position], layers), ground, decoder.info, environment.limits),
  );
  const places = columnBatches.flatMap((batches, column) =>
    batches.map((_, i) => ({ column, isLast: i === batches.length - 1 })),
  );
  const reading = new GridReading(experiment, environment, unpatched);
  if (!climbsTogether(decoder.info)) await reading.readBaseline();
  let index = -naming.length;
  for (const group of climbsOf([...naming, ...columnBatches.flat()], ground, decoder.info)) {
    const passes = group.map((batch) =>
      startRows(decoder, unpatched, batch, [target.ids.length - 1], control),
    );
    try {
      await climbAll(environment, runs, passes);
      await reading.readBaseline();
      for (const [i, pass] of passes.entries()) {
        const output = await logitsOf(decoder, pass, control);
        const place = places[index++];
        if (place) reading.readRows(positions[place.column]!, group[i]!, output, place.isLast);
        else reading.nameSource(output);
      }
    } finally {
      for (const pass of passes) pass.release();
    }
  }
  const timing = { runMs: performance.now() - startedAt, blockTokens: control.meter.blockTokens };
  return { ...reading.reply, timing };
}

/** What is read of one cell. */
type Cell = Readout & Pick<SweepRow, "klToBaseline">;

/** State of one grid's reading: its answers, and the columns so far. */
class GridReading {
  readonly #experiment: GridExperiment;
  readonly #environment: RunEnvironment;
  readonly #unpatched: UnpatchedRun;
  #baseline: TopToken[] | null = null;
  #answers: Answers | null = null;
  #cells: Cell[] = [];
  readonly #columns: GridColumn[] = [];
  readonly #texts: Record<string, string> = {};

  constructor(experiment: GridExperiment, environment: RunEnvironment, unpatched: UnpatchedRun) {
    this.#experiment = experiment;
    this.#environment = environment;
    this.#unpatched = unpatched;
  }

  get reply(): Omit<GridReply, "timing"> {
    return { baseline: this.#baseline!, answers: this.#answers!, columns: this.#columns, texts: this.#texts };
  }

  /** Reads what the unpatched prompt answers, once. */
  async readBaseline(): Promise<void> {
    if (this.#baseline) return;
    const { decoder, textOf } = this.#environment;
    const { answers } = this.#experiment;
    const logits = await lastLogits(decoder, this.#unpatched);
    this.#baseline = topTokens(logits, BASELINE_TOP, textOf);
    this.#answers = {
      target: answers.target ?? answerOf([argmax(logits)], textOf),
      source: answers.source,
    };
    if (!namesSource(this.#experiment)) this.#emitBaseline();
  }

  /** Takes what a swap gives as the source's answer; what gives the target's own answer names none. */
  nameSource({ rows }: BatchOutput): void {
    const id = argmax(rows[0]!.logits);
    const answers = this.#answers!;
    if (id !== answers.target.ids[0])
      this.#answers = { ...answers, source: answerOf([id], this.#environment.textOf) };
    this.#emitBaseline();
  }

  /** @param isLast whether no other batch of the position's column comes */
  readRows(position: number, batch: readonly PatchedRow[], output: BatchOutput, isLast: boolean): void {
    const { layers } = this.#experiment;
    const answers = this.#answers!;
    const reference = referenceOf(output.unpatched.logits);
    batch.forEach(({ k }, i) => {
      const { logits } = output.rows[i]!;
      const total = logSumExp(logits);
      const read = readLogits(logits, answers, "next-token", undefined, total);
      this.#cells[k - layers.from] = { ...read, klToBaseline: klDivergence(reference, logits, total) };
    });
    if (!isLast) return;
    const { textOf, emit } = this.#environment;
    const column = gridColumn(position, this.#cells);
    this.#cells = [];
    for (const id of column.argmax) if (!(id in this.#texts)) this.#texts[id] = textOf(id);
    this.#columns.push(column);
    const total = gridPositions(this.#experiment).length;
    emit({ kind: "column", column, texts: this.#texts, answers, done: this.#columns.length, total });
  }

  #emitBaseline(): void {
    this.#environment.emit({ kind: "baseline", top: this.#baseline!, answers: this.#answers! });
  }
}

function gridColumn(position: number, readouts: readonly Cell[]): GridColumn {
  return {
    position,
    argmax: readouts.map((read) => read.argmax),
    outcome: readouts.map((read) => read.outcome),
    logitDifference: readouts.map((read) => read.logitDifference),
    targetLogprob: readouts.map((read) => read.targetLogprob),
    sourceLogprob: readouts.map((read) => read.sourceLogprob),
    rankOfTarget: readouts.map((read) => read.rankOfTarget),
    klToBaseline: readouts.map((read) => read.klToBaseline),
  };
}
