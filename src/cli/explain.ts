/** `--explain`: prints the plan of a sweep or a grid instead of running it. */
import type { Experiment, GridExperiment } from "../shared/experiment/experiment.ts";
import type { PlannedPass } from "../shared/experiment/run-plan.ts";
import type { Reply } from "../shared/protocol/engine.ts";
import { durationText } from "../shared/words/duration.ts";
import { VERSION } from "../shared/version.ts";
import type { OpenModel } from "./engine.ts";
import { jsonText } from "../shared/text/json-text.ts";
import type { Output } from "./output.ts";
import { writeText } from "./output.ts";
import { fitLeft, fitRight } from "../shared/text/text-width.ts";

const PLAN_SCHEMA = "state-swap/plan@1";
const WHAT_WIDTH = 36;

/** Asks the engine for the plan and writes it. */
export async function explain(
  work: { readonly sweep: Experiment } | { readonly grid: GridExperiment },
  model: OpenModel,
  { format, file }: Output,
  unplanned: readonly string[] = [],
): Promise<void> {
  const asked = { sweep: null, grid: null, ...work };
  const reply = await model.request("plan", asked);
  const plan: Reply<"plan"> = { ...reply, unplanned: [...reply.unplanned, ...unplanned] };
  if (format === "json") {
    const { path, numeric, blocks } = model.info;
    writeText(
      jsonText({ schema: PLAN_SCHEMA, version: VERSION, model: { path, numeric, blocks }, ...plan }),
      file,
    );
  } else writeText(`${planLines(plan).join("\n")}\n`, file);
}

/** The plan as a table. */
function planLines(plan: Reply<"plan">): string[] {
  const heading = cells([
    "pass",
    "rows",
    "tokens",
    "on past",
    "blocks",
    "block-tokens",
    "k/v only",
    "head",
    "MiB",
  ]);
  const ratio =
    plan.blockTokens === 0 ? "" : `, ${(plan.wholeBlockTokens / plan.blockTokens).toFixed(1)} times as many`;
  return [
    heading,
    ...plan.passes.map(passLine),
    "",
    `${plan.blockTokens} block-tokens; as whole passes ${plan.wholeBlockTokens}${ratio}. ${plan.keyValueTokens} more leave keys and values only.`,
    `${plan.headRows} states go through the head.`,
    `At most ${mebibytes(plan.bytes)} MiB at once (budget of a batch: ${mebibytes(plan.budgetBytes)}); ${mebibytes(plan.keptBytes)} MiB of unpatched runs are kept.`,
    ...readLines(plan),
    plan.expectedMs === null
      ? "How long it takes on this machine is known after the model's first run here."
      : `Takes ${durationText(plan.expectedMs)} on this machine, by earlier runs of this model.`,
    ...plan.unplanned,
  ];
}

function readLines({ reads }: Reply<"plan">): string[] {
  if (!reads) return [];
  const times = reads.climbs === 1 ? "once" : `${reads.climbs} times`;
  return [
    `Layers are read from the file as they run, climbed ${times}: ${(reads.bytes / 1e9).toFixed(2)} GB.`,
  ];
}

function passLine(pass: PlannedPass): string {
  const { kind, what, rows, positions, past, from, to, blockTokens, keyValueTokens, headRows, bytes } = pass;
  const climbed = to > from ? `${from}–${to - 1}` : "–";
  return cells([
    `${kind}: ${what}`,
    ...[rows, positions, past].map(String),
    climbed,
    ...[blockTokens, keyValueTokens, headRows].map(String),
    mebibytes(bytes),
  ]);
}

function cells([what = "", ...numbers]: readonly string[]): string {
  const widths = [6, 8, 9, 8, 14, 10, 6, 8];
  const columns = numbers.map((text, i) => fitRight(text, widths[i]!));
  return `${fitLeft(what, WHAT_WIDTH)}${columns.join("")}`;
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}
