/** `state-swap sweep`: one condition over a range of k, and what was asked for beside it. */
import { smallestK } from "../../shared/condition/condition.ts";
import type { Experiment } from "../../shared/experiment/experiment.ts";
import type { Progress, SweepReply } from "../../shared/protocol/engine.ts";
import type { TopToken } from "../../shared/experiment/result.ts";
import { answerRequest } from "../../shared/experiment/answer-choice.ts";
import { answersOption, noteAnswers, scoringOptions } from "../answers.ts";
import type { CommandLine } from "../options/args.ts";
import { conditionFor, startsWithBos } from "../condition-at.ts";
import { conditionInput } from "../options/condition-options.ts";
import type { OpenModel } from "../engine.ts";
import { modelChoice, withModel } from "../engine.ts";
import type { Answers } from "../table/head-lines.ts";
import { checkExplainFormat, explain } from "../explain.ts";
import { headLines } from "../table/head-lines.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import type { Messages } from "../messages.ts";
import { countOption, layersOption } from "../options/option-values.ts";
import type { Output } from "../output.ts";
import { outputOf, stdoutColumns, writeText } from "../output.ts";
import { bosOption, promptInput, readyPrompt, targetInput } from "../prompts.ts";
import { sweepResult } from "../results.ts";
import { actionOf, emptyPatchWarning } from "../sentences.ts";
import { painted, styleFor } from "../style.ts";
import { givesTarget } from "../../shared/experiment/outcome.ts";
import { verdict } from "../../shared/words/verdict.ts";
import type { Beside, BesideOptions } from "../extras.ts";
import { besideOptions, checkBeside, checkBesideFormat, runBeside } from "../extras.ts";
import { besideLines } from "../table/extras-lines.ts";
import { sweepCsv } from "../../shared/export/sweep-csv.ts";
import { SweepLines } from "../table/sweep-lines.ts";
import type { RowShape } from "../../shared/experiment/row-shape.ts";
import { rowShapes } from "../../shared/experiment/row-shape.ts";
import { withVectorsFile } from "../../shared/condition/vectors-file.ts";

const DEFAULT_TOP = 10;

/** Runs the command; its result goes where the options say. */
export async function sweepCommand(line: CommandLine, messages: Messages): Promise<void> {
  const output = outputOf(line);
  const targetText = targetInput(line);
  const sourceText = promptInput(line, "source");
  const bos = bosOption(line);
  const input = conditionInput(line);
  const layers = layersOption(line);
  const scoring = scoringOptions(line);
  const top = countOption(line, "top") ?? DEFAULT_TOP;
  const beside = besideOptions(line);
  if (line.flags.has("explain")) checkExplainFormat(output, line.command);
  checkBesideFormat(beside, output.format);
  const choice = modelChoice(line);
  await withModel(choice, messages, async (model) => {
    const { info } = model;
    checkBeside(beside, info);
    const target = await readyPrompt(model, targetText, "target", bos, messages);
    const own = input.choice.kind === "swap" ? target : null;
    const source = sourceText === null ? own : await readyPrompt(model, sourceText, "source", bos, messages);
    const answers = answerRequest(await answersOption(line, model, target), scoring);
    await noteAnswers(answers, input.choice.kind, model, messages);
    const experiment: Experiment = {
      target: target.prompt,
      source: source?.prompt ?? null,
      condition: conditionFor(input, target, source, info.bosId, messages),
      layers: layers ?? { from: smallestK(input.choice.kind), to: info.blocks - 1 },
      answers,
      top,
      lens: beside.lens,
    };
    if (line.flags.has("explain")) {
      await explain({ sweep: experiment }, model, output, notPlanned(beside));
      return;
    }
    await run({ experiment, vectorsFile: input.vectorsFile, model, output, beside, bos, messages });
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

interface Run {
  readonly experiment: Experiment;
  readonly vectorsFile: string | null;
  readonly model: OpenModel;
  readonly output: Output;
  readonly beside: BesideOptions;
  readonly bos: "auto" | "on" | "off";
  readonly messages: Messages;
}

async function run({
  experiment,
  vectorsFile,
  model,
  output,
  beside: options,
  bos,
  messages,
}: Run): Promise<void> {
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
          for (const text of table.linesFor(row, progress.answers)) process.stdout.write(`${text}\n`);
        }
      }
    }
  };
  const reply = await model.request("sweep", experiment, { onProgress }).catch((error: unknown) => {
    throw vectorsFile === null ? error : withVectorsFile(error, vectorsFile);
  });
  messages.endProgress();
  if (output.format === "table") {
    if (!streams) {
      const lines = reply.rows.flatMap((row) => table.linesFor(row, reply.answers));
      process.stdout.write(lines.map((text) => `${text}\n`).join(""));
    }
    const facts = {
      kind: condition.kind,
      blocks: info.blocks,
      givesTarget: givesTarget(reply.answers, reply.baseline),
    };
    process.stdout.write(`\n${painted(verdict(reply.rows, facts), styleFor(process.stdout, process.env))}\n`);
  }
  const beside = await runBeside(experiment, reply, options, bos, model, messages);
  await write(experiment, reply, beside, model, output);
  const warning = emptyPatchWarning(condition, reply.rows);
  if (warning !== null) messages.warn(warning);
}

async function write(
  experiment: Experiment,
  reply: SweepReply,
  beside: Beside,
  model: OpenModel,
  output: Output,
): Promise<void> {
  switch (output.format) {
    case "table": {
      const style = styleFor(process.stdout, process.env);
      const lines = besideLines(
        {
          experiment,
          answers: reply.answers,
          blocks: model.info.blocks,
          givesTarget: givesTarget(reply.answers, reply.baseline),
          style,
        },
        beside,
      );
      process.stdout.write(lines.map((text) => `${text}\n`).join(""));
      return;
    }
    case "csv":
      writeText(sweepCsv(reply.rows), output.file);
      return;
    case "json": {
      const hashes = await model.request("hash", {});
      writeText(jsonText(sweepResult(model.info, hashes, experiment, reply, beside)), output.file);
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
