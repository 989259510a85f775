/** The command line `state-swap`: reads arguments, runs one command, turns errors into messages and exit codes. */
import { SwapError, toErrorData } from "../shared/errors.ts";
import { VERSION } from "../shared/version.ts";
import { parseCommandLine, readOptions } from "./options/args.ts";
import type { CommandName, OptionsOf } from "./options/commands.ts";
import { toldHere } from "./hints.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { gridCommand } from "./commands/grid.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { statesCommand } from "./commands/states.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { tokensCommand } from "./commands/tokens.ts";
import { Messages } from "./messages.ts";
import { Interrupted } from "./engine.ts";
import { helpText } from "./options/help.ts";
import { stdoutError, writeText } from "./output.ts";
import { jsonText } from "../shared/text/json-text.ts";

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const RUN: { readonly [C in CommandName]: (options: OptionsOf<C>, messages: Messages) => Promise<void> } = {
  sweep: sweepCommand,
  grid: gridCommand,
  tokens: tokensCommand,
  states: statesCommand,
  inspect: inspectCommand,
  demo: demoCommand,
  doctor: doctorCommand,
};

async function run<C extends CommandName>(
  command: C,
  options: OptionsOf<C>,
  messages: Messages,
): Promise<void> {
  await RUN[command](options, messages);
}

async function main(argv: readonly string[]): Promise<number> {
  const verbose = argv.includes("--verbose") || process.env.STATE_SWAP_LOG === "1";
  const messages = new Messages(process.stderr, verbose);
  try {
    const request = parseCommandLine(argv);
    switch (request.kind) {
      case "nothing":
        writeText(helpText(null), null);
        return EXIT_USAGE;
      case "help":
        writeText(helpText(request.command), null);
        return EXIT_DONE;
      case "version":
        writeText(`${VERSION}\n`, null);
        return EXIT_DONE;
      case "run":
        await run(request.command, readOptions(request.command, request.given), messages);
        return EXIT_DONE;
    }
  } catch (error) {
    messages.endProgress();
    if (error instanceof Interrupted) return error.exitCode;
    const data = toldHere(toErrorData(error));
    messages.error(data);
    if (data.code === "internal" && error instanceof Error) messages.log(error.stack ?? error.message);
    // Also for arguments that could not be read: whoever asked for JSON parses stdout.
    if (argv.includes("--json")) tryStdout(jsonText({ error: data }));
    return data.code === "usage" ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** What stdout does not take is on stderr already. */
function tryStdout(text: string): void {
  try {
    writeText(text, null);
  } catch (error) {
    if (!(error instanceof SwapError)) throw error;
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has gone (`| head`): nobody is left to tell. The engine ends with its parent.
  if (error.code === "EPIPE") process.exit(EXIT_DONE);
  new Messages(process.stderr, false).error(stdoutError(error));
  process.exit(EXIT_FAILED);
});
// Messages that nobody reads are no reason to lose the result.
process.stderr.on("error", () => undefined);

process.exitCode = await main(process.argv.slice(2));
