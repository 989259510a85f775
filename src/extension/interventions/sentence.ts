/** An intervention in words, for the panel and the hover. */
import { conditionSentence } from "../../shared/words/condition.ts";
import { conditionIfAny } from "./condition-now.ts";
import type { Intervention } from "./records.ts";

/** "state of '␣Italy' @2 → '␣France' @21, before block k"; empty while something is still to be chosen. */
export function sentenceOf(intervention: Intervention): string {
  const condition = conditionIfAny(intervention);
  if (!condition) return "";
  const { setup, target, source } = intervention;
  return conditionSentence({
    condition,
    choice: setup.choice,
    target: { tokens: target.tokenization.tokens, startsWithBos: target.startsWithBos },
    source: source?.read.tokenization.tokens ?? null,
  });
}
