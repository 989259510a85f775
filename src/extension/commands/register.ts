/** Registers every command of the manifest; an error in one is shown and logged. */
import type { ViewerHost } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { Disposable } from "../signal.ts";

/** What a command does; `argument` is what a link or menu passed, `selected` all that is selected in a list. */
export type Handler = (argument?: unknown, selected?: unknown) => void | Promise<void>;

/** A command by what it does. */
export type CommandName = keyof typeof COMMAND_IDS;

/** Registers all commands. */
export function registerCommands(
  { vs, notices }: Pick<ViewerHost, "vs" | "notices">,
  handlerOf: (name: CommandName) => Handler,
): Disposable {
  const subscriptions = (Object.keys(COMMAND_IDS) as CommandName[]).map((name) => {
    const handler = handlerOf(name);
    return vs.commands.registerCommand(COMMAND_IDS[name], async (argument?: unknown, selected?: unknown) => {
      try {
        await handler(argument, selected);
      } catch (error) {
        notices.error(error);
      }
    });
  });
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
