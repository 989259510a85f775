/** `state-swap sweep`: one condition over a range of k, and what was asked for beside it. */
import type { Experiment } from "../../shared/experiment/experiment.ts";
import type { Progress, SweepReply } from "../../shared/protocol/engine.ts";
import type { TopToken } from "../../shared/experiment/result.ts";
import type { OptionsOf } from "../options/commands.ts";
import { sweepExperiment } from "../experiments.ts";
import { startsWithBos } from "../prompts.ts";
import type { OpenModel } from "../engine.ts";
import { withModel } from "../engine.ts";
import type { Answers } from "../table/head-lines.ts";
import { explain } from "../explain.ts";
import { headLines } from "../table/head-lines.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import type { Messages } from "../messages.ts";
import { sayNotes, sweepNotes } from "../notes.ts";
import type { Output } from "../output.ts";
import { stdoutColumns, writeStdout, writeText } from "../output.ts";
import { sweepResult } from "../results.ts";
import { actionOf, emptyPatchWarning } from "../sentences.ts";
import { painted, styleFor } from "../style.ts";
import { verdict, verdictFacts } from "../../shared/words/verdict.ts";
import type { BesideOptions } from "../options/beside-options.ts";
import type { RanSweep } from "../extras.ts";
import { checkBeside, runBeside } from "../extras.ts";
import { besideLines } from "../table/extras-lines.ts";
import { sweepCsv } from "../../shared/export/sweep-csv.ts";
import { SweepLines } from "../table/sweep-lines.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import { rowShapes } from "../../shared/experiment/row-shape.ts";
import { withVectorsFile } from "../../shared/condition/vectors-file.ts";

/** Runs the command; its result goes where the options say. */
export async function sweepCommand(options: OptionsOf<"sweep">, messages: Messages): Promise<void> {
  await withModel(options, messages, async (model) => {
    checkBeside(options, model.info);
    const experiment = await sweepExperiment(options, model, messages);
    sayNotes(sweepNotes(experiment), messages);
    if (options.explain) await explain({ sweep: experiment }, model, options.output, notPlanned(options));
    else await run(experiment, options, model, messages);
  });
}

/** What is asked for beside the rows and not in the plan. */
function notPlanned({ attention, continuation, controls }: BesideOptions): string[] {
  return [
    ...(attention ? ["--attention takes a pass of its own, beside this plan."] : []),
    ...(continuation === null ? [] : ["--continue takes a pass for each row, beside this plan."]),
    ...(controls ? ["--controls are sweeps of their own, beside this plan."] : []),
  ];
}

async function run(
  experiment: Experiment,
  options: OptionsOf<"sweep">,
  model: OpenModel,
  messages: Messages,
): Promise<void> {
  const { output, vectors, bos } = options;
  const { info } = model;
  const { condition } = experiment;
  const streams = output.format === "table" && process.stdout.isTTY;
  const table = new SweepTable(experiment, model);
  const order = new RowOrder(condition, experiment.layers);
  messages.progress("running the unpatched prompt");
  const onProgress = (progress: Progress): void => {
    if (progress.kind === "baseline") {
      table.baseline = progress.top;
      messages.progress(`sweep over k ${experiment.layers.from}–${experiment.layers.to}`);
    } else if (progress.kind === "step") {
      messages.progress(`sweep, ${Math.floor((100 * progress.done) / progress.total)} %`);
    } else if (progress.kind === "row") {
      if (!streams) messages.progress(`sweep, row ${progress.done} of ${progress.total}`);
      else {
        messages.endProgress();
        for (const row of order.add(progress.row)) {
          for (const text of table.linesFor(row, progress.answers)) writeStdout(`${text}\n`);
        }
      }
    }
  };
  const reply = await model.request("sweep", experiment, { onProgress }).catch((error: unknown) => {
    throw vectors === null ? error : withVectorsFile(error, vectors.file);
  });
  messages.endProgress();
  if (output.format === "table") {
    if (!streams) {
      const lines = reply.rows.flatMap((row) => table.linesFor(row, reply.answers));
      writeStdout(lines.map((text) => `${text}\n`).join(""));
    }
    const facts = verdictFacts({ ...reply, condition }, info.blocks);
    writeStdout(`\n${painted(verdict(reply.rows, facts), styleFor(process.stdout, process.env))}\n`);
  }
  const ran = await runBeside(experiment, reply, options, bos, model, messages);
  await write(experiment, ran, model, output);
  sayNotes(sweepNotes(experiment, reply.baseline).slice(sweepNotes(experiment).length), messages);
  const warning = emptyPatchWarning(condition, reply.rows);
  if (warning !== null) messages.warn(warning);
}

async function write(experiment: Experiment, ran: RanSweep, model: OpenModel, output: Output): Promise<void> {
  const { info } = model;
  const { baseline, rows } = ran.sweep;
  switch (output.format) {
    case "table": {
      const style = styleFor(process.stdout, process.env);
      const lines = besideLines({ experiment, blocks: info.blocks, style }, ran);
      writeStdout(lines.map((text) => `${text}\n`).join(""));
      return;
    }
    case "csv":
      writeText(sweepCsv(rows), output.file);
      return;
    case "json": {
      const hashes = await model.request("hash", {});
      const notes = sweepNotes(experiment, baseline);
      writeText(jsonText(sweepResult(info, hashes, experiment, ran, notes)), output.file);
    }
  }
}

/** Rows come as their batches finish; a table has them by k. */
class RowOrder {
  readonly #expected: readonly RowShape[];
  #next = 0;
  #waiting: SweepReply["rows"][number][] = [];

  constructor(condition: Experiment["condition"], layers: Experiment["layers"]) {
    this.#expected = rowShapes(condition, layers);
  }

  /** Rows that can be shown now. */
  add(row: SweepReply["rows"][number]): SweepReply["rows"][number][] {
    this.#waiting.push(row);
    const ready: SweepReply["rows"][number][] = [];
    for (;;) {
      const expected = this.#expected[this.#next];
      const found = this.#waiting.find(
        ({ k, seed }) => k === expected?.k && (seed ?? null) === expected.seed,
      );
      if (!found) return ready;
      this.#waiting = this.#waiting.filter((other) => other !== found);
      ready.push(found);
      this.#next++;
    }
  }
}

/** The lines of a sweep in their order: what stands above the rows comes with the first one, which names the answers. */
class SweepTable {
  readonly #experiment: Experiment;
  readonly #model: OpenModel;
  readonly #style = styleFor(process.stdout, process.env);
  #lines: SweepLines | null = null;
  /** Known before the first row. */
  baseline: readonly TopToken[] = [];

  constructor(experiment: Experiment, model: OpenModel) {
    this.#experiment = experiment;
    this.#model = model;
  }

  linesFor(row: SweepReply["rows"][number], answers: Answers): string[] {
    const before: string[] = [];
    if (this.#lines === null) {
      const { info } = this.#model;
      const columns = stdoutColumns();
      const { target, source, condition } = this.#experiment;
      this.#lines = new SweepLines(condition, answers, info.blocks, this.#style, columns);
      const head = {
        info,
        target,
        source,
        baseline: this.baseline,
        answers,
        condition,
        action: actionOf(this.#experiment, info),
        scoring: this.#experiment.answers.scoring,
        startsWithBos: startsWithBos(target, info.bosId),
      };
      before.push(...headLines(head, this.#style, columns), "", this.#lines.heading);
    }
    return [...before, ...this.#lines.add(row)];
  }
}
