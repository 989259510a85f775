/** Options that say in which form results come, and where to; and those for reading on. */
import type { Output } from "../output.ts";
import { checkWritable } from "../output.ts";
import type { Field, Section, Spelling } from "./option.ts";
import { flag, needed, option, textOf, usageError } from "./option.ts";

const JSON_FORM: Spelling = { name: "json", help: "JSON, for programs; default: a table for people" };
const CSV_FORM: Spelling = { name: "csv", help: "CSV, for programs" };

const OUTPUT_FILE: Spelling = {
  name: "output",
  short: "o",
  value: "F",
  help: "write to a file, whole or not at all: CSV if F ends in .csv or with --csv, else JSON",
};

const READING_ON = {
  verbose: flag({ name: "verbose", help: "the engine's log on stderr (also: STATE_SWAP_LOG=1)" }),
  help: flag({ name: "help", short: "h", help: "what the command does, its options, examples" }),
};

/** Text for people alone. */
export const READING = { title: "Output", fields: READING_ON } satisfies Section;

/** A table for people, JSON or CSV. */
export const OUTPUT = {
  title: "Output",
  fields: { output: outputField([JSON_FORM, CSV_FORM, OUTPUT_FILE]), ...READING_ON },
} satisfies Section;

/** The same, or the plan instead. */
export const OUTPUT_OR_PLAN = {
  title: OUTPUT.title,
  fields: {
    explain: flag({
      name: "explain",
      help: "prints the plan instead of running it: passes, rows, block-tokens, bytes",
    }),
    ...OUTPUT.fields,
  },
} satisfies Section;

/** A list for people, or JSON. */
export const FACTS_OUTPUT = {
  title: OUTPUT.title,
  fields: {
    output: outputField([
      { ...JSON_FORM, help: "JSON, for programs; default: a list for people" },
      { ...OUTPUT_FILE, help: "write JSON to a file, whole or not at all" },
    ]),
    ...READING_ON,
  },
} satisfies Section;

/** A file of numbers. */
export const NPY_OUTPUT = {
  title: OUTPUT.title,
  fields: {
    file: needed(
      option({
        ...OUTPUT_FILE,
        value: "F",
        help: "the .npy file; needed",
        read: (file, { command }) => {
          refuseEmpty(file, command);
          checkWritable(file);
          return file;
        },
      }),
      ({ command }) => `${command} needs -o F: the .npy file to write.`,
    ),
    json: flag({ ...JSON_FORM, help: "says on stdout, as JSON, what was written" }),
    ...READING_ON,
  },
} satisfies Section;

/** Form and place. A file without a form gets CSV where that is offered and its name ends so, else JSON. */
function outputField(spellings: readonly Spelling[]): Field<Output> {
  return {
    spellings,
    read: (given, { command }) => {
      const file = textOf(given, OUTPUT_FILE.name);
      if (given.has(JSON_FORM.name) && given.has(CSV_FORM.name)) {
        throw usageError("--json and --csv exclude each other.", command);
      }
      if (file !== null) {
        refuseEmpty(file, command);
        checkWritable(file);
      }
      if (given.has(JSON_FORM.name)) return { format: "json", file };
      if (given.has(CSV_FORM.name)) return { format: "csv", file };
      if (file === null) return { format: "table", file };
      const isCsv = spellings.includes(CSV_FORM) && file.toLowerCase().endsWith(".csv");
      return { format: isCsv ? "csv" : "json", file };
    },
  };
}

/** A variable of a script that is not set must not decide where a result goes. */
function refuseEmpty(file: string, command: string): void {
  if (file === "") throw usageError("-o is empty: it takes the file to write.", command);
}
