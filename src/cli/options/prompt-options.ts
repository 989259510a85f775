/** Options that give the prompts: each side's text, file or ids, and whether a BOS token comes first. */
import { SwapError } from "../../shared/errors.ts";
import type { BosPolicy } from "../../shared/prompt/tokens.ts";
import { readBytes } from "../files.ts";
import type { At, Field, Spelling } from "./option.ts";
import { needed, oneOf, option, usageError } from "./option.ts";
import { choice, ids } from "./values.ts";

/** Which prompt of a command. */
export type Side = "target" | "source";

/** A prompt as the user gave it. */
export type PromptInput =
  | { readonly kind: "text"; readonly text: string; readonly file: string | null }
  | { readonly kind: "ids"; readonly ids: readonly number[] };

const BOS_POLICIES: readonly BosPolicy[] = ["auto", "on", "off"];

/** The target prompt: what every command runs that runs a prompt. */
export const TARGET = {
  title: "Prompt",
  fields: {
    target: needed(
      promptField("target", {
        text: "taken literally; a line break is written $'first line\\nsecond line' in bash and zsh",
        file: "a UTF-8 file, taken exactly, a last line break included; - = stdin",
        ids: "token ids, taken as they are",
      }),
      ({ command }) => `${command} needs a prompt: --target TEXT, --target-file F or --target-ids 1,2,3.`,
    ),
    bos: option<BosPolicy>({
      name: "bos",
      value: "auto|on|off",
      help: "beginning-of-sequence token; auto (the default) = as the tokenizer does",
      read: choice(BOS_POLICIES),
      absent: "auto",
    }),
  },
};

/** The prompt that the state comes from; null: the target prompt itself. */
export const SOURCE = {
  title: "Prompt that the state comes from (default: the target prompt)",
  fields: {
    source: promptField("source", {
      text: "as --target",
      file: "as --target-file",
      ids: "as --target-ids",
      takenBy: ({ source }) => source,
    }),
  },
};

/** What the three options of a side say in help, and which conditions have them. */
interface PromptHelp extends Pick<Spelling, "takenBy"> {
  readonly text: string;
  readonly file: string;
  readonly ids: string;
}

/** The one option of three that gives a side's prompt; null when none does. */
function promptField(side: Side, help: PromptHelp): Field<PromptInput | null> {
  const common = help.takenBy ? { takenBy: help.takenBy } : {};
  return oneOf<PromptInput>(`both give the ${side} prompt`, [
    option<PromptInput>({
      ...common,
      name: side,
      value: "TEXT",
      help: help.text,
      read: (text, at) => ({ kind: "text", text: notEmpty(text, side, at), file: null }),
    }),
    option<PromptInput>({
      ...common,
      name: `${side}-file`,
      value: "F",
      help: help.file,
      read: (file, at) => ({ kind: "text", text: notEmpty(fileText(file, at), side, at), file }),
    }),
    option<PromptInput>({
      ...common,
      name: `${side}-ids`,
      value: "1,2,3",
      help: help.ids,
      read: (text, at) => ({ kind: "ids", ids: notEmpty(ids(text, at), side, at) }),
    }),
  ]);
}

function notEmpty<T extends { readonly length: number }>(given: T, side: Side, { option: name }: At): T {
  if (given.length > 0) return given;
  throw new SwapError(
    "empty-prompt",
    `The ${side} prompt is empty (--${name}).`,
    "Give it at least one token.",
  );
}

/** The file's text as it is, line breaks included; only a byte order mark, which no editor shows, is dropped. */
function fileText(file: string, { command }: At): string {
  const bytes = readBytes(file, "prompt");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${file} is not a text in UTF-8.`, command, "Save it as UTF-8.");
  }
}
