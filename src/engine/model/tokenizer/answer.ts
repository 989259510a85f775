/** Turns an answer that a user typed into the token ids with which a model would continue the prompt. */
import { SwapError } from "../../../shared/errors.ts";
import type { Answer } from "../../../shared/experiment/experiment.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/**
 * Ids of an answer as a continuation. People type `Rome` where the model says ` Rome`: after a prompt that does not
 * end in white space, a word gets the blank that separates it, unless that text has no tokens.
 *
 * @param promptText the prompt that is continued; null when only ids are known (treated as not ending in white space)
 * @throws SwapError `usage` when the answer is empty
 */
export function encodeAnswer(
  tokenizer: PromptTokenizer,
  text: string,
  promptText: string | null,
): Required<Answer> {
  if (text === "") throw new SwapError("usage", "An answer is empty.", "Name at least one character.");
  const startsWord = /^[\p{L}\p{N}]/u.test(text);
  const needsBlank = startsWord && !/\s$/u.test(promptText ?? "");
  const spelled = needsBlank ? ` ${text}` : text;
  const ids = tokenizer.encodeContinuation(spelled);
  if (ids.length === 0) throw new SwapError("usage", `The answer ${JSON.stringify(text)} has no tokens.`);
  const texts = ids.map((id) => tokenizer.tokenText(id));
  return { ids, text: texts.join(""), first: texts[0]! };
}
