/** Command lines for tests of options, and the refusals that they meet. */
import type { CommandLine } from "../../src/cli/options/args.ts";
import { parseCommandLine } from "../../src/cli/options/args.ts";
import { SwapError } from "../../src/shared/errors.ts";

/** A command line from its words. */
export function lineOf(...argv: string[]): CommandLine {
  const request = parseCommandLine(argv);
  if (request.kind !== "run") throw new Error(`parsed as ${request.kind}`);
  return request.line;
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
