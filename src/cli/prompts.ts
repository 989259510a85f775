/** The prompts of a command: tokenised by the model, spans looked up in them. */
import { SwapError } from "../shared/errors.ts";
import type { Prompt } from "../shared/experiment/experiment.ts";
import { promptOf } from "../shared/experiment/experiment.ts";
import type { SpanSpec } from "../shared/prompt/span-syntax.ts";
import { formatSpan } from "../shared/prompt/span-syntax.ts";
import type { Span } from "../shared/prompt/spans.ts";
import { resolveSpan } from "../shared/prompt/spans.ts";
import type { BosPolicy, Tokenization } from "../shared/prompt/tokens.ts";
import type { Messages } from "./messages.ts";
import type { OpenModel } from "./engine.ts";
import type { PromptInput, Side } from "./options/prompt-options.ts";
import { shownText } from "../shared/text/text-width.ts";

/** A prompt ready to run. */
export interface ReadyPrompt {
  readonly prompt: Prompt;
  readonly tokenization: Tokenization;
}

/** Tokenises a prompt, and says on stderr where options or the shell did not do what they seem to. */
export async function readyPrompt(
  model: OpenModel,
  input: PromptInput,
  side: Side,
  bos: BosPolicy,
  messages: Messages,
): Promise<ReadyPrompt> {
  if (input.kind === "ids") {
    const tokenization = await model.request("tokensOf", { ids: input.ids });
    if (bos === "on") messages.note(`--bos on does not apply to --${side}-ids: ids are taken as they are.`);
    return { prompt: { ...promptOf(tokenization), text: null }, tokenization };
  }
  const tokenization = await model.request("tokenize", { text: input.text, bos });
  if (input.file === null && input.text.includes("\\n") && !input.text.includes("\n")) {
    messages.note(
      `The ${side} prompt holds a backslash and an n, taken literally. For a line break write $'…\\n…'.`,
    );
  }
  return { prompt: promptOf(tokenization), tokenization };
}

/**
 * Looks a span up, and says on stderr when more than the selected text was taken.
 *
 * @param option the option that gave the span, for messages
 * @throws SwapError as `resolveSpan`
 */
export function spanIn(
  ready: ReadyPrompt,
  spec: SpanSpec,
  side: Side,
  option: string,
  messages: Messages,
): Span {
  const span = (() => {
    try {
      return resolveSpan(ready.tokenization, spec);
    } catch (error) {
      if (!(error instanceof SwapError)) throw error;
      throw error.retold(`--${option}, in the ${side} prompt: ${error.message}`);
    }
  })();
  if (span.widened) messages.note(`--${option}: ${span.widened.sentence}`);
  if (ready.tokenization.approximate && spec.kind === "text") {
    const place = span.from === span.to ? `@${span.from}` : `@${span.from}..${span.to}`;
    messages.note(
      `--${option}: the tokenizer rewrites the text, so ${formatSpan(spec)} was found by the best match: ` +
        `${place} '${shownText(span.text)}'. Token indices are exact.`,
    );
  }
  return span;
}

/** Whether position 0 of a prompt is a beginning-of-sequence token, whoever put it there. */
export function startsWithBos({ ids }: Pick<Prompt, "ids">, bosId: number | null): boolean {
  return bosId !== null && ids[0] === bosId;
}
