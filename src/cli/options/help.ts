/** Help texts, made of the table: what each command does, its options, examples that can be pasted. */
import { CONDITION_KINDS, descriptorOf } from "../../shared/condition/condition.ts";
import { VERSION } from "../../shared/version.ts";
import { COMMANDS, sectionsOf } from "./args.ts";
import type { CommandName } from "./commands.ts";
import { declarationOf } from "./commands.ts";
import { CONDITION } from "./condition-options.ts";
import type { Section, Spelling } from "./option.ts";

const WIDTH = 120;
/** Columns of an option before what it does. */
const LABEL_WIDTH = 24;
const COMMAND_WIDTH = 10;

const EXIT = "Exit codes: 0 done, 1 failed, 2 wrong usage. k is the 0-based layer whose input is replaced.";

/** The help of a command, or of the program for null. */
export function helpText(command: CommandName | null): string {
  return `${(command === null ? programParts() : commandParts(command)).join("\n\n")}\n`;
}

/** How an option is written with its value: `-o, --output F`. */
export function labelOf({ name, short, value }: Spelling): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

/** What an option does, with the conditions that it belongs to, where not all have it. */
export function meaningOf({ help, takenBy }: Spelling): string {
  if (!takenBy) return help;
  const owners = CONDITION_KINDS.filter((kind) => takenBy(descriptorOf(kind).takes));
  const others = CONDITION_KINDS.filter((kind) => !owners.includes(kind));
  return owners.length <= others.length
    ? `${owners.join(", ")}: ${help}`
    : `${help}; not for ${others.join(", ")}`;
}

function programParts(): string[] {
  const commands = COMMANDS.map((name) => `  ${name.padEnd(COMMAND_WIDTH)}${declarationOf(name).gives}`);
  return [
    `state-swap ${VERSION}: put the hidden state of one token over another, and see at which layer the answer flips`,
    "Usage: state-swap COMMAND [options]",
    ["Commands", ...commands].join("\n"),
    "Options of each command: state-swap COMMAND --help. --version prints the version.",
    ["Examples", ...(["demo", "sweep"] as const).map((name) => `  ${declarationOf(name).examples[0]!}`)].join(
      "\n",
    ),
    EXIT,
  ];
}

function commandParts(name: CommandName): string[] {
  const { gives, more, usage, examples } = declarationOf(name);
  const sections = sectionsOf(name);
  // With one condition there is nothing to tell apart.
  const meaning = sections.includes(CONDITION) ? meaningOf : ({ help }: Spelling): string => help;
  return [
    `state-swap ${name}: ${gives}`,
    ...(more === undefined ? [] : [more]),
    `Usage: state-swap ${name} ${usage}`,
    ...sections.map((section) => sectionText(section, meaning)),
    ["Examples", ...examples.map((example) => `  ${example}`)].join("\n"),
    EXIT,
  ];
}

function sectionText({ title, fields, note }: Section, meaning: (spelling: Spelling) => string): string {
  const options = Object.values(fields)
    .flatMap(({ spellings }) => spellings)
    .map((spelling) => optionText(spelling, meaning(spelling)));
  return [title, ...options, ...(note === undefined ? [] : [note])].join("\n");
}

function optionText(spelling: Spelling, meaning: string): string {
  const label = `  ${labelOf(spelling)}  `.padEnd(LABEL_WIDTH);
  const lines = meaning.split("\n").flatMap((line, i) => wrapped(line, i === 0 ? label.length : LABEL_WIDTH));
  return `${label}${lines.join(`\n${" ".repeat(LABEL_WIDTH)}`)}`;
}

/** Lines of a text that begins at a column and goes on at that of all meanings. */
function wrapped(text: string, column: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = WIDTH - (lines.length === 0 ? column : LABEL_WIDTH);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
