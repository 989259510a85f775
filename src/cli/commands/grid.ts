/** `state-swap grid`: the swap at every position x every k. */
import type { GridExperiment } from "../../shared/experiment/experiment.ts";
import type { GridReply, Progress } from "../../shared/protocol/engine.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { gridNotes, sayNotes } from "../notes.ts";
import { gridCsv } from "../../shared/export/grid-csv.ts";
import { leftMs } from "../../shared/experiment/run-time.ts";
import { durationText, leftText } from "../../shared/words/duration.ts";
import { gridArrays } from "../../shared/experiment/grid-arrays.ts";
import type { OpenModel } from "../engine.ts";
import { withModel } from "../engine.ts";
import { gridExperiment } from "../experiments.ts";
import { explain } from "../explain.ts";
import { gridLines, neitherLine } from "../table/grid-table.ts";
import { headLines } from "../table/head-lines.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import type { Output } from "../output.ts";
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
    const reply = await runExperiment(experiment, model, messages);
    await write(experiment, reply, model, output);
    sayNotes(gridNotes(experiment, reply.baseline).slice(before.length), messages);
    if (reply.answers.source === null && experiment.targetPositions.length === 0) {
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
): Promise<GridReply> {
  const { expectedMs } = await model.request("plan", { sweep: null, grid: experiment });
  messages.progress(expectedMs === null ? "grid" : `grid, ${durationText(expectedMs)}`);
  const startedAt = performance.now();
  const onProgress = (progress: Progress): void => {
    if (progress.kind !== "column") return;
    const { done, total } = progress;
    const left = leftMs({ elapsedMs: performance.now() - startedAt, expectedMs, done, total });
    messages.progress(`grid, position ${done} of ${total}${left === null ? "" : `, ${leftText(left)}`}`);
  };
  const reply = await model.request("grid", experiment, { onProgress });
  messages.endProgress();
  return reply;
}

async function write(
  experiment: GridExperiment,
  reply: GridReply,
  model: OpenModel,
  { format, file }: Output,
): Promise<void> {
  const { target, layers } = experiment;
  const { columns, texts, baseline } = reply;
  switch (format) {
    case "table":
      printTable(experiment, reply, model);
      return;
    case "csv":
      writeText(gridCsv({ tokens: target.tokens, layers, columns, texts }), file);
      return;
    case "json": {
      const hashes = await model.request("hash", {});
      const notes = gridNotes(experiment, baseline);
      writeText(jsonText(gridResult(model.info, hashes, experiment, reply, notes)), file);
    }
  }
}

function printTable(experiment: GridExperiment, reply: GridReply, { info }: OpenModel): void {
  const style = styleFor(process.stdout, process.env);
  const width = stdoutColumns();
  const { target, source, targetPositions, layers } = experiment;
  const { baseline, answers, columns, texts } = reply;
  const head = { info, target, source, action: gridAction(experiment, info), baseline, answers };
  const arrays = gridArrays(columns, layers);
  const cells = { target: { tokens: target.tokens, positions: targetPositions }, layers, ...arrays };
  const neither = neitherLine(arrays, texts);
  const lines = [
    ...headLines(head, style, width),
    "",
    ...gridLines(cells, style, width),
    ...(neither === null ? [] : ["", neither]),
  ];
  writeText(`${lines.join("\n")}\n`, null);
}
