/** An intervention in words, for the panel and the hover. */
import type { Part } from "../../shared/words/parts.ts";
import { conditionSentence, namedPrompt } from "../../shared/words/condition.ts";
import { runWord } from "../../shared/words/run-word.ts";
import { conditionIfAny } from "./condition-now.ts";
import type { Intervention } from "./records.ts";

/**
 * `state of '␣Italy' @2 → '␣France' @21, before layer k`; empty while something is still to be chosen.
 *
 * @param blocks of the model; 0 while unknown
 * @param isLabelled whether it says which prompt the source is
 */
export function sentenceOf(intervention: Intervention, blocks: number, isLabelled = false): Part[] {
  const condition = conditionIfAny(intervention);
  if (!condition) return [];
  const { target, source } = intervention;
  const named = source && namedPrompt(source.read);
  return conditionSentence({
    condition,
    target: namedPrompt(target),
    source: named && isLabelled ? { ...named, label: source.read.label } : named,
    blocks,
  });
}

/** What a button that runs an intervention is called. */
export function runWordOf({ sweep, setup }: Intervention): string {
  return runWord(sweep?.inputs.condition.kind ?? null, setup.choice.kind);
}
