/** What the command line offers against an error whose own hint, made for every face, names no option. */
import type { ErrorCode, ErrorData } from "../shared/errors.ts";
import type { HintCode } from "../shared/hints.ts";
import { MOST_ANSWER_TOKENS } from "../shared/experiment/limits.ts";
import type { Note } from "../shared/experiment/notes.ts";
import type { CommandName } from "./options/commands.ts";

const HINTS: Readonly<Partial<Record<ErrorCode, (command: CommandName | null) => string>>> = {
  "span-lengths-differ": (command) =>
    command === "grid"
      ? "Choose --align last (its last token's state) or --align mean (the mean of its states)."
      : "Choose --align last (the last source token onto the last target token), --align each (token by token, for " +
        "equal lengths) or --align mean (the mean of the source states at every target token).",
};

/** The command line's words for hints that each face words itself. */
export const OPTION_HINTS: Readonly<Record<HintCode, string>> = {
  "choose-file": "Choose one of them with --file.",
  "bos-policy": "Use --bos auto or --bos off.",
  "name-answers":
    "Name two that differ (--target-answer, --source-answer), or leave one to be found by running.",
  "layer-range": "Widen --layers.",
};

/** The error as the command line tells it. */
export function toldHere(
  { code, message, hint, hintCode }: ErrorData,
  command: CommandName | null,
): ErrorData {
  const own = hintCode === undefined ? undefined : OPTION_HINTS[hintCode];
  return { code, message, hint: HINTS[code]?.(command) ?? own ?? hint };
}

/** The option that helps where a note applies; empty where none does. */
export function noteHint(note: Note): string {
  switch (note.code) {
    case "two-bos":
      return "--bos on keeps one in front of every prompt.";
    case "lengths-differ":
      return note.tokens <= MOST_ANSWER_TOKENS
        ? `--answer-tokens ${note.tokens} makes them equally long.`
        : "Name both to compare them fairly.";
    case "ends-in-blank":
    case "first-token-decides":
    case "same-first-token":
    case "target-answer-not-baseline":
      return "";
  }
}
