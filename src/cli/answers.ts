/** What a command line says of answers: the two sides' texts, and whether they count by first token or whole. */
import type { ConditionKind } from "../shared/condition/condition.ts";
import { descriptorOf } from "../shared/condition/condition.ts";
import { namedAnswers } from "../shared/experiment/answer-choice.ts";
import type { AnswerRequest, NamedAnswers } from "../shared/experiment/experiment.ts";
import { MOST_ANSWER_TOKENS } from "../shared/experiment/limits.ts";
import type { ANSWERS } from "./options/answer-options.ts";
import type { Values } from "./options/option.ts";
import type { Messages } from "./messages.ts";
import type { OpenModel } from "./engine.ts";
import type { ReadyPrompt } from "./prompts.ts";
import { shownText } from "../shared/text/text-width.ts";

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

/**
 * Says on stderr what a user could overlook in the answers.
 *
 * @param kind the condition: not every one has a source answer to find
 */
export async function noteAnswers(
  request: AnswerRequest,
  kind: ConditionKind,
  model: OpenModel,
  messages: Messages,
): Promise<void> {
  const { target, source, scoring } = request;
  if (scoring === "next-token") await noteFirstTokens({ target, source }, model, messages);
  else noteWholeAnswers(request, kind, messages);
}

/** Whole answers lose likelihood with every token: a long one beside a short one is no fair comparison. */
function noteWholeAnswers(
  { target, source, tokens }: AnswerRequest,
  kind: ConditionKind,
  messages: Messages,
): void {
  if (target && source) return;
  const named = target ?? source;
  const findsOther = target === null || descriptorOf(kind).hasAnswer;
  if (!named || !findsOther || named.ids.length === tokens) return;
  const [side, other] = target ? ["target", "source"] : ["source", "target"];
  messages.note(
    `The ${side} answer '${shownText(named.text)}' has ${tokenCount(named.ids.length)}; ` +
      `the ${other} answer is found by running, with ${tokenCount(tokens)}. ` +
      (named.ids.length <= MOST_ANSWER_TOKENS
        ? `--answer-tokens ${named.ids.length} makes them equally long.`
        : "Name both to compare them fairly."),
  );
}

function tokenCount(count: number): string {
  return count === 1 ? "1 token" : `${count} tokens`;
}

/** Says which answers count by their first token, and when that cannot tell the two apart. */
export async function noteFirstTokens(
  { target, source }: NamedAnswers,
  model: OpenModel,
  messages: Messages,
): Promise<void> {
  for (const [side, answer] of [
    ["target", target],
    ["source", source],
  ] as const) {
    if (!answer || answer.ids.length === 1) continue;
    const first = await model.request("tokensOf", { ids: answer.ids.slice(0, 1) });
    messages.note(
      `The ${side} answer '${shownText(answer.text)}' has ${answer.ids.length} tokens; ` +
        `its first, '${shownText(first.tokens[0]!.text)}', decides outcomes.`,
    );
  }
  if (target && target.ids[0] === source?.ids[0]) {
    messages.warn("The two answers begin with the same token: no row can have the outcome source.");
  }
}
