/** Reads the command line into a command and its options, as strings; refuses whatever does not belong to the command. */
import { parseArgs } from "node:util";
import { SwapError } from "../../shared/errors.ts";

const FLAGS = [
  ...(["json", "csv", "verbose", "help", "version"] as const),
  ...(["exclude-bos", "lens", "attention", "controls", "explain"] as const),
] as const;

const TEXTS = [
  ...(["model", "file", "threads", "output"] as const),
  ...(["target", "target-file", "target-ids", "source", "source-file", "source-ids", "bos"] as const),
  ...(["swap", "with", "align", "layers", "condition", "positions", "seed", "seeds", "vectors"] as const),
  ...([
    "strength",
    "source-layer",
    "target-answer",
    "source-answer",
    "answer",
    "answer-tokens",
    "top",
  ] as const),
  ...(["continue", "unrelated"] as const),
] as const;

/** An option without a value. */
export type Flag = (typeof FLAGS)[number];
/** An option with a value. */
export type TextOption = (typeof TEXTS)[number];
type Option = Flag | TextOption;

const COMMON = ["model", "file", "threads", "output", "json", "verbose", "help"] as const;
const TARGET = ["target", "target-file", "target-ids", "bos"] as const;
const SOURCE = ["source", "source-file", "source-ids"] as const;
const SWAP = [
  ...(["swap", "with", "align", "layers", "condition", "strength", "source-layer"] as const),
  ...(["target-answer", "source-answer"] as const),
] as const;
const CONDITION = ["positions", "exclude-bos", "seed", "seeds", "vectors"] as const;
const BESIDE = [
  "answer",
  "answer-tokens",
  "top",
  "lens",
  "attention",
  "continue",
  "controls",
  "unrelated",
] as const;

/** The options of each command. */
const COMMAND_OPTIONS = {
  sweep: [...COMMON, ...TARGET, ...SOURCE, ...SWAP, ...CONDITION, ...BESIDE, "csv", "explain"],
  grid: [...COMMON, ...TARGET, ...SOURCE, ...SWAP, "csv", "explain"],
  tokens: [...COMMON, ...TARGET, "csv"],
  states: [...COMMON, ...TARGET],
  inspect: COMMON,
  demo: [...COMMON, "csv"],
} as const satisfies Record<string, readonly Option[]>;

export type CommandName = keyof typeof COMMAND_OPTIONS;

export const COMMANDS = Object.keys(COMMAND_OPTIONS) as readonly CommandName[];

/** The options that a command takes, in the order of its help. */
export function optionsOf(command: CommandName): readonly string[] {
  return COMMAND_OPTIONS[command];
}

/** Commands of the contract that a later version brings. */
const LATER_COMMANDS = ["run", "merge"];

/** Options that may be given several times. */
const REPEATABLE: readonly Option[] = ["swap", "positions"];

const SHORT: Readonly<Partial<Record<Option, string>>> = { output: "o", help: "h" };

/** A command with its options as the user wrote them. */
export interface CommandLine {
  readonly command: CommandName;
  readonly flags: ReadonlySet<Flag>;
  /** Values in their order; one for all options but `swap` and `positions`. */
  readonly texts: ReadonlyMap<TextOption, readonly string[]>;
}

/** What the user asked for. */
export type Request =
  | { readonly kind: "run"; readonly line: CommandLine }
  /** `command` null: help on the program. */
  | { readonly kind: "help"; readonly command: CommandName | null }
  | { readonly kind: "version" }
  | { readonly kind: "nothing" };

/** The value of an option, or null. */
export function textOf(line: CommandLine, option: TextOption): string | null {
  return line.texts.get(option)?.[0] ?? null;
}

/** A wrong use of the command line: exit code 2, and where to read on. */
export function usageError(message: string, command: CommandName | null, hint = ""): SwapError {
  const help = `See state-swap ${command === null ? "" : `${command} `}--help.`;
  return new SwapError("usage", message, hint === "" ? help : `${hint} ${help}`);
}

/**
 * Reads the arguments after the program's name.
 *
 * @throws SwapError `usage`
 */
export function parseCommandLine(argv: readonly string[]): Request {
  const [first, ...rest] = argv;
  if (first === undefined) return { kind: "nothing" };
  if (first === "--help" || first === "-h") return { kind: "help", command: null };
  if (first === "--version") return { kind: "version" };
  if (first === "help") return { kind: "help", command: rest[0] === undefined ? null : commandOf(rest[0]) };
  const command = commandOf(first);
  const { tokens } = parseArgs({ args: rest, options: parserOptions(), strict: false, tokens: true });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
    return { kind: "help", command };
  }
  const flags = new Set<Flag>();
  const texts = new Map<TextOption, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") throw strayText(token.value, command);
    if (token.kind === "option-terminator") continue;
    const name = optionOf(token.name, token.rawName, command);
    const shown = `--${name}`;
    if (isFlag(name)) {
      if (token.value !== undefined) throw usageError(`${shown} takes no value.`, command);
      flags.add(name);
      continue;
    }
    const { value } = token;
    if (value === undefined) throw usageError(`${shown} needs a value.`, command);
    if (!token.inlineValue && value.startsWith("-") && value.length > 1) {
      throw usageError(
        `${shown} needs a value, and ${value} looks like an option.`,
        command,
        `For a value that begins with a dash write ${shown}=${value}.`,
      );
    }
    const values = texts.get(name) ?? [];
    if (values.length > 0 && !REPEATABLE.includes(name)) {
      throw usageError(`${shown} is given twice.`, command);
    }
    texts.set(name, [...values, value]);
  }
  return { kind: "run", line: { command, flags, texts } };
}

function parserOptions(): Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> {
  const options: Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> = {};
  for (const name of [...FLAGS, ...TEXTS]) {
    const short = SHORT[name];
    const type = isFlag(name) ? "boolean" : "string";
    options[name] = { type, multiple: true, ...(short === undefined ? {} : { short }) };
  }
  return options;
}

function isFlag(name: Option): name is Flag {
  return (FLAGS as readonly string[]).includes(name);
}

function commandOf(name: string): CommandName {
  const found = COMMANDS.find((command) => command === name);
  if (found) return found;
  if (LATER_COMMANDS.includes(name)) {
    throw usageError(`The command ${name} is not in this version yet.`, null);
  }
  if (name.startsWith("-")) {
    throw usageError(`The first argument must be a command, not ${name}.`, null, commandList());
  }
  throw usageError(`There is no command ${name}.`, null, commandList());
}

function commandList(): string {
  return `The commands are ${COMMANDS.join(", ")}.`;
}

function optionOf(name: string, rawName: string, command: CommandName): Option {
  const known = [...FLAGS, ...TEXTS].find((option) => option === name);
  if (known === undefined) throw usageError(`There is no option ${rawName}.`, command);
  if (!(COMMAND_OPTIONS[command] as readonly Option[]).includes(known)) {
    throw usageError(`The option --${known} does not belong to ${command}.`, command);
  }
  return known;
}

function strayText(text: string, command: CommandName): SwapError {
  const hint =
    command === "inspect" || command === "demo"
      ? "A model is given with --model."
      : "A prompt is given with --target, a model with --model; a text with blanks needs quotes.";
  return usageError(`${JSON.stringify(text)} belongs to no option.`, command, hint);
}
