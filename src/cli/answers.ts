/** The answers that a command line names, to the token. */
import { namedAnswers } from "../shared/experiment/answer-choice.ts";
import type { NamedAnswers } from "../shared/experiment/experiment.ts";
import type { ANSWERS } from "./options/answer-options.ts";
import type { Values } from "./options/option.ts";
import type { OpenModel } from "./engine.ts";
import type { ReadyPrompt } from "./prompts.ts";

/**
 * Token ids of the named answers, as continuations of the target prompt; null for those not named.
 *
 * @throws SwapError `usage` for an empty answer, and for two that are the same
 */
export async function answersOf(
  { targetAnswer, sourceAnswer }: Values<typeof ANSWERS.fields>,
  model: OpenModel,
  { tokenization: { text: promptText } }: ReadyPrompt,
): Promise<NamedAnswers> {
  const texts = { target: targetAnswer, source: sourceAnswer };
  return namedAnswers(texts, (text) => model.request("encodeAnswer", { text, promptText }));
}
