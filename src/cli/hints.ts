/** What the command line offers against an error whose own hint, made for every face, names no option. */
import type { ErrorCode, ErrorData } from "../shared/errors.ts";
import type { CommandName } from "./options/commands.ts";

const HINTS: Readonly<Partial<Record<ErrorCode, (command: CommandName | null) => string>>> = {
  "span-lengths-differ": (command) =>
    command === "grid"
      ? "Choose --align last (its last token's state) or --align mean (the mean of its states)."
      : "Choose --align last (the last source token onto the last target token), --align each (token by token, for " +
        "equal lengths) or --align mean (the mean of the source states at every target token).",
};

/** The error as the command line tells it. */
export function toldHere(error: ErrorData, command: CommandName | null): ErrorData {
  const hint = HINTS[error.code]?.(command) ?? error.hint;
  return { ...error, hint };
}
