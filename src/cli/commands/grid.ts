/** `state-swap grid`: the swap at every position x every k. */
import type { GridExperiment } from "../../shared/experiment/experiment.ts";
import type { Progress } from "../../shared/protocol/engine.ts";
import type { GridResult } from "../../shared/experiment/result.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { gridNotes, sayNotes } from "../notes.ts";
import { gridCsv } from "../../shared/export/grid-csv.ts";
import { gridColumns } from "../../shared/experiment/grid-arrays.ts";
import type { OpenModel } from "../engine.ts";
import { withModel } from "../engine.ts";
import { gridExperiment } from "../experiments.ts";
import { explain } from "../explain.ts";
import { gridLines, neitherLine } from "../table/grid-table.ts";
import { headLines } from "../table/head-lines.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import { stdoutColumns, writeText } from "../output.ts";
import { gridResult } from "../results.ts";
import { gridAction } from "../sentences.ts";
import { styleFor } from "../style.ts";

/** Runs the command; its result goes where the options say. */
export async function gridCommand(options: OptionsOf<"grid">, messages: Messages): Promise<void> {
  const { output } = options;
  await withModel(options, messages, async (model) => {
    const experiment = await gridExperiment(options, model, messages);
    const before = gridNotes(experiment);
    sayNotes(before, messages);
    if (options.explain) {
      await explain({ grid: experiment }, model, output);
      return;
    }
    const result = await runExperiment(experiment, model, messages);
    if (output.format === "json") writeText(jsonText(result), output.file);
    else if (output.format === "csv") writeText(csvOf(result), output.file);
    else printTable(result, experiment, model);
    sayNotes(gridNotes(experiment, result.baseline.top).slice(before.length), messages);
    if (result.answers.source === null && experiment.targetPositions.length === 0) {
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
  return gridResult(model.info, hashes, experiment, reply, gridNotes(experiment, reply.baseline));
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
