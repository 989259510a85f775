/** `state-swap sweep`: one condition over a range of k. */
import type { Condition, Experiment } from "../../shared/experiment.ts";
import type { Progress, SweepReply } from "../../shared/protocol.ts";
import type { SweepResult, SweepRow, TopToken } from "../../shared/result.ts";
import { alignSpans } from "../../shared/span-alignment.ts";
import { positionsOf } from "../../shared/spans.ts";
import { SwapError } from "../../shared/errors.ts";
import { namedAnswers } from "../answers.ts";
import type { CommandLine } from "../args.ts";
import type { ConditionInput } from "../condition-options.ts";
import { conditionInput } from "../condition-options.ts";
import type { Messages } from "../messages.ts";
import { csvText } from "../csv.ts";
import type { Session } from "../engine.ts";
import { modelChoice, withModel } from "../engine.ts";
import type { Answers } from "../head-lines.ts";
import { headLines } from "../head-lines.ts";
import { jsonText } from "../json-text.ts";
import { countOption, layersOption } from "../option-values.ts";
import type { Format, Output } from "../output.ts";
import { outputOf, stdoutColumns, writeText } from "../output.ts";
import type { ReadyPrompt } from "../prompts.ts";
import { bosOption, promptInput, readyPrompt, spanIn, targetInput } from "../prompts.ts";
import { bestOf, sweepResult } from "../results.ts";
import { actionOf, conclusion, emptySwapWarning } from "../sentences.ts";
import { styleFor } from "../style.ts";
import type { SweepLayout } from "../sweep-table.ts";
import { sweepHeading, sweepLayout, sweepLine } from "../sweep-table.ts";
import { withVectorsFile } from "../vectors-file.ts";

const DEFAULT_TOP = 10;

/** Runs the command; its result goes where the options say. */
export async function sweepCommand(line: CommandLine, messages: Messages): Promise<void> {
  const output = outputOf(line);
  const targetText = targetInput(line);
  const sourceText = promptInput(line, "source");
  const bos = bosOption(line);
  const input = conditionInput(line);
  const layers = layersOption(line);
  const top = countOption(line, "top") ?? DEFAULT_TOP;
  const choice = modelChoice(line);
  await withModel(choice, messages, async (session) => {
    const target = await readyPrompt(session, targetText, "target", bos, messages);
    const source =
      sourceText === null
        ? input.kind === "swap"
          ? target
          : null
        : await readyPrompt(session, sourceText, "source", bos, messages);
    const experiment: Experiment = {
      target: target.prompt,
      source: source?.prompt ?? null,
      condition: conditionOf(input, target, source, messages),
      layers: layers ?? { from: 0, to: session.info.blocks - 1 },
      answers: await namedAnswers(line, session, target, messages),
      top,
    };
    await runExperiment(experiment, input, session, output, messages);
  });
}

async function runExperiment(
  experiment: Experiment,
  input: ConditionInput,
  session: Session,
  output: Output,
  messages: Messages,
): Promise<void> {
  const { info } = session;
  const streams = output.format === "table" && process.stdout.isTTY;
  const table = new SweepTable(experiment, session);
  messages.progress("running the unpatched prompt");
  const onProgress = (progress: Progress): void => {
    if (progress.kind === "baseline") {
      table.baseline = progress.top;
      messages.progress(`sweep over k ${experiment.layers.from}–${experiment.layers.to}`);
    } else if (progress.kind === "row") {
      if (!streams) messages.progress(`sweep, row ${progress.done} of ${progress.total}`);
      else {
        messages.endProgress();
        for (const text of table.linesFor(progress.row, progress.answers)) process.stdout.write(`${text}\n`);
      }
    }
  };
  const reply = await session.request("sweep", experiment, { onProgress }).catch((error: unknown) => {
    throw input.kind === "vectors" ? withVectorsFile(error, input.file) : error;
  });
  messages.endProgress();
  const warning = emptySwapWarning(experiment.condition, reply.rows);
  if (output.format === "table") {
    if (!streams) {
      const lines = reply.rows.flatMap((row) => table.linesFor(row, reply.answers));
      process.stdout.write(lines.map((text) => `${text}\n`).join(""));
    }
    process.stdout.write(`\n${conclusion(experiment.condition, reply.rows, info.blocks)}\n`);
  } else {
    writeText(await machineText(output.format, experiment, session, reply), output.file);
  }
  if (warning !== null) messages.warn(warning);
}

async function machineText(
  format: Exclude<Format, "table">,
  experiment: Experiment,
  session: Session,
  reply: SweepReply,
): Promise<string> {
  if (format === "csv") return sweepCsv(reply.rows);
  const { sha256 } = await session.request("hash", {});
  const result: SweepResult = sweepResult(session.info, sha256, experiment, reply);
  return jsonText(result);
}

/** The lines of a sweep in their order: what stands above the rows comes with the first one, which names the answers. */
class SweepTable {
  readonly #experiment: Experiment;
  readonly #session: Session;
  readonly #style = styleFor(process.stdout, process.env);
  #layout: SweepLayout | null = null;
  /** Known before the first row. */
  baseline: readonly TopToken[] = [];

  constructor(experiment: Experiment, session: Session) {
    this.#experiment = experiment;
    this.#session = session;
  }

  linesFor(row: SweepRow, answers: Answers): string[] {
    const before: string[] = [];
    if (this.#layout === null) {
      const { info } = this.#session;
      const columns = stdoutColumns();
      this.#layout = sweepLayout(answers, info.blocks, this.#style, columns);
      const { target, source } = this.#experiment;
      const head = {
        info,
        target,
        source,
        action: actionOf(this.#experiment),
        baseline: this.baseline,
        answers,
      };
      before.push(...headLines(head, this.#style, columns), "", sweepHeading(this.#layout));
    }
    return [...before, sweepLine(row, this.#layout)];
  }
}

function conditionOf(
  input: ConditionInput,
  target: ReadyPrompt,
  source: ReadyPrompt | null,
  messages: Messages,
): Condition {
  switch (input.kind) {
    case "swap": {
      const targets = input.targets.map((spec) => spanIn(target, spec, "target", "swap", messages));
      const from = spanIn(
        source ?? target,
        input.source,
        source === target ? "target" : "source",
        "with",
        messages,
      );
      return { kind: "swap", align: input.align, pairs: alignSpans(targets, from, input.align) };
    }
    case "identity":
      return { kind: "identity", positions: identityPositions(input.positions, target, messages) };
    case "vectors":
      return { kind: "vectors", entries: input.entries };
  }
}

function identityPositions(
  spec: Extract<ConditionInput, { kind: "identity" }>["positions"],
  target: ReadyPrompt,
  messages: Messages,
): readonly number[] {
  if (spec !== null) return positionsOf(spanIn(target, spec, "target", "positions", messages));
  const count = target.prompt.ids.length - 1;
  if (count > 0) return Array.from({ length: count }, (_, p) => p);
  throw new SwapError(
    "bad-span",
    "The target prompt has one token, and --positions all-but-last leaves none of it.",
    "Give a longer prompt, or --positions @0.",
  );
}

/** One line for each row; `seed` only where rows have one. */
function sweepCsv(rows: readonly SweepRow[]): string {
  const seeded = rows.some((row) => row.seed !== undefined);
  const header = [
    ...["k", "outcome", "answer", "answer_id", "answer_logprob", "target_logprob", "source_logprob"],
    ...["logit_difference", "rank_of_target", "delta_norm", ...(seeded ? ["seed"] : [])],
  ];
  const lines = rows.map((row) => {
    const best = bestOf(row.top);
    return [
      ...[row.k, row.outcome, best.text, best.id, best.logprob, row.targetLogprob, row.sourceLogprob],
      ...[row.logitDifference, row.rankOfTarget, row.deltaNorm, ...(seeded ? [row.seed ?? null] : [])],
    ];
  });
  return csvText(header, lines);
}
