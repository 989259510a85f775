/** Whether a result still stands: it does while everything that it was made from is as it was. */
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { StaleReason, Standing } from "../../shared/experiment/standing.ts";
import { standingOf } from "../../shared/experiment/standing.ts";
import { gridSource, isOneState } from "../../shared/experiment/grid-source.ts";
import { conditionIfAny, sameCondition, sameKind } from "./condition-now.ts";
import type {
  AnswerChoice,
  AttentionRun,
  GridRun,
  Intervention,
  RunInputs,
  Source,
  SweepRun,
} from "./records.ts";
import type { ReadPrompt, Reading } from "../prompt/reading.ts";

/** Looks a known prompt up. */
export type PromptLookup = (id: number) => KnownPrompt | null;

/** Why a sweep no longer stands; null while it does. */
export function staleSweep(
  intervention: Intervention,
  { inputs }: Pick<SweepRun, "inputs">,
  prompts: PromptLookup,
  now: Reading,
): StaleReason | null {
  return (
    staleReads(inputs.target, inputs.source?.read ?? null, prompts, now) ??
    staleCondition(intervention, inputs) ??
    staleAnswers(intervention.setup.answers, inputs.setup.answers)
  );
}

/** Why a grid no longer stands; null while it does. */
export function staleGrid(
  intervention: Intervention,
  run: GridRun,
  prompts: PromptLookup,
  now: Reading,
): StaleReason | null {
  const { strength, sourceLayer } = intervention.setup.choice;
  const before = run.setup.choice;
  return (
    staleReads(run.target, run.source.read, prompts, now) ??
    (isSameRead(intervention.source, run.source) ? null : "source-changed") ??
    (isSameSource(intervention, run) ? null : "source-tokens-changed") ??
    (strength === before.strength && sourceLayer === before.sourceLayer ? null : "condition-changed") ??
    staleAnswers(intervention.setup.answers, run.setup.answers)
  );
}

/** Whether attention is still that of the prompt as it is. */
export function isAttentionFresh(
  { target }: Intervention,
  attention: AttentionRun,
  prompts: PromptLookup,
  now: Reading,
): boolean {
  const isSame = String(attention.target.tokenization.ids) === String(target.tokenization.ids);
  return isSame && staleRead(attention.target, "target", prompts, now) === null;
}

/** The standing of a sweep: what a run that broke off lacks comes before what has changed since. */
export function sweepStanding(
  intervention: Intervention,
  run: SweepRun,
  prompts: PromptLookup,
  now: Reading,
): Standing {
  return brokenOff(run) ?? standingOf(staleSweep(intervention, run, prompts, now));
}

/** The standing of a run that is not shown: what is chosen for the next one says nothing of it. */
export function keptStanding(run: SweepRun, prompts: PromptLookup, now: Reading): Standing {
  const { target, source } = run.inputs;
  return brokenOff(run) ?? standingOf(staleReads(target, source?.read ?? null, prompts, now));
}

/** The standing of a grid. */
export function gridStanding(
  intervention: Intervention,
  run: GridRun,
  prompts: PromptLookup,
  now: Reading,
): Standing {
  return brokenOff(run) ?? standingOf(staleGrid(intervention, run, prompts, now));
}

function brokenOff(run: Pick<SweepRun, "state" | "failure">): Standing | null {
  const { state, failure } = run;
  if (state !== "partial") return null;
  return { kind: "partial", reason: failure?.code === "cancelled" ? "cancelled" : "lost" };
}

/** Why a read prompt is not what the model would read now; null while it is. */
export function staleRead(
  read: ReadPrompt,
  side: "source" | "target",
  prompts: PromptLookup,
  now: Reading,
): StaleReason | null {
  if (read.promptId !== null) {
    const prompt = prompts(read.promptId);
    const isSource = side === "source";
    if (!prompt?.current) {
      return isSource ? "source-deleted" : "prompt-deleted";
    }
    if (prompt.current.text !== read.text) {
      return isSource ? "source-edited" : "prompt-edited";
    }
  }
  const { reading } = read;
  if (reading.modelKey !== now.modelKey) return "model-changed";
  if (reading.tokenizer !== now.tokenizer) return "tokenizer-changed";
  if (reading.bos !== now.bos) return "bos-changed";
  if (reading.useChatTemplate !== now.useChatTemplate) return "template-changed";
  return null;
}

function staleReads(
  target: ReadPrompt,
  source: ReadPrompt | null,
  prompts: PromptLookup,
  now: Reading,
): StaleReason | null {
  return staleRead(target, "target", prompts, now) ?? (source && staleRead(source, "source", prompts, now));
}

function staleCondition(
  intervention: Intervention,
  { condition, source, setup }: RunInputs,
): StaleReason | null {
  const next = conditionIfAny(intervention);
  if (!next) {
    const isSame = intervention.setup.choice.kind === condition.kind;
    return isSame ? "tokens-changed" : "condition-changed";
  }
  if (!sameKind(next, condition)) return "condition-changed";
  if ("entries" in condition && intervention.setup.vectors !== setup.vectors) {
    return "vectors-changed";
  }
  if (source && !isSameRead(intervention.source, source)) return "source-changed";
  return sameCondition(next, condition) ? null : "tokens-changed";
}

function staleAnswers(now: AnswerChoice, before: AnswerChoice): StaleReason | null {
  const isSame =
    now.target === before.target &&
    now.source === before.source &&
    now.scoring === before.scoring &&
    (now.scoring !== "likelihood" || now.tokens === before.tokens);
  return isSame ? null : "answers-changed";
}

/** How several tokens became one state was asked for the run alone, unless the swap itself says it. */
function isSameSource({ source, align }: Intervention, { sourcePositions }: GridRun): boolean {
  if (!source) return false;
  const ways = isOneState(source.span, align) ? [align] : (["last", "mean"] as const);
  return ways.some((way) => String(gridSource(source.span, way)) === String(sourcePositions));
}

function isSameRead(a: Source | null, b: Source): boolean {
  return (
    a !== null && (a.read === b.read || String(a.read.tokenization.ids) === String(b.read.tokenization.ids))
  );
}
