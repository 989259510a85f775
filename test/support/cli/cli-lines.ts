/** Command lines for tests of options, and the refusals that they meet. */
import type { CommandLine } from "../../../src/cli/options/args.ts";
import { parseCommandLine, readOptions } from "../../../src/cli/options/args.ts";
import type { CommandName, OptionsOf } from "../../../src/cli/options/commands.ts";
import { SwapError } from "../../../src/shared/errors.ts";

/** A command line from its words. */
export function lineOf(...argv: string[]): CommandLine {
  const request = parseCommandLine(argv);
  if (request.kind !== "run") throw new Error(`parsed as ${request.kind}`);
  return request;
}

/** What a command is told by its words. */
export function optionsOf<C extends CommandName>(command: C, ...words: string[]): OptionsOf<C> {
  return readOptions(command, lineOf(command, ...words).given);
}

/** What a sweep is told about a prompt that does not matter. */
export function sweepOf(...words: string[]): OptionsOf<"sweep"> {
  return optionsOf("sweep", "--target", "x", ...words);
}

/** What a sweep that needs no further option is told. */
export function identityOf(...words: string[]): OptionsOf<"sweep"> {
  return sweepOf("--condition", "identity", ...words);
}

/** Sentence and hint with which something is refused as wrong usage. */
export function usageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof SwapError && error.code === "usage") return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error("nothing was refused");
}
