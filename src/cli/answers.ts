/** The answers that a user names with `--target-answer` and `--source-answer`. */
import type { Answer, Experiment } from "../shared/experiment.ts";
import type { CommandLine } from "./args.ts";
import { textOf } from "./args.ts";
import type { Messages } from "./messages.ts";
import type { Session } from "./engine.ts";
import type { ReadyPrompt, Side } from "./prompts.ts";
import { shownText } from "./text-width.ts";

/**
 * Token ids of the named answers, as continuations of the target prompt; null for those not named.
 *
 * @throws SwapError `usage` for an empty answer
 */
export async function namedAnswers(
  line: CommandLine,
  session: Session,
  target: ReadyPrompt,
  messages: Messages,
): Promise<Experiment["answers"]> {
  const named = async (side: Side): Promise<Answer | null> => {
    const text = textOf(line, `${side}-answer`);
    if (text === null) return null;
    const promptText = target.tokenization.text;
    const answer = await session.request("encodeAnswer", { text, promptText });
    if (answer.ids.length > 1) await noteFirstToken(answer, side, session, messages);
    return answer;
  };
  const answers = { target: await named("target"), source: await named("source") };
  if (answers.target && answers.target.ids[0] === answers.source?.ids[0]) {
    messages.warn("The two answers begin with the same token: no row can have the outcome source.");
  }
  return answers;
}

async function noteFirstToken(
  answer: Answer,
  side: Side,
  session: Session,
  messages: Messages,
): Promise<void> {
  const first = await session.request("tokensOf", { ids: answer.ids.slice(0, 1) });
  messages.note(
    `The ${side} answer '${shownText(answer.text)}' has ${answer.ids.length} tokens; ` +
      `its first, '${shownText(first.tokens[0]!.text)}', decides outcomes in this version.`,
  );
}
