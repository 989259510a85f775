/** Registers every command of the manifest. */
import { COMMAND_IDS } from "../ids.ts";
import type { Notices } from "../notices.ts";
import type { Disposable } from "../signal.ts";
import type { VsCode } from "../vs.ts";

/** What a command does; `argument` is what a link or menu passed, `selected` all that is selected in a list. */
export type Handler = (argument?: unknown, selected?: unknown) => void | Promise<void>;

/** A command by what it does. */
export type CommandName = keyof typeof COMMAND_IDS;

/** What each command does. */
export type CommandHandlers = Readonly<Record<CommandName, Handler>>;

/** Does a command. */
export type CommandRunner = (name: CommandName, argument?: unknown, selected?: unknown) => Promise<void>;

/** Registers all commands. */
export function registerCommands({ commands }: Pick<VsCode, "commands">, run: CommandRunner): Disposable {
  const subscriptions = (Object.keys(COMMAND_IDS) as CommandName[]).map((name) =>
    commands.registerCommand(COMMAND_IDS[name], (argument?: unknown, selected?: unknown) =>
      run(name, argument, selected),
    ),
  );
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Does commands by their handlers; an error in one is shown and logged. */
export function commandRunner(
  notices: Pick<Notices, "error">,
  handlerOf: (name: CommandName) => Handler | Promise<Handler>,
): CommandRunner {
  return async (name, argument, selected) => {
    try {
      const handler = await handlerOf(name);
      await handler(argument, selected);
    } catch (error) {
      notices.error(error);
    }
  };
}
