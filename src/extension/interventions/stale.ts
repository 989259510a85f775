/** Whether a result still stands: it does while everything that it was made from is as it was. */
import * as l10n from "@vscode/l10n";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { Doubt } from "../../shared/words/facts.ts";
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

/** Why a sweep no longer stands, in a sentence; null while it does. */
export function staleSweep(
  intervention: Intervention,
  { inputs }: Pick<SweepRun, "inputs">,
  prompts: PromptLookup,
  now: Reading,
): string | null {
  return (
    staleReads(inputs.target, inputs.source?.read ?? null, prompts, now) ??
    staleCondition(intervention, inputs) ??
    staleAnswers(intervention.setup.answers, inputs.setup.answers)
  );
}

/** Why a grid no longer stands, in a sentence; null while it does. */
export function staleGrid(
  intervention: Intervention,
  run: GridRun,
  prompts: PromptLookup,
  now: Reading,
): string | null {
  const { strength, sourceLayer } = intervention.setup.choice;
  const before = run.setup.choice;
  return (
    staleReads(run.target, run.source.read, prompts, now) ??
    (isSameRead(intervention.source, run.source) ? null : l10n.t("Another source was chosen.")) ??
    (isSameSource(intervention, run) ? null : l10n.t("Other source tokens were chosen.")) ??
    (strength === before.strength && sourceLayer === before.sourceLayer
      ? null
      : l10n.t("Another condition was chosen.")) ??
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

/**
 * Why a run's result is not to be relied on; null while it is.
 *
 * @param stale why it no longer stands
 */
export function doubtOf(run: Pick<SweepRun, "state" | "failure">, stale: string | null): Doubt | null {
  if (run.state === "failed") {
    const isCancelled = run.failure?.code === "cancelled";
    const reason = isCancelled ? l10n.t("The run was cancelled.") : l10n.t("The run was lost.");
    return { kind: "partial", reason };
  }
  return stale === null ? null : { kind: "stale", reason: stale };
}

/** Why a read prompt is not what the model would read now; null while it is. */
export function staleRead(
  read: ReadPrompt,
  side: "source" | "target",
  prompts: PromptLookup,
  now: Reading,
): string | null {
  if (read.promptId !== null) {
    const prompt = prompts(read.promptId);
    const isSource = side === "source";
    if (!prompt?.current) {
      return isSource ? l10n.t("The source prompt was deleted.") : l10n.t("The prompt was deleted.");
    }
    if (prompt.current.text !== read.text) {
      return isSource ? l10n.t("The source prompt was edited.") : l10n.t("The prompt was edited.");
    }
  }
  const { reading } = read;
  if (reading.modelKey !== now.modelKey) return l10n.t("Another model was chosen.");
  if (reading.bos !== now.bos) return l10n.t("The setting for the beginning-of-sequence token was changed.");
  if (reading.useChatTemplate !== now.useChatTemplate)
    return l10n.t("The setting for the chat template was changed.");
  return null;
}

function staleReads(
  target: ReadPrompt,
  source: ReadPrompt | null,
  prompts: PromptLookup,
  now: Reading,
): string | null {
  return staleRead(target, "target", prompts, now) ?? (source && staleRead(source, "source", prompts, now));
}

function staleCondition(intervention: Intervention, { condition, source, setup }: RunInputs): string | null {
  const next = conditionIfAny(intervention);
  if (!next) {
    const isSame = intervention.setup.choice.kind === condition.kind;
    return isSame ? l10n.t("Other tokens were chosen.") : l10n.t("Another condition was chosen.");
  }
  if (!sameKind(next, condition)) return l10n.t("Another condition was chosen.");
  if ("entries" in condition && intervention.setup.vectors !== setup.vectors) {
    return l10n.t("Other vectors were chosen.");
  }
  if (source && !isSameRead(intervention.source, source)) return l10n.t("Another source was chosen.");
  return sameCondition(next, condition) ? null : l10n.t("Other tokens were chosen.");
}

function staleAnswers(now: AnswerChoice, before: AnswerChoice): string | null {
  const isSame =
    now.target === before.target &&
    now.source === before.source &&
    now.scoring === before.scoring &&
    (now.scoring !== "likelihood" || now.tokens === before.tokens);
  return isSame ? null : l10n.t("Other answers were chosen.");
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
