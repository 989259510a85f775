/** The prompts of a command: read from options, tokenised by the model, spans looked up in them. */
import { SwapError } from "../shared/errors.ts";
import type { Prompt } from "../shared/experiment/experiment.ts";
import { promptOf } from "../shared/experiment/experiment.ts";
import type { PromptResult } from "../shared/experiment/result.ts";
import type { SpanSpec } from "../shared/prompt/span-syntax.ts";
import { formatSpan } from "../shared/prompt/span-syntax.ts";
import type { Span } from "../shared/prompt/spans.ts";
import { resolveSpan } from "../shared/prompt/spans.ts";
import type { BosPolicy, Tokenization } from "../shared/prompt/tokens.ts";
import type { CommandLine, TextOption } from "./options/args.ts";
import { textOf, usageError } from "./options/args.ts";
import type { Messages } from "./messages.ts";
import type { OpenModel } from "./engine.ts";
import { choiceOption, idsOption } from "./options/option-values.ts";
import { shownText } from "../shared/text/text-width.ts";
import { readBytes } from "./files.ts";

/** Which prompt of a command. */
export type Side = "target" | "source";

/** A prompt as the user gave it. */
export type PromptInput =
  | { readonly kind: "text"; readonly text: string; readonly file: string | null }
  | { readonly kind: "ids"; readonly ids: readonly number[] };

/** A prompt ready to run. */
export interface ReadyPrompt {
  readonly prompt: Prompt;
  readonly tokenization: Tokenization;
}

/** Reads `--bos`. */
export function bosOption(line: CommandLine): BosPolicy {
  return choiceOption(line, "bos", ["auto", "on", "off"] as const) ?? "auto";
}

/**
 * The prompt of one side, from the one option of three that gives it; null when none does.
 *
 * @throws SwapError `usage`, `file-not-found`, `empty-prompt`
 */
export function promptInput(line: CommandLine, side: Side): PromptInput | null {
  const options = [side, `${side}-file`, `${side}-ids`] as const;
  const given = options.filter((option) => textOf(line, option) !== null);
  if (given.length > 1) {
    throw usageError(
      `--${given[0]!} and --${given[1]!} exclude each other: both give the ${side} prompt.`,
      line.command,
    );
  }
  const [option] = given;
  if (option === undefined) return null;
  const ids = idsOption(line, `${side}-ids`);
  if (ids !== null) {
    if (ids.length === 0) throw emptyPrompt(side, option);
    return { kind: "ids", ids };
  }
  const file = textOf(line, `${side}-file`);
  const text = file === null ? textOf(line, side)! : readPromptFile(file, line);
  if (text === "") throw emptyPrompt(side, option);
  return { kind: "text", text, file };
}

/**
 * The target prompt, which every command but `inspect` and `demo` needs.
 *
 * @throws SwapError as `promptInput`, and `usage` when there is none
 */
export function targetInput(line: CommandLine): PromptInput {
  const input = promptInput(line, "target");
  if (input) return input;
  throw usageError(
    `${line.command} needs a prompt: --target TEXT, --target-file F or --target-ids 1,2,3.`,
    line.command,
  );
}

function emptyPrompt(side: Side, option: TextOption): SwapError {
  return new SwapError(
    "empty-prompt",
    `The ${side} prompt is empty (--${option}).`,
    "Give it at least one token.",
  );
}

/** The file's text as it is, line breaks included; only a byte order mark, which no editor shows, is dropped. */
function readPromptFile(file: string, line: CommandLine): string {
  const bytes = readBytes(file, "prompt");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${file} is not a text in UTF-8.`, line.command, "Save it as UTF-8.");
  }
}

/** Tokenises a prompt, and says on stderr what a user could overlook in it. */
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
  if (input.file !== null && /[\r\n]$/.test(input.text)) {
    const last = shownText(tokenization.tokens.at(-1)?.text ?? "");
    messages.note(
      `${input.file} ends with a line break, which is part of the ${side} prompt (last token '${last}'). ` +
        "Remove it from the file if the prompt should end before it.",
    );
  }
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
  option: TextOption,
  messages: Messages,
): Span {
  const span = (() => {
    try {
      return resolveSpan(ready.tokenization, spec);
    } catch (error) {
      if (!(error instanceof SwapError)) throw error;
      throw new SwapError(error.code, `--${option}, in the ${side} prompt: ${error.message}`, error.hint);
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

/** A prompt as results store it. */
export function promptResult(prompt: Prompt, positions: readonly number[]): PromptResult {
  const { text, ids, tokens, bos } = prompt;
  return { text, ids, tokens, bos, positions };
}
