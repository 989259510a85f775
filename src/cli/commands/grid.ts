/** `state-swap grid`: the swap at every position x every k. */
import type { GridExperiment } from "../../shared/experiment/experiment.ts";
import { gridSource, gridTargets } from "../../shared/experiment/grid-source.ts";
import type { Progress } from "../../shared/protocol/engine.ts";
import type { GridResult } from "../../shared/experiment/result.ts";
import { answersOption, noteFirstTokens } from "../answers.ts";
import type { CommandLine } from "../options/args.ts";
import { usageError } from "../options/args.ts";
import {
  alignOption,
  kindOf,
  sourceLayerOption,
  sourceSpan,
  strengthOption,
  swapSpans,
} from "../options/condition-options.ts";
import type { Messages } from "../messages.ts";
import { gridCsv } from "../../shared/export/grid-csv.ts";
import { gridColumns } from "../../shared/experiment/grid-arrays.ts";
import type { OpenModel } from "../engine.ts";
import { modelChoice, withModel } from "../engine.ts";
import { checkExplainFormat, explain } from "../explain.ts";
import { gridLines, neitherLine } from "../table/grid-table.ts";
import { headLines } from "../table/head-lines.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import { layersOption } from "../options/option-values.ts";
import { outputOf, stdoutColumns, writeText } from "../output.ts";
import { bosOption, promptInput, readyPrompt, spanIn, targetInput } from "../prompts.ts";
import { gridResult } from "../results.ts";
import { gridAction } from "../sentences.ts";
import { styleFor } from "../style.ts";

/** Runs the command; its result goes where the options say. */
export async function gridCommand(line: CommandLine, messages: Messages): Promise<void> {
  const output = outputOf(line);
  if (line.flags.has("explain")) checkExplainFormat(output, line.command);
  if (kindOf(line) !== "swap") throw usageError("A grid has one condition: swap.", line.command);
  const targetText = targetInput(line);
  const sourceText = promptInput(line, "source");
  const bos = bosOption(line);
  const from = sourceSpan(line);
  const to = swapSpans(line);
  const align = alignOption(line);
  if (align === "each") {
    throw usageError("A grid puts one state at one position: --align takes last or mean here.", line.command);
  }
  const layers = layersOption(line);
  const sourceLayer = sourceLayerOption(line);
  const strength = strengthOption(line);
  const choice = modelChoice(line);
  await withModel(choice, messages, async (model) => {
    const target = await readyPrompt(model, targetText, "target", bos, messages);
    const source = sourceText ? await readyPrompt(model, sourceText, "source", bos, messages) : target;
    const sourceSide = source === target ? "target" : "source";
    const sourcePositions = gridSource(spanIn(source, from, sourceSide, "with", messages), align);
    const targets = to.map((spec) => spanIn(target, spec, "target", "swap", messages));
    const answers = await answersOption(line, model, target);
    await noteFirstTokens(answers, model, messages);
    const experiment: GridExperiment = {
      target: target.prompt,
      source: source.prompt,
      sourcePositions,
      sourceLayer,
      strength,
      targetPositions: gridTargets(targets, align),
      layers: layers ?? { from: 0, to: model.info.blocks - 1 },
      answers,
    };
    if (line.flags.has("explain")) {
      await explain({ grid: experiment }, model, output);
      return;
    }
    const result = await runExperiment(experiment, model, messages);
    if (output.format === "json") writeText(jsonText(result), output.file);
    else if (output.format === "csv") writeText(csvOf(result), output.file);
    else printTable(result, experiment, model);
    if (result.answers.source === null && targets.length === 0) {
      messages.note(
        "Without a source answer no cell has the outcome source: give --swap SPAN or --source-answer TEXT.",
      );
    }
  });
}

async function runExperiment(
  experiment: GridExperiment,
  model: OpenModel,
  messages: Messages,
): Promise<GridResult> {
  messages.progress("grid");
  const onProgress = (progress: Progress): void => {
    if (progress.kind === "column") messages.progress(`grid, position ${progress.done} of ${progress.total}`);
  };
  const reply = await model.request("grid", experiment, { onProgress });
  const hashes = await model.request("hash", {});
  messages.endProgress();
  return gridResult(model.info, hashes, experiment, reply);
}

function printTable(result: GridResult, experiment: GridExperiment, model: OpenModel): void {
  const style = styleFor(process.stdout, process.env);
  const columns = stdoutColumns();
  const { target, source } = experiment;
  const head = {
    info: model.info,
    target,
    source,
    action: gridAction(experiment, model.info),
    baseline: result.baseline.top,
    answers: result.answers,
  };
  const neither = neitherLine(result);
  const lines = [
    ...headLines(head, style, columns),
    "",
    ...gridLines(result, style, columns),
    ...(neither === null ? [] : ["", neither]),
  ];
  writeText(`${lines.join("\n")}\n`, null);
}

/** The same lines as the editor's export. */
function csvOf(result: GridResult): string {
  const { target, layers, texts } = result;
  return gridCsv({ tokens: target.tokens, layers, columns: gridColumns(result), texts });
}
