/** Reads the words of a command line by the table of options, and refuses what does not belong to the command. */
import { parseArgs } from "node:util";
import { CONDITION_KINDS, descriptorOf } from "../../shared/condition/condition.ts";
import type { SwapError } from "../../shared/errors.ts";
import type { CommandName, OptionsOf } from "./commands.ts";
import { COMMAND_TABLE, declarationOf } from "./commands.ts";
import { conditionOf } from "./condition-options.ts";
import { nearest } from "./nearest.ts";
import type { Given, Place, Section, Spelling } from "./option.ts";
import { usageError } from "./option.ts";

export const COMMANDS = Object.keys(COMMAND_TABLE) as readonly CommandName[];

/** Commands of the contract that a later version brings. */
const LATER_COMMANDS = ["run", "merge"];

/** A command with its options as the user wrote them. */
export interface CommandLine {
  readonly command: CommandName;
  readonly given: Given;
}

/** What the user asked for. */
export type Request =
  | ({ readonly kind: "run" } & CommandLine)
  /** `command` null: help on the program. */
  | { readonly kind: "help"; readonly command: CommandName | null }
  | { readonly kind: "version" }
  | { readonly kind: "nothing" };

/** The options that a command takes, in the order of its help. */
export function spellingsOf(command: CommandName): readonly Spelling[] {
  return sectionsOf(command).flatMap(({ fields }) =>
    Object.values(fields).flatMap(({ spellings }) => spellings),
  );
}

/** The parts of a command's help. */
export function sectionsOf(command: CommandName): readonly Section[] {
  return declarationOf(command).sections;
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
  const given = new Map<string, readonly string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") throw strayText(token.value, command);
    if (token.kind === "option-terminator") continue;
    const spelling = spellingOf(token.name, token.rawName, command);
    const value = valueOf(token, spelling, command);
    const values = given.get(spelling.name) ?? [];
    if (values.length > 0 && spelling.isRepeatable !== true) {
      throw usageError(`--${spelling.name} is given twice.`, command);
    }
    given.set(spelling.name, value === null ? [] : [...values, value]);
  }
  return { kind: "run", command, given };
}

/**
 * What the options of a command say, read in the order of its help.
 *
 * @throws SwapError `usage`, and what reading a value throws
 */
export function readOptions<C extends CommandName>(command: C, given: Given): OptionsOf<C> {
  const place: Place = { command, condition: conditionOf(given, command) };
  for (const spelling of spellingsOf(command)) refuseForeign(spelling, given, place);
  const fields = sectionsOf(command).flatMap((section) => Object.entries(section.fields));
  const values = Object.fromEntries(
    fields.map(([name, field]) => [name, field.read(given, place)]),
  ) as OptionsOf<C>;
  declarationOf(command).check?.(values, command);
  return values;
}

/** Refuses an option of other conditions, and one that means nothing without another. */
function refuseForeign(
  { name, takenBy, needs }: Spelling,
  given: Given,
  { command, condition }: Place,
): void {
  if (!given.has(name)) return;
  if (takenBy && !takenBy(descriptorOf(condition).takes)) {
    const owners = CONDITION_KINDS.filter((kind) => takenBy(descriptorOf(kind).takes));
    const whose = owners.length === 1 ? `the condition ${owners[0]!}` : `the conditions ${owners.join(", ")}`;
    throw usageError(`--${name} belongs to ${whose}, not to ${condition}.`, command);
  }
  if (needs !== undefined && !given.has(needs)) throw usageError(`--${name} belongs to --${needs}.`, command);
}

/** The value of a word; null for an option without one. */
function valueOf(
  token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
  { name, value: placeholder }: Spelling,
  command: CommandName,
): string | null {
  const { value } = token;
  if (placeholder === undefined) {
    if (value !== undefined) throw usageError(`--${name} takes no value.`, command);
    return null;
  }
  if (value === undefined) throw usageError(`--${name} needs a value.`, command);
  if (token.inlineValue !== true && value.startsWith("-") && value.length > 1) {
    throw usageError(
      `--${name} needs a value, and ${value} looks like an option.`,
      command,
      `For a value that begins with a dash write --${name}=${value}.`,
    );
  }
  return value;
}

function parserOptions(): Record<string, { type: "string" | "boolean"; short?: string; multiple: true }> {
  return Object.fromEntries(
    COMMANDS.flatMap(spellingsOf).map(({ name, value, short }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: true as const,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
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

function spellingOf(name: string, rawName: string, command: CommandName): Spelling {
  const spellings = spellingsOf(command);
  const known = spellings.find((spelling) => spelling.name === name);
  if (known) return known;
  const takers = COMMANDS.filter((other) => spellingsOf(other).some((spelling) => spelling.name === name));
  if (takers.length > 0) {
    const hint = `It belongs to ${takers.join(", ")}.`;
    throw usageError(`The option --${name} does not belong to ${command}.`, command, hint);
  }
  const meant = nearest(
    name,
    spellings.map((spelling) => spelling.name),
  );
  const hint = meant === null ? "" : `Did you mean --${meant}?`;
  throw usageError(`There is no option ${rawName}.`, command, hint);
}

function strayText(text: string, command: CommandName): SwapError {
  const hint = spellingsOf(command).some(({ name }) => name === "target")
    ? "A prompt is given with --target, a model with --model; a text with blanks needs quotes."
    : "A model is given with --model.";
  return usageError(`${JSON.stringify(text)} belongs to no option.`, command, hint);
}
